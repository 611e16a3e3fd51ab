/** A server that takes up to b messages at once, and takes along what arrives while there is room. */
import { requirePositive, requireWhole } from '../checks.ts';
import { productMinus } from '../numerics/products.ts';
import { rootOfFalling } from '../numerics/roots.ts';
import type { MeanAnswer } from '../queue-answer.ts';

interface BulkServiceParameters {
  readonly arrivalRate: number;
  /** Batches per time unit, however large they are. */
  readonly serviceRate: number;
  readonly batchMax: number;
}

export interface BulkServiceAnswer extends MeanAnswer {
  readonly emptyProbability: number;
  /** P(N ≥ n + 1)/P(N ≥ n) */
  readonly decay: number;
}

/**
 * M/M^[b]/1 with partial batches: p_n = (1 − r) rⁿ with the root r in (0, 1) of μ r^{b+1} − (λ + μ) r + λ = 0. Relative error below
 * 1e-12, near saturation what the rounding of λ/(bμ) makes of it. Source: Gross & Harris §3.2.
 *
 * @throws ImpossibleParameters
 */
export function bulkService({ arrivalRate, serviceRate, batchMax }: BulkServiceParameters): BulkServiceAnswer {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requirePositive('serviceRate', serviceRate, '1/s');
  requireWhole('batchMax', batchMax, 1);
  const capacity = batchMax * serviceRate;
  const common = { model: 'M/M^[b]/1', utilisation: arrivalRate / capacity };
  if (productMinus(batchMax, serviceRate, arrivalRate) <= 0) {
    return {
      ...common, throughput: capacity, growthRate: Math.max(0, arrivalRate - capacity), emptyProbability: 0, decay: 1,
      meanNumberInSystem: Infinity, meanQueueLength: Infinity, meanSojournTime: Infinity, meanWaitingTime: Infinity,
    };
  }
  const y = decayExponent(arrivalRate / serviceRate, batchMax);
  const meanNumberInSystem = 1 / Math.expm1(y);
  const meanQueueLength = Math.exp(-batchMax * y) / Math.expm1(y);
  return {
    ...common, throughput: arrivalRate, growthRate: 0, emptyProbability: -Math.expm1(-y), decay: Math.exp(-y),
    meanNumberInSystem, meanQueueLength, meanSojournTime: meanNumberInSystem / arrivalRate, meanWaitingTime: meanQueueLength / arrivalRate,
  };
}

/** r = e^{−y}. Without the factor 1 − r the equation is r + r² + … + r^b = λ/μ, which is (1 − e^{−by})/(e^y − 1) = λ/μ. */
function decayExponent(load: number, batchMax: number): number {
  return rootOfFalling((y) => (y === 0 ? batchMax : -Math.expm1(-batchMax * y) / Math.expm1(y)) - load, 1 / batchMax);
}
