/** How messages come to a producer: the settings. */
import { z } from 'zod';
import { type CsvSource, duration, durations, name, oneKeyOf, positiveDuration, positiveRate, rate } from './settings.ts';

const phase = z.union([
  z.strictObject({ for: positiveDuration(), rate: rate() }).transform((step) => ({ for: step.for, from: step.rate, to: step.rate })),
  z.strictObject({ for: positiveDuration(), from: rate(), to: rate() }),
]);

/** A day as a raised cosine from `low` to `high`, highest at `peakAt` after the start, repeated every `period`. */
const daily = z.strictObject({
  low: rate(), high: positiveRate(), peakAt: duration().default(14 * 3600e9), period: positiveDuration().default(24 * 3600e9),
});

/** Times since the start; sizes, keys and priorities of the same rows where the file has them. */
export interface RecordedArrivals extends CsvSource {
  readonly times: readonly number[];
  readonly sizes?: readonly number[];
  readonly keys?: readonly number[];
  readonly priorities?: readonly number[];
}

export const arrivalsSchema = oneKeyOf({
  constant: z.strictObject({ rate: positiveRate() }),
  poisson: z.strictObject({ rate: positiveRate() }),
  renewal: durations().transform((gap) => ({ gap })),
  phases: z.strictObject({
    process: z.enum(['poisson', 'constant']).default('poisson'),
    steps: z.array(phase).min(1).max(10_000),
    repeat: z.boolean().default(false),
  }),
  daily: daily.extend({ process: z.enum(['poisson', 'constant']).default('poisson') }),
  /** A Poisson process whose rate is that of the present state of a Markov chain. */
  markovModulated: z.strictObject({
    states: z.record(name(), rate()),
    rates: z.record(name(), z.record(name(), positiveRate())),
    start: name().optional(),
  }),
  recorded: z
    .strictObject({
      file: z.string().min(1), column: z.string().min(1), unit: z.string().default('s'),
      sizeColumn: z.string().optional(), sizeUnit: z.string().default('B'),
      keyColumn: z.string().optional(), priorityColumn: z.string().optional(),
    })
    .transform((written): RecordedArrivals => ({
      file: written.file,
      columns: {
        times: { column: written.column, unit: written.unit },
        ...(written.sizeColumn && { sizes: { column: written.sizeColumn, unit: written.sizeUnit } }),
        ...(written.keyColumn && { keys: { column: written.keyColumn, unit: '' } }),
        ...(written.priorityColumn && { priorities: { column: written.priorityColumn, unit: '' } }),
      },
      times: [],
    })),
});
export type ArrivalsSpec = z.output<typeof arrivalsSchema>;
