import type { Phases } from '../laws/law-form.ts';
import { logGammaLower, logPoissonMass } from '../numerics/special-functions.ts';
import type { Server, WaitingLaw } from './server.ts';

/** Steps times phases: what a chain may cost that does not settle. */
const workMax = 20_000_000;
const settledWithin = 1e-14;
/** What is left then counts no more, settled or not. */
const nothing = 1e-280;

/**
 * Service of phases that are passed in their order: the wait lasts until a chain of the same phases is absorbed, which begins in
 * β = λα(−T)⁻¹ and starts a further service with β at each end of one. By uniformisation all terms are positive; as soon as the
 * chain has settled the rest is geometric, so that far tails cost no more. Relative error about 1e-12. Undefined for chains
 * that do not settle in time (rates of many sizes). Source: Neuts, Matrix-Geometric Solutions (1981).
 */
export function phaseWait({ arrivalRate, spareShare }: Server, { initial, generator, exits }: Phases): WaitingLaw | undefined {
  const chain = uniformised(generator, exits);
  const start = timesInPhases(initial, generator).map((time) => arrivalRate * time);
  const sojournFactor = exits.map((exit) => 1 + (exit * spareShare) / arrivalRate);
  const survival = { waiting: [] as number[], sojourn: [] as number[], fall: NaN };
  let state = start;
  let calm = 0;
  // A lap through all phases must pass without change before the chain counts as settled.
  while (calm < 2 * initial.length + 10) {
    if (survival.waiting.length * initial.length > workMax) return undefined;
    const alive = sum(state, () => 1);
    const fall = (spareShare * sum(state, (phase) => exits[phase]!)) / (alive * chain.rate);
    calm = Math.abs(fall - survival.fall) <= settledWithin * fall ? calm + 1 : 0;
    survival.waiting.push(alive);
    survival.sojourn.push(sum(state, (phase) => sojournFactor[phase]!));
    survival.fall = fall;
    if (alive < nothing) break;
    state = chain.step(state, start);
  }
  return {
    waitingTail: (t) => poissonMixture(survival.waiting, survival.fall, chain.rate * t),
    sojournTail: (t) => poissonMixture(survival.sojourn, survival.fall, chain.rate * t),
  };
}

const sum = (state: readonly number[], weight: (phase: number) => number): number => state.reduce((total, mass, phase) => total + mass * weight(phase), 0);

/** α(−T)⁻¹ where every phase is left for later ones only. */
function timesInPhases(initial: readonly number[], generator: Phases['generator']): number[] {
  const times: number[] = [];
  initial.forEach((chance, phase) => {
    const entered = times.reduce((total, time, from) => total + time * generator[from]![phase]!, chance);
    times.push(entered / -generator[phase]![phase]!);
  });
  return times;
}

function uniformised(generator: Phases['generator'], exits: readonly number[]) {
  // More than the largest rate: a chain that must move at each step would go round for ever when there is hardly any load.
  const rate = 1.5 * Math.max(...generator.map((row, phase) => -row[phase]!));
  const moves = generator.flatMap((row, from) => row.flatMap((each, to) => (from !== to && each > 0 ? [{ from, to, chance: each / rate }] : [])));
  const stays = generator.map((row, phase) => 1 + row[phase]! / rate);
  return {
    rate,
    step(state: readonly number[], start: readonly number[]): number[] {
      const ended = sum(state, (phase) => exits[phase]! / rate);
      const next = state.map((mass, phase) => mass * stays[phase]! + ended * start[phase]!);
      for (const { from, to, chance } of moves) next[to]! += state[from]! * chance;
      return next;
    },
  };
}

/** Σ_n P(Poisson(x) = n) u_n, where u falls by the share `fall` each step from its last entry on. */
function poissonMixture(survival: readonly number[], fall: number, x: number): number {
  if (x === 0) return survival[0]!;
  const last = survival.length - 1;
  let total = 0;
  for (let n = 0; n < last; n++) total += survival[n]! * Math.exp(logPoissonMass(n, x));
  const shrink = Math.log1p(-fall);
  return total + Math.exp(Math.log(survival[last]!) - last * shrink - x * fall + logGammaLower(last, x * (1 - fall)));
}
