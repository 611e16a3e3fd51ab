/** Waits that are exponential for those who wait, before an exponential service: the distribution of both. */
import { requireNotNegative, requireQuantileOrder } from './checks.ts';
import { quantileOfLogTail } from './numerics/roots.ts';
import type { QueueAnswer } from './queue-answer.ts';

export interface ExponentialWait {
  readonly waitingProbability: number;
  /** Of the wait of those who wait. */
  readonly decayRate: number;
  readonly serviceRate: number;
}

export function exponentialWait(wait: ExponentialWait): Required<Pick<QueueAnswer, 'waitingTail' | 'waitingQuantile' | 'sojournTail' | 'sojournQuantile'>> {
  const { waitingProbability, decayRate, serviceRate } = wait;
  return {
    waitingTail(t) {
      requireNotNegative('t', t, 's');
      return waitingProbability * Math.exp(-decayRate * t);
    },
    waitingQuantile(p) {
      requireQuantileOrder('p', p);
      return Math.max(0, (Math.log(waitingProbability) - Math.log1p(-p)) / decayRate);
    },
    sojournTail(t) {
      requireNotNegative('t', t, 's');
      return Math.exp(logSojournTail(wait, t));
    },
    sojournQuantile(p) {
      requireQuantileOrder('p', p);
      return quantileOfLogTail((t) => logSojournTail(wait, t), p, 1 / serviceRate + 1 / decayRate);
    },
  };
}

/** Of e^{−μt} + P μ (e^{−μt} − e^{−δt})/(δ − μ): the slower exponential is taken out, and both parts are positive whichever it is. */
function logSojournTail({ waitingProbability, decayRate, serviceRate }: ExponentialWait, t: number): number {
  const slow = Math.min(decayRate, serviceRate);
  const gap = Math.abs(decayRate - serviceRate);
  const both = gap * t < 1e-300 ? t : -Math.expm1(-gap * t) / gap;
  return Math.log(Math.exp(-(serviceRate - slow) * t) + waitingProbability * serviceRate * both) - slow * t;
}
