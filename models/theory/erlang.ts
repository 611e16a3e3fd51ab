/**
 * Erlang's formulas: loss without a waiting line (B) and delay with an endless one (C). Poisson arrivals, c servers; B holds for
 * any law of service, C for exponential service. Sources: Erlang 1917; Jagerman, BSTJ 53 (1974) 525 for servers that are not whole.
 */
import { requireNotNegative, requirePositive, requireWhole, refuse } from './checks.ts';
import { logGammaUpper, logPoissonMass, upperFraction } from './numerics/special-functions.ts';
import { rootOfFalling } from './numerics/roots.ts';

/**
 * The probability that a message is lost when it finds all servers busy. Relative error below 1e-12 up to a million servers; zero
 * where it is below the least number.
 *
 * @param offeredLoad in erlangs: arrival rate times mean service time
 * @throws ImpossibleParameters
 */
export function erlangB(servers: number, offeredLoad: number): number {
  requireWhole('servers', servers, 0);
  requireNotNegative('offeredLoad', offeredLoad, 'erlangs');
  return 1 / (1 + admissionOdds(servers, offeredLoad));
}

/**
 * The probability of waiting, 1 in a system without a steady state. Relative error as of Erlang B; near saturation what the
 * rounding of the offered load makes of it: use `mmc`, which knows the rates.
 *
 * @throws ImpossibleParameters
 */
export function erlangC(servers: number, offeredLoad: number): number {
  requireWhole('servers', servers, 1);
  requireNotNegative('offeredLoad', offeredLoad, 'erlangs');
  if (offeredLoad >= servers) return 1;
  return 1 / (1 + (admissionOdds(servers, offeredLoad) * (servers - offeredLoad)) / servers);
}

/** Erlang B between whole numbers of servers, as dimensioning uses it. Relative error below 1e-12. @throws ImpossibleParameters */
export function erlangBContinuous(servers: number, offeredLoad: number): number {
  requireNotNegative('servers', servers);
  requireNotNegative('offeredLoad', offeredLoad, 'erlangs');
  return 1 / (1 + admissionOdds(servers, offeredLoad));
}

/** The load in erlangs that is lost with the given probability. Relative error below 1e-12. @throws ImpossibleParameters */
export function offeredLoadFor(servers: number, lossProbability: number): number {
  requireWhole('servers', servers, 1);
  requirePositive('lossProbability', lossProbability);
  if (lossProbability >= 1) refuse('lossProbability', lossProbability, 'a probability below 1');
  const odds = Math.log1p(-lossProbability) - Math.log(lossProbability);
  return rootOfFalling((load) => Math.log(admissionOdds(servers, load)) - odds, servers);
}

/**
 * (1 − B)/B: how much likelier a free server is than none, in a system without a line. The sum c/a + c(c−1)/a² + … of positive
 * terms, which ends early: it costs some times √c. Infinity where it is above the largest number.
 */
export function admissionOdds(servers: number, offeredLoad: number): number {
  const whole = Math.floor(servers);
  let product = 1;
  let sum = 0;
  for (let k = 0; k < whole; k++) {
    const ratio = (servers - k) / offeredLoad;
    product *= ratio;
    sum += product;
    if (sum === Infinity || (ratio < 1 && product < sum * 1e-18)) return sum;
  }
  return sum + product * fractionOdds(servers - whole, offeredLoad);
}

/** Of less than one server: 1/B = ∫ a e^{−at} (1+t)^f dt = Γ(f+1, a) e^a a^{−f}. */
function fractionOdds(fraction: number, load: number): number {
  if (fraction === 0) return 0;
  if (load === 0) return Infinity;
  return load > 3 ? load * upperFraction(fraction + 1, load) - 1 : Math.expm1(logGammaUpper(fraction + 1, load) - logPoissonMass(fraction, load));
}
