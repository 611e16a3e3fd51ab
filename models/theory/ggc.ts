/** G/G/c by two moments: what to take where no exact model fits. */
import { requireNotNegative, requireQuantileOrder } from './checks.ts';
import { law } from './laws/law.ts';
import { mmc } from './mmc.ts';
import { noisyQuantile } from './numerics/noisy-quantile.ts';
import { type QueueAnswer, unstableAnswer } from './queue-answer.ts';
import { kraemerLangenbachBelz, stationOf, type TwoMoments, type TwoMomentStation, whitt1993 } from './two-moment-waits.ts';

const knownError =
  'measured against exact values: within 5 % of the mean wait up to a squared coefficient of variation of 1 from utilisation 0.5 on, within 15 % up to 9 from utilisation 0.7 on; ' +
  'no meaning where the mean wait is below 1 % of a service';

/**
 * The mean wait of Krämer & Langenbach-Belz 1976 for one server and of Whitt 1993 for several. The probability of waiting is that of
 * M/M/c, for one server with the correction of Krämer & Langenbach-Belz (exact for Poisson arrivals); the wait of those who wait is
 * a gamma or hyperexponential law with the mean that follows and the spread that it has before one server with Poisson
 * arrivals (Whitt, Bell Syst. Tech. J. 62 (1983) 2779, section 5.2). Two moments do not say more: see `knownError`.
 *
 * @throws ImpossibleParameters
 */
export function ggc(parameters: TwoMoments): QueueAnswer {
  const { arrivalRate, meanServiceTime, servers } = parameters;
  const station = stationOf(parameters);
  const model = servers === 1 ? 'G/G/1 (Krämer & Langenbach-Belz 1976)' : 'G/G/c (Whitt 1993)';
  if (station.spareShare <= 0) return { ...unstableAnswer(model, arrivalRate, servers / meanServiceTime), knownError };
  const meanWaitingTime = servers === 1 ? kraemerLangenbachBelz(station) : whitt1993(station);
  const waitingProbability = servers === 1 ? waitingProbabilityOfOne(station) : mmc({ arrivalRate, serviceRate: 1 / meanServiceTime, servers }).waitingProbability;
  const load = arrivalRate * meanServiceTime;
  return {
    model, knownError, utilisation: station.utilisation, throughput: arrivalRate, growthRate: 0,
    meanNumberInSystem: arrivalRate * meanWaitingTime + load, meanQueueLength: arrivalRate * meanWaitingTime,
    meanSojournTime: meanWaitingTime + meanServiceTime, meanWaitingTime, waitingProbability,
    ...waitOf(waitingProbability, meanWaitingTime, spreadOfDelay(station)),
  };
}

function waitingProbabilityOfOne({ utilisation: rho, spareShare, interarrivalScv: ca2, serviceScv: cs2 }: TwoMomentStation): number {
  const both = rho * rho * (4 * ca2 + cs2);
  const h = ca2 <= 1 ? (1 + ca2 + rho * cs2) / (1 + rho * (cs2 - 1) + both) : (4 * rho) / (ca2 + both);
  return rho * (1 + (ca2 - 1) * spareShare * h);
}

/** Squared coefficient of variation of the wait of those who wait, with the third moment that fits: exact for M/G/1. */
function spreadOfDelay({ spareShare, serviceScv: cs2 }: TwoMomentStation): number {
  const thirdMoment = cs2 >= 1 ? 3 * cs2 * (1 + cs2) : (2 * cs2 + 1) * (cs2 + 1);
  return 1 - 2 * spareShare + (4 * spareShare * thirdMoment) / (3 * (cs2 + 1) * (cs2 + 1));
}

function waitOf(waitingProbability: number, mean: number, scv: number): Pick<QueueAnswer, 'waitingTimeVariance' | 'waitingTail' | 'waitingQuantile'> {
  if (mean === 0) return { waitingTimeVariance: 0, waitingTail: () => 0, waitingQuantile: () => 0 };
  const delay = law(scv >= 1 ? { type: 'hyperexp2_balanced', mean: mean / waitingProbability, scv } : { type: 'gamma', mean: mean / waitingProbability, scv });
  const tail = (t: number) => waitingProbability * delay.tail(t);
  return {
    waitingTimeVariance: waitingProbability * delay.moment(2) - mean * mean,
    waitingTail(t) {
      requireNotNegative('t', t, 's');
      return tail(t);
    },
    waitingQuantile(p) {
      requireQuantileOrder('p', p);
      return noisyQuantile(tail, p, delay.mean);
    },
  };
}
