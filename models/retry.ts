/** Retry policies: how long to wait before the next attempt, and when to give up. */
import { z } from 'zod';
import { count, duration, positiveDuration } from './settings.ts';

/**
 * The wait before the next attempt. `jitter` as in Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog,
 * 2015): none as computed; full uniform from 0; equal half fixed, half uniform; decorrelated uniform from `initial` to
 * three times the wait before.
 */
export type Backoff =
  | { readonly kind: 'fixed'; readonly delay: number }
  | { readonly kind: 'random'; readonly min: number; readonly max: number }
  /** Each wait is longer than the one before by the same step, up to a longest one. */
  | { readonly kind: 'linear'; readonly initial: number; readonly step: number; readonly max: number }
  | { readonly kind: 'exponential'; readonly initial: number; readonly factor: number; readonly max: number;
      readonly jitter: 'none' | 'full' | 'equal' | 'decorrelated' };

/** Retries spend tokens; a fresh publish earns some. Empty means no retry now: the attempt is given up. */
export interface RetryBudget {
  readonly tokensPerMessage: number;
  readonly capacity: number;
}

export interface RetrySpec {
  readonly backoff: Backoff;
  /** Attempts in all, the first one included. */
  readonly attempts: number;
  /** From the first publish; no attempt starts after it. */
  readonly deadline: number;
  readonly budget?: RetryBudget;
}

const limits = {
  attempts: count(1, 1_000_000).optional(),
  deadline: positiveDuration().optional(),
  budget: z
    .strictObject({ tokensPerMessage: z.number().positive().max(1000).default(0.1), capacity: z.number().min(1).max(1e9).default(100) })
    .optional(),
};
const fixed = z.strictObject({ delay: duration() });
const random = z.strictObject({ min: duration(), max: duration() }).refine((wait) => wait.min <= wait.max, { error: 'min is above max' });
const linear = z
  .strictObject({ initial: duration(), step: duration(), max: duration().optional() })
  .refine((wait) => wait.max === undefined || wait.initial <= wait.max, { error: 'initial is above max' });
const exponential = z.strictObject({
  initial: positiveDuration(),
  factor: z.number().min(1).max(1000).default(2),
  max: positiveDuration().optional(),
  jitter: z.enum(['none', 'full', 'equal', 'decorrelated']).default('none'),
});

/** `none`, or one of fixed, random, linear and exponential beside the limits `attempts`, `deadline` and `budget`. */
export const retrySchema = z.union([
  z.literal('none').transform((): RetrySpec | undefined => undefined),
  z.strictObject({ fixed, ...limits }).transform(({ fixed: wait, ...rest }) => limited({ kind: 'fixed', ...wait }, rest)),
  z.strictObject({ random, ...limits }).transform(({ random: wait, ...rest }) => limited({ kind: 'random', ...wait }, rest)),
  z
    .strictObject({ linear, ...limits })
    .transform(({ linear: wait, ...rest }) => limited({ kind: 'linear', ...wait, max: wait.max ?? Infinity }, rest)),
  z
    .strictObject({ exponential, ...limits })
    .transform(({ exponential: wait, ...rest }) => limited({ kind: 'exponential', ...wait, max: wait.max ?? Infinity }, rest)),
]).meta({ shared: 'retry' });

/** Where no message is published again, whose age or whose neighbours could be a limit: `what` does the trying. */
export function limitedByAttempts(what: string) {
  return retrySchema.superRefine((retry, context) => {
    for (const limit of ['deadline', 'budget'] as const) {
      if (retry === undefined || retry[limit] === undefined || retry[limit] === Infinity) continue;
      context.addIssue({ code: 'custom', message: `${what} know no ${limit}`, path: [limit], params: { hint: 'limit them by attempts' } });
    }
  });
}

function limited(
  backoff: Backoff,
  rest: { attempts?: number | undefined; deadline?: number | undefined; budget?: RetryBudget | undefined },
): RetrySpec {
  return { backoff, attempts: rest.attempts ?? Infinity, deadline: rest.deadline ?? Infinity, ...(rest.budget && { budget: rest.budget }) };
}
