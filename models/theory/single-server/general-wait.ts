import { add, type Complex, divide, multiply, one, real, scale, subtract } from '../numerics/complex.ts';
import { invertTail } from '../numerics/inversion.ts';
import type { Server, WaitingLaw } from './server.ts';

/** Exponentials for one value of a tail. */
const workMax = 400_000;

/**
 * Any law of service, from the Pollaczek–Khinchine transform. The wait is a sum of M residual services R with
 * P(M = m) = (1 − ρ)ρ^m, the sojourn one of M residual services and a whole one; what M = 1 (M = 0) contributes is known outright, so
 * that only the smoother rest is inverted. With R* and 1 − R* both at hand nothing cancels. Source: Beekman, Ann. Math. Statist. 39
 * (1968) 1305.
 */
export function generalWait({ arrivalRate, service, spareShare }: Server): WaitingLaw {
  const utilisation = arrivalRate * service.mean;
  // With many atoms there are many small kinks, which are smooth together.
  const termsMax = Math.min(4000, Math.max(60, workMax / (service.atoms ?? 1)));
  const waitingRest = (s: Complex) => {
    const { missing, kept, geometric } = residual(s);
    return divide(scale(multiply(missing, add(one, scale(kept, spareShare))), utilisation * utilisation), multiply(s, geometric));
  };
  const sojournRest = (s: Complex) => {
    const { missing, kept, geometric } = residual(s);
    const both = add(missing, scale(multiply(s, multiply(kept, kept)), spareShare * service.mean));
    return divide(scale(both, utilisation), multiply(s, geometric));
  };
  /** 1 − R*, R* and 1 − ρR* */
  function residual(s: Complex) {
    const missing = scale(multiply(s, service.curvature(s)), 1 / service.mean);
    return { missing, kept: subtract(one, missing), geometric: add(real(spareShare), scale(missing, utilisation)) };
  }
  return {
    waitingTail: (t) => (t === 0 ? utilisation : spareShare * arrivalRate * service.excess(t) + invertTail(waitingRest, t, termsMax)),
    sojournTail: (t) => (t === 0 ? 1 : Math.min(1, spareShare * service.tail(t) + invertTail(sojournRest, t, termsMax))),
  };
}
