/**
 * The words in which models describe their own settings: quantities with units, one-key unions, distributions.
 * Everything here reads what a person writes in YAML and yields base units (ns, bytes, per second).
 */
import { z } from 'zod';
import { distribution, type DistributionSpec, ImpossibleParameters } from '../sim/distribution.ts';
import {
  type Bytes, type BytesPerSecond, type Nanos, type PerSecond, type Probability,
  parseBandwidth, parseBytes, parseDuration, parseProbability, parseRate, UnitError,
} from '../sim/units.ts';

/** Reads text with `parse`; its hint travels in the issue's params to whoever shows the error. */
function quantity<T extends number>(what: string, parse: (text: string) => T, pattern: string, examples: string[]) {
  return z
    .union([z.string(), z.number()], { error: () => `a ${what} is wanted, as in ${examples.join(' or ')}` })
    .meta({ quantity: what, pattern, examples })
    .transform((written, context): T => {
      try {
        return parse(String(written));
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        context.issues.push({ code: 'custom', message: error.message, params: { hint: error.hint }, input: written });
        return z.NEVER;
      }
    });
}

const number = String.raw`(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?`;

export const duration = () =>
  quantity<Nanos>('duration', parseDuration, String.raw`^(0|(${number}\s*(ns|us|µs|ms|s|m|min|h|d)\s*)+)$`, ['5ms', '1.5s', '1h30m']);
export const positiveDuration = () =>
  duration().refine((time) => time > 0, { error: 'a duration above zero is wanted' });
export const rate = () =>
  quantity<PerSecond>('rate', parseRate, String.raw`^${number}\s*\w*\s*/\s*(ns|us|ms|s|m|min|h|d)$`, ['200/s', '12000/min']);
export const positiveRate = () => rate().refine((value) => value > 0, { error: 'a rate above zero is wanted' });
export const bytes = () =>
  quantity<Bytes>('size', parseBytes, String.raw`^${number}\s*([kKMGT]?B|[KMGT]iB)$`, ['512B', '2kB', '1MiB']);
export const bandwidth = () =>
  quantity<BytesPerSecond>('bandwidth', parseBandwidth, String.raw`^${number}\s*([kMGT]?bit|[kKMGT]?B|[KMGT]iB)\s*/\s*\w+$`, ['1Gbit/s', '100MB/s']);
export const probability = () =>
  quantity<Probability>('probability', parseProbability, String.raw`^${number}\s*%?$`, ['0.5%', '0.005']);

/** A whole number from `min` to `max`. */
export const count = (min = 1, max = 1_000_000) => z.int().min(min).max(max).meta({ quantity: 'count' });
/** A factor such as ×3. */
export const factor = () => z.number().positive().max(1e6).meta({ quantity: 'factor' });

type Branches = Readonly<Record<string, z.ZodType>>;
type Tagged<B extends Branches> = { [K in keyof B]: { readonly kind: K } & z.output<B[K]> }[keyof B];

/** `{ exponential: { mean: 20ms } }` → `{ kind: 'exponential', mean: 20_000_000 }`: a union whose one key is its kind. */
export function oneKeyOf<B extends Branches>(branches: B) {
  const options = Object.entries(branches).map(([kind, body]) => z.strictObject({ [kind]: body }));
  return z.union(options as unknown as [z.ZodType, z.ZodType]).transform((written): Tagged<B> => {
    const [kind, body] = Object.entries(written as Record<string, object>)[0]!;
    return { kind, ...body } as Tagged<B>;
  });
}

/** Anything measured that a distribution can be over: its parameters are read by `value`, negative ones are refused there. */
type Measured = ReturnType<typeof duration> | ReturnType<typeof bytes>;

const shape = () => z.number().positive().max(1e6);

/**
 * What a random duration or size can be. Parameters are in the quantity's unit; `scv` is the squared coefficient of
 * variation. What is impossible together is refused by the distribution itself (`sim/distribution.ts`).
 */
function distributionOf(value: () => Measured, column: CsvColumnSchema): z.ZodType<DistributionSpec> {
  const simple = {
    constant: z.strictObject({ value: value() }).describe('Always the same; a bare value is short for it.'),
    uniform: z.strictObject({ min: value(), max: value() }).describe('Anything between two values, all equally likely.'),
    exponential: z.strictObject({ mean: value() }).describe('Memoryless, as times between independent events.'),
    erlang: z.strictObject({ mean: value(), stages: count(1, 10_000) }).describe('A sum of equal exponential stages: more regular than exponential.'),
    gamma: z.strictObject({ mean: value(), scv: shape() }).describe('Any mean and squared coefficient of variation, with a light tail.'),
    hyperexponential: z.strictObject({ mean: value(), scv: shape() }).describe('A mixture of two exponentials with balanced means, for a squared coefficient of variation of 1 or more.'),
    lognormal: z.strictObject({ mean: value(), scv: shape() }).describe('Many small factors multiplied: common for service times and network latency.'),
    normal: z.strictObject({ mean: value(), deviation: value() }).describe('Bell-shaped, cut off at zero.'),
    weibull: z.strictObject({ scale: value(), shape: shape() }).describe('Lifetimes: a heavier tail than exponential for a shape below 1, a lighter one above.'),
    pareto: z.strictObject({ min: value(), shape: shape() }).describe('A power tail: rare values are very large.'),
    boundedPareto: z.strictObject({ min: value(), max: value(), shape: shape() }).describe('A power tail that ends at a largest value.'),
    triangular: z.strictObject({ min: value(), mode: value(), max: value() }).describe('Between two values, most likely around a third.'),
  };
  const spec: z.ZodType<DistributionSpec> = z.lazy(() =>
    z.union([
      // A bare quantity is the constant of that value.
      value().transform((constant): DistributionSpec => ({ kind: 'constant', value: constant as number })),
      oneKeyOf({
        ...simple,
        empirical: z.union([z.strictObject({ values: z.array(value()).min(1).max(10_000) }), column]).describe('Drawn from given values, or from those of a CSV column.'),
        recorded: column.describe('The values of a CSV column, in their order.'),
        mixture: z
          .array(z.strictObject({ weight: z.number().positive(), of: spec }))
          .min(1)
          .max(1000)
          .transform((parts) => ({ parts }))
          .describe('Now one distribution, now another, by their weights.'),
        shifted: z.strictObject({ by: value(), of: spec }).describe('A distribution with a constant added.'),
      }),
    ]).superRefine((written, context) => refuseImpossible(written as DistributionSpec, context)) as unknown as z.ZodType<DistributionSpec>,
  );
  return spec;
}

/** Parts of a mixture were checked where they stand, and a recording has no values before its file is read. */
function refuseImpossible(spec: DistributionSpec, context: z.RefinementCtx): void {
  if ('columns' in spec) return;
  try {
    distribution(withPlainParts(spec));
  } catch (error) {
    if (!(error instanceof ImpossibleParameters)) throw error;
    const { message, hint, parameter } = error;
    context.addIssue({ code: 'custom', message, params: { hint }, path: [spec.kind, parameter] });
  }
}

function withPlainParts(spec: DistributionSpec): DistributionSpec {
  const plain: DistributionSpec = { kind: 'constant', value: 0 };
  if (spec.kind === 'mixture') return { ...spec, parts: spec.parts.map(({ weight }) => ({ weight, of: plain })) };
  return spec.kind === 'shifted' ? { ...spec, of: plain } : spec;
}

/** A column of a CSV file beside the scenario; `unit` says what a number in it means. */
export interface CsvColumn {
  readonly column: string;
  readonly unit: string;
}
/**
 * Where recorded numbers come from. The loader reads the file once and puts each column, in base units, into the field
 * of the settings that `columns` names, since models know no files.
 */
export interface CsvSource {
  readonly file: string;
  readonly columns: Readonly<Record<string, CsvColumn>>;
}

type CsvColumnSchema = ReturnType<typeof csvColumn>;

/** `unit` is what `parse` reads after a number; empty for numbers that are in the base unit already. */
function csvColumn(parse: (text: string) => number, defaultUnit: string) {
  return z
    .strictObject({ file: z.string().min(1), column: z.string().min(1), unit: csvUnit(parse, defaultUnit) })
    .transform(({ file, column, unit }) => ({ file, columns: { values: { column, unit } }, values: [] as readonly number[] }));
}

function csvUnit(parse: (text: string) => number, defaultUnit: string) {
  return z.string().default(defaultUnit).superRefine((unit, context) => {
    if (unit === '') return;
    try {
      parse(`1${unit}`);
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      context.addIssue({ code: 'custom', message: `"${unit}" is not a unit of this column`, params: { hint: `write the unit alone, as in ${defaultUnit}` } });
    }
  });
}

// One schema for every use, so that the JSON Schema says it once.
const durationDistribution = distributionOf(duration, csvColumn(parseDuration, 's')).meta({ id: 'random-duration', description: 'A duration, or a distribution of durations' });
const sizeDistribution = distributionOf(bytes, csvColumn(parseBytes, 'B')).meta({ id: 'random-size', description: 'A size, or a distribution of sizes' });
export const durations = () => durationDistribution;
export const sizes = () => sizeDistribution;

/** Every object of JavaScript has something by these names. As keys they are refused where a file is read. */
const unreserved = (path: string): boolean => !path.split('/').some((part) => part in Object.prototype);
const reserved = { error: 'such a name is reserved', abort: true };

/** Names of components and queues: no spaces, no slash, no dollar; dots are allowed in queues. */
export const name = () =>
  z.string().regex(/^[A-Za-z_][\w-]*$/, { error: 'a name has letters, digits, - and _, and starts with a letter' }).max(80);
export const queueName = () =>
  z.string().regex(/^[A-Za-z_][\w.-]*$/, { error: 'a queue name has letters, digits, ., - and _, and starts with a letter' }).max(80).refine(unreserved, reserved);
/** Of a broker that knows users. */
export const userName = () =>
  z.string().regex(/^[A-Za-z_][\w.@-]*$/, { error: "a user's name has letters, digits, ., @, - and _, and starts with a letter" }).max(80);
/** `broker/user` */
export const userPath = () =>
  z.string().regex(/^[A-Za-z_][\w-]*\/[A-Za-z_][\w.@-]*$/, { error: 'a user is written broker/user, as in orders-mq/billing' }).refine(unreserved, reserved);
/** `broker/queue` */
export const queuePath = () =>
  z.string().regex(/^[A-Za-z_][\w-]*\/[A-Za-z_][\w.-]*$/, { error: 'a queue is written broker/queue, as in orders-mq/orders' }).refine(unreserved, reserved);
/** `producers.web`, `consumers.payments.3`, `orders-mq`, `orders-mq.0`, `orders-mq.0.disk` */
export const target = () =>
  z.string().regex(/^[A-Za-z_][\w-]*(\.[\w-]+){0,2}$/, { error: 'a target is written orders-mq.0, producers.web or consumers.payments.3' });
