/** How a law is read: its type by name, then the fields of that type, each with its own quantity; problems are named as in `service.mean`. */
import { shown } from '../checks.ts';
import { list, type Parameter, type Parameters, positive, probability, rate, readParts, type Reading, time, timeOrZero, whole } from '../parameters.ts';
import type { LawSpec } from './law-spec.ts';

type LawType = LawSpec['type'];

interface Shape {
  readonly parts: Parameters;
  /** What is impossible together: the field, and what is wanted there. */
  readonly refuses?: (values: Readonly<Record<string, never>>) => readonly [field: string, wanted: string] | undefined;
}

const typeField = 'type';
const mean = time('the mean');

/** An infinite mean is no problem of the law: what cannot live with it says so. */
export function lawParameter(about: string): Parameter<LawSpec> {
  const wanted = `a law: an object with type (${[...shapes.keys()].join(', ')}) and its parameters`;
  return { about, wanted, isOptional: false, example: '{type: lognormal, mean: 1, scv: 4}', read: (written, at, reading) => readLaw(written, at, reading, wanted) };
}

function readLaw(written: unknown, at: string, reading: Reading, wanted: string): LawSpec {
  const refuse = (parameter: string, found: unknown, instead: string): LawSpec => {
    reading.problems.push({ parameter, found: shown(found), wanted: instead });
    return { type: 'deterministic', value: NaN };
  };
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return refuse(at, written, wanted);
  const { [typeField]: type, ...fields } = written as Readonly<Record<string, unknown>>;
  const shape = shapes.get(type as LawType);
  if (shape === undefined) return refuse(`${at}.${typeField}`, type, `one of ${[...shapes.keys()].join(', ')}`);
  const before = reading.problems.length;
  const values = readParts(shape.parts, fields, `${at}.`, reading) as Readonly<Record<string, never>>;
  const impossible = reading.problems.length === before ? shape.refuses?.(values) : undefined;
  if (impossible !== undefined) return refuse(`${at}.${impossible[0]}`, values[impossible[0]], impossible[1]);
  return { type, ...values } as unknown as LawSpec;
}

/** Named late, since laws are made of laws. */
const part: Parameter<LawSpec> = { ...lawParameterOf(), read: (written, at, reading) => readLaw(written, at, reading, 'a law') };

function lawParameterOf(): Omit<Parameter<LawSpec>, 'read'> {
  return { about: 'the law', wanted: 'a law', isOptional: false, example: '{type: exponential, mean: 1}' };
}

const weighted: Parameter = {
  about: 'a part and its weight', wanted: 'an object with weight and of', isOptional: false, example: '{weight: 1, of: {type: exponential, mean: 1}}',
  read: (written, at, reading) => {
    if (typeof written === 'object' && written !== null && !Array.isArray(written)) {
      return readParts({ weight: positive('how often it is this part'), of: part }, written as Readonly<Record<string, unknown>>, `${at}.`, reading);
    }
    return reading.problems.push({ parameter: at, found: shown(written), wanted: 'an object with weight and of' });
  },
};

const shapes: ReadonlyMap<LawType, Shape> = new Map<LawType, Shape>([
  ['deterministic', { parts: { value: timeOrZero('the value') } }],
  ['exponential', { parts: { mean } }],
  ['erlang', { parts: { k: whole('the number of stages'), mean } }],
  ['gamma', { parts: { mean, scv: positive('the squared coefficient of variation') } }],
  ['hyperexp2', { parts: { p: probability('how often it is the first rate'), rate1: rate('one rate'), rate2: rate('the other rate') } }],
  ['hyperexp2_balanced', {
    parts: { mean, scv: positive('the squared coefficient of variation', '4') },
    refuses: ({ scv }) => (scv < 1 ? ['scv', 'a number of 1 or above; below it take erlang or gamma'] : undefined),
  }],
  ['lognormal', { parts: { mean, scv: positive('the squared coefficient of variation', '4') } }],
  ['weibull', { parts: { shape: positive('1 is the exponential, below it the tail is heavier'), mean } }],
  ['pareto', { parts: { alpha: positive('the mean is finite above 1, the variance above 2', '2.5'), xm: time('the least value') } }],
  ['bounded_pareto', {
    parts: { min: time('the least value'), max: time('the largest value'), alpha: positive('the smaller, the heavier the tail', '1.5') },
    refuses: ({ min, max }) => (max > min ? undefined : ['max', `a time above min, which is ${min}`]),
  }],
  ['uniform', { parts: { min: timeOrZero('the least value'), max: timeOrZero('the largest value') }, refuses: ordered }],
  ['triangular', {
    parts: { min: timeOrZero('the least value'), mode: timeOrZero('the likeliest value'), max: timeOrZero('the largest value') },
    refuses: (values) => ordered(values) ?? (values['mode']! >= values['min']! && values['mode']! <= values['max']! ? undefined : ['mode', 'a time from min to max']),
  }],
  ['truncated_normal', { parts: { mean: timeOrZero('the mean before the cut at zero'), deviation: time('the standard deviation before the cut at zero') } }],
  ['empirical', { parts: { values: list('the values, each equally likely', timeOrZero('a value')) } }],
  ['mixture', { parts: { parts: list('the parts', weighted) } }],
  ['shifted', { parts: { by: timeOrZero('what is added'), of: part } }],
]);

function ordered({ min, max }: Readonly<Record<string, number>>): readonly [string, string] | undefined {
  return max! >= min! ? undefined : ['max', `a time of min or above, which is ${min}`];
}
