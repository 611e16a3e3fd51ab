/** The wait before retry n: Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015). */
import type { RandomStream } from '../sim/random.ts';
import type { Nanos } from '../sim/units.ts';
import type { Backoff } from './retry.ts';

/**
 * @param failures attempts that failed so far, at least 1
 * @param last the wait before, 0 for the first: what decorrelated jitter starts from
 */
export function backoffDelay(backoff: Backoff, failures: number, last: Nanos, stream: RandomStream): Nanos {
  switch (backoff.kind) {
    case 'fixed':
      return backoff.delay;
    case 'random':
      return Math.round(backoff.min + (backoff.max - backoff.min) * stream.double());
    case 'linear':
      return Math.min(backoff.max, backoff.initial + backoff.step * (failures - 1));
    case 'exponential':
      return exponentialDelay(backoff, failures, last, stream);
  }
}

function exponentialDelay(backoff: Backoff & { kind: 'exponential' }, failures: number, last: Nanos, stream: RandomStream): Nanos {
  if (backoff.jitter === 'decorrelated') {
    const upTo = Math.max(backoff.initial, last * 3);
    return Math.round(Math.min(backoff.max, backoff.initial + (upTo - backoff.initial) * stream.double()));
  }
  // Multiplied step by step, since powers differ between Node versions; a wait beyond a year needs no further step.
  let wait = backoff.initial;
  for (let step = 1; step < failures && wait < backoff.max && wait < 3.2e16; step++) wait *= backoff.factor;
  wait = Math.min(wait, backoff.max);
  if (backoff.jitter === 'full') wait *= stream.double();
  else if (backoff.jitter === 'equal') wait = wait / 2 + (wait / 2) * stream.double();
  return Math.round(wait);
}
