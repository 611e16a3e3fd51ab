/** How many servers: the least that meet a goal, the cheapest, and the square-root rule. */
import { refuse, requireNotNegative, requirePositive } from './checks.ts';
import { mmc } from './mmc.ts';
import { productMinus } from './numerics/products.ts';
import { rootOfFalling } from './numerics/roots.ts';
import { normalHazard } from './numerics/special-functions.ts';
import type { QueueAnswer } from './queue-answer.ts';

interface LeastServersParameters {
  readonly arrivalRate: number;
  readonly serviceRate: number;
  /** Asked of M/M/c with more and more servers; once it holds it holds for all larger numbers. */
  readonly meets: (answer: QueueAnswer) => boolean;
  readonly serversMax?: number;
}

/**
 * The least number of servers of a stable M/M/c that meets a condition; undefined where `serversMax` (by default 2³⁰) do not.
 * Exact as long as the condition is monotone in the number. @throws ImpossibleParameters
 */
export function leastServers({ arrivalRate, serviceRate, meets, serversMax = 0x40000000 }: LeastServersParameters): number | undefined {
  const base = leastStable(arrivalRate, serviceRate);
  return leastFrom(base, serversMax, Math.ceil(Math.sqrt(base) / 8), (servers) => meets(mmc({ arrivalRate, serviceRate, servers })));
}

interface CostParameters {
  readonly arrivalRate: number;
  readonly serviceRate: number;
  /** Per server and time unit. */
  readonly serverCost: number;
  /** Per message in the system and time unit. */
  readonly holdingCost: number;
}

/**
 * The number of servers with the least cost `serverCost`·c + `holdingCost`·L, and that cost per time unit. L is convex in c (Dyer
 * & Proll, Mgmt. Sci. 23 (1977) 1316), so the first server that does not pay for itself ends the search.
 *
 * @throws ImpossibleParameters
 */
export function cheapestServers({ arrivalRate, serviceRate, serverCost, holdingCost }: CostParameters): { servers: number; cost: number } {
  requirePositive('serverCost', serverCost);
  requireNotNegative('holdingCost', holdingCost);
  const base = leastStable(arrivalRate, serviceRate);
  const answer = (servers: number) => mmc({ arrivalRate, serviceRate, servers });
  const isEnough = (servers: number) => holdingCost * (answer(servers).meanQueueLength - answer(servers + 1).meanQueueLength) <= serverCost;
  const servers = leastFrom(base, Number.MAX_SAFE_INTEGER, Math.ceil(Math.sqrt(base) / 8), isEnough)!;
  return { servers, cost: serverCost * servers + holdingCost * answer(servers).meanNumberInSystem };
}

/** The least c with λ < cμ. */
function leastStable(arrivalRate: number, serviceRate: number): number {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requirePositive('serviceRate', serviceRate, '1/s');
  const load = arrivalRate / serviceRate;
  if (load > 0x40000000) refuse('arrivalRate', arrivalRate, `a rate below ${0x40000000} times the service rate (1/s)`);
  let servers = Math.max(1, Math.floor(load));
  while (productMinus(servers, serviceRate, arrivalRate) <= 0) servers++;
  return servers;
}

/** Strides that double until the condition holds, then halving; the first stride is what the square-root rule is made of. */
function leastFrom(base: number, max: number, firstStride: number, holds: (servers: number) => boolean): number | undefined {
  if (base > max) return undefined;
  if (holds(base)) return base;
  let fails = base;
  let stride = firstStride;
  while (!holds(Math.min(max, fails + stride))) {
    fails += stride;
    if (fails >= max) return undefined;
    stride *= 2;
  }
  let meets = Math.min(max, fails + stride);
  while (meets - fails > 1) {
    const middle = Math.floor(fails + (meets - fails) / 2);
    if (holds(middle)) meets = middle;
    else fails = middle;
  }
  return meets;
}

/**
 * The limit of the probability of waiting when load and servers grow together, c = a + β√a: 1/(1 + βΦ(β)/φ(β)). Source: Halfin &
 * Whitt, Oper. Res. 29 (1981) 567. Its own relative error is below 1e-14; M/M/c differs from it by about 1/√c.
 *
 * @throws ImpossibleParameters
 */
export function halfinWhitt(beta: number): number {
  requirePositive('beta', beta);
  return 1 / (1 + beta / normalHazard(-beta));
}

/**
 * Servers by the square-root rule, c = a + β√a with β from Halfin and Whitt, rounded up. An approximation: `leastServers` is
 * exact and as quick. @throws ImpossibleParameters
 */
export function squareRootStaffing({ offeredLoad, waitingProbability }: { offeredLoad: number; waitingProbability: number }): { servers: number; beta: number } {
  requirePositive('offeredLoad', offeredLoad, 'erlangs');
  requirePositive('waitingProbability', waitingProbability);
  if (waitingProbability >= 1) refuse('waitingProbability', waitingProbability, 'a probability below 1');
  const beta = rootOfFalling((x) => (x === 0 ? 1 : halfinWhitt(x)) - waitingProbability, 1);
  return { servers: Math.ceil(offeredLoad + beta * Math.sqrt(offeredLoad)), beta };
}
