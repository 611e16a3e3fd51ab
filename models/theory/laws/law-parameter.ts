/** How a law is read: its type by name, then the fields of that type, each with its own quantity; problems are named as in `service.mean`. */
import { shown } from '../checks.ts';
import { list, type Parameter, type Parameters, positive, probability, rate, readParts, record, type Reading, time, timeOrZero, whole } from '../parameters.ts';
import type { LawSpec } from './law-spec.ts';

type LawType = LawSpec['type'];

interface Shape {
  readonly parts: Parameters;
  /** What is impossible together: the field, and what is wanted there. */
  readonly refuses?: (values: Readonly<Record<string, never>>) => readonly [field: string, wanted: string] | undefined;
}

const lawTypes: readonly LawType[] = [
  'deterministic', 'exponential', 'erlang', 'gamma', 'hyperexp2', 'hyperexp2_balanced', 'lognormal', 'weibull', 'pareto', 'bounded_pareto', 'uniform', 'triangular',
  'truncated_normal', 'empirical', 'mixture', 'shifted',
];

/** A mean may be infinite: what cannot live with that says so itself. */
export function lawParameter(about: string, example = '{type: lognormal, mean: 10ms, scv: 4}'): Parameter<LawSpec> {
  const wanted = `a law: an object with type (${lawTypes.join(', ')}) and its parameters`;
  return { about, wanted, isOptional: false, example, read: (written, at, reading) => readLaw(written, at, reading, wanted) };
}

function readLaw(written: unknown, at: string, reading: Reading, wanted: string): LawSpec {
  const refuse = (parameter: string, found: unknown, instead: string): LawSpec => {
    reading.problems.push({ parameter, found: shown(found), wanted: instead });
    return { type: 'deterministic', value: NaN };
  };
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return refuse(at, written, wanted);
  const { type, ...fields } = written as Readonly<Record<string, unknown>>;
  const known = lawTypes.find((each) => each === type);
  if (known === undefined) return refuse(`${at}.type`, type, `one of ${lawTypes.join(', ')}`);
  const { parts, refuses } = shapes[known];
  const before = reading.problems.length;
  const values = readParts(parts, fields, `${at}.`, reading) as Readonly<Record<string, never>>;
  const impossible = reading.problems.length === before ? refuses?.(values) : undefined;
  if (impossible !== undefined) return refuse(`${at}.${impossible[0]}`, values[impossible[0]], impossible[1]);
  return { type: known, ...values } as unknown as LawSpec;
}

const mean = time('the mean');
const part = lawParameter('the law');

const shapes: Readonly<Record<LawType, Shape>> = {
  deterministic: { parts: { value: timeOrZero('the value') } },
  exponential: { parts: { mean } },
  erlang: { parts: { k: whole('the number of stages'), mean } },
  gamma: { parts: { mean, scv: positive('the squared coefficient of variation') } },
  hyperexp2: { parts: { p: probability('how often it is the first rate'), rate1: rate('one rate'), rate2: rate('the other rate') } },
  hyperexp2_balanced: {
    parts: { mean, scv: positive('the squared coefficient of variation', '4') },
    refuses: ({ scv }) => (scv < 1 ? ['scv', 'a number of 1 or above; below it take erlang or gamma'] : undefined),
  },
  lognormal: { parts: { mean, scv: positive('the squared coefficient of variation', '4') } },
  weibull: { parts: { shape: positive('1 is the exponential, below it the tail is heavier'), mean } },
  pareto: { parts: { alpha: positive('the mean is finite above 1, the variance above 2', '2.5'), xm: time('the least value') } },
  bounded_pareto: {
    parts: { min: time('the least value'), max: time('the largest value'), alpha: positive('the smaller, the heavier the tail', '1.5') },
    refuses: ({ min, max }) => (max > min ? undefined : ['max', `a time above min, which is ${min}`]),
  },
  uniform: { parts: { min: timeOrZero('the least value'), max: timeOrZero('the largest value') }, refuses: ordered },
  triangular: {
    parts: { min: timeOrZero('the least value'), mode: timeOrZero('the likeliest value'), max: timeOrZero('the largest value') },
    refuses: (values) => ordered(values) ?? (values['mode']! >= values['min']! && values['mode']! <= values['max']! ? undefined : ['mode', 'a time from min to max']),
  },
  truncated_normal: { parts: { mean: timeOrZero('the mean before the cut at zero'), deviation: time('the standard deviation before the cut at zero') } },
  empirical: { parts: { values: list('the values, each equally likely', timeOrZero('a value')) } },
  mixture: { parts: { parts: list('the parts', record('a part and its weight', { weight: positive('how often it is this part'), of: part })) } },
  shifted: { parts: { by: timeOrZero('what is added'), of: part } },
};

function ordered({ min, max }: Readonly<Record<string, number>>): readonly [string, string] | undefined {
  return max! >= min! ? undefined : ['max', `a time of min or above, which is ${min}`];
}
