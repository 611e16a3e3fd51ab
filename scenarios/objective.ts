/** Objectives: `p99(payments.sojourn) < 45s`. */
import { z } from 'zod';

export const statistics = ['mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'p99.99', 'max', 'throughput', 'utilisation', 'backlog', 'loss', 'duplicates', 'drain'] as const;
export interface Objective {
  readonly text: string;
  readonly statistic: (typeof statistics)[number];
  /** A consumer group, a producer, or `broker/queue`; empty for the whole scenario. */
  readonly of: string;
  readonly measure: 'waiting' | 'service' | 'sojourn' | '';
  readonly comparison: '<' | '<=' | '>' | '>=';
  /** Seconds, per second, or a plain number. */
  readonly limit: number;
  readonly unit: 's' | '/s' | '';
}
export const objectiveSchema = z.string().transform((text): Objective => ({ text, statistic: 'mean', of: '', measure: '', comparison: '<', limit: 0, unit: '' }));
