/** How long a run must be: the variance of time averages of M/M/1, for planning simulations and for testing their intervals. */
import { requirePositive } from './checks.ts';

interface AsymptoticVariances {
  /** lim t·Var(average number in the system over a time t) */
  readonly numberInSystem: number;
  /** lim n·Var(average wait of n successive messages) */
  readonly waitingTime: number;
}

/**
 * Closed forms, relative error below 1e-14; Infinity without a steady state. Sources: Whitt, Mgmt. Sci. 35 (1989) 1341;
 * Blomqvist 1967; Daley 1968. @throws ImpossibleParameters
 */
export function mm1AsymptoticVariance({ arrivalRate, serviceRate }: { arrivalRate: number; serviceRate: number }): AsymptoticVariances {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requirePositive('serviceRate', serviceRate, '1/s');
  const spare = serviceRate - arrivalRate;
  if (spare <= 0) return { numberInSystem: Infinity, waitingTime: Infinity };
  const ρ = arrivalRate / serviceRate;
  const gap = (spare / serviceRate) * (spare / serviceRate);
  return {
    numberInSystem: (2 * ρ * (1 + ρ)) / (serviceRate * gap * gap),
    waitingTime: (ρ * (2 + ρ * (5 - ρ * (4 - ρ)))) / (serviceRate * serviceRate * gap * gap),
  };
}
