/** A rare event whose probability is known: what importance sampling and splitting are tested against. */
import { requirePositive, requireWhole } from './checks.ts';
import { logQuotient } from './numerics/products.ts';

/**
 * P(M/M/1 with one message reaches N before it is empty) = (r − 1)/(r^N − 1), r = μ/λ: gambler's ruin. For any ratio of the rates;
 * 1/N where they are equal. Relative error below 1e-13, and N·1e-16 for large N. @throws ImpossibleParameters
 */
export function overflowInBusyCycle({ arrivalRate, serviceRate, level }: { arrivalRate: number; serviceRate: number; level: number }): number {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requirePositive('serviceRate', serviceRate, '1/s');
  requireWhole('level', level, 1);
  const logRatio = logQuotient(serviceRate, arrivalRate);
  if (logRatio === 0) return 1 / level;
  if (logRatio < 0) return Math.expm1(logRatio) / Math.expm1(level * logRatio);
  return (Math.exp((1 - level) * logRatio) * Math.expm1(-logRatio)) / Math.expm1(-level * logRatio);
}
