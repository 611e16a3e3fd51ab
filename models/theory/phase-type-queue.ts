/**
 * M/PH/c: Poisson arrivals, several servers, service that passes through phases (exponential, Erlang, hyperexponential and
 * mixtures of them). Exact; relative error about 1e-12, whatever the load.
 *
 * Sources: Neuts, Matrix-Geometric Solutions (1981); Sengupta, Adv. Appl. Prob. 21 (1989) 159, and Asmussen & Møller,
 * Queueing Systems 37 (2001) 9, for the law of the wait.
 */
import { refuse, refuseDescribed, requireNotNegative, requirePositive, requireQuantileOrder, requireWhole } from './checks.ts';
import type { Law, Phases } from './laws/law-form.ts';
import type { LawSpec } from './laws/law-spec.ts';
import { law } from './laws/law.ts';
import { AbsorptionTail } from './numerics/absorption-time.ts';
import { type Matrix, matrix, multiply, sum, total } from './numerics/matrix.ts';
import { productMinus } from './numerics/products.ts';
import { type OccupancyLevels, occupancyCount, occupancyLevels } from './occupancies.ts';
import { type EndlessLevels, endlessLevels, isDownwards, type LevelSums, stationaryLevels } from './qbd.ts';
import { type QueueAnswer, unstableAnswer } from './queue-answer.ts';

export interface PhaseTypeStation {
  readonly arrivalRate: number;
  readonly service: LawSpec;
  readonly servers: number;
}

/** Of busy servers over phases; an answer with so many takes some seconds. */
const statesMax = 300;

const model = 'M/PH/c';

/** @throws ImpossibleParameters */
export function mphc({ arrivalRate, service, servers }: PhaseTypeStation): QueueAnswer {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requireWhole('servers', servers, 1);
  const serviceLaw = law(service, 'service');
  const { mean } = serviceLaw;
  const phases = phasesOf(serviceLaw, servers);
  const spare = -productMinus(arrivalRate, mean, servers) / mean;
  if (!isDownwards(spare, servers / mean)) return unstableAnswer(model, arrivalRate, servers / mean);
  const levels = occupancyLevels({ arrivalRate, phases, servers });
  const above = endlessLevels(levels.full, spare);
  return { model, utilisation: (arrivalRate * mean) / servers, throughput: arrivalRate, growthRate: 0, ...answerOf({ arrivalRate, serviceLaw, phases, levels, above, spare }) };
}

function phasesOf({ phases, spec }: Law, servers: number): Phases {
  if (phases === undefined) return refuseDescribed('service', `a law of type ${spec.type}`, 'a law with few phases: exponential, erlang, hyperexp2, hyperexp2_balanced or a mixture of them');
  const states = occupancyCount(phases.initial.length, servers);
  if (states > statesMax) {
    refuse('servers', servers, `a number with at most ${statesMax} ways to spread busy servers over ${phases.initial.length} phases (here ${states}; ggc_approx has no such limit)`);
  }
  return phases;
}

interface Solving {
  readonly arrivalRate: number;
  readonly serviceLaw: Law;
  readonly phases: Phases;
  readonly levels: OccupancyLevels;
  readonly above: EndlessLevels;
  readonly spare: number;
}

type StableAnswer = Omit<QueueAnswer, 'model' | 'utilisation' | 'throughput' | 'growthRate'>;

function answerOf(solving: Solving): StableAnswer {
  const { arrivalRate, serviceLaw, above } = solving;
  const sums = waitingLevels(solving);
  const meanQueueLength = total(sums.first);
  const meanWaitingTime = meanQueueLength / arrivalRate;
  // Little's law of distributions: E[Q (Q − 1)] = λ² E[wait²].
  const secondMoment = (2 * total(sums.second)) / (arrivalRate * arrivalRate);
  const waitingProbability = total(sums.weights);
  const waiting = lazy(() => waitingTimeTail(solving, above, sums));
  const sojourn = lazy(() => sojournTimeTail(solving, above, sums));
  return {
    meanNumberInSystem: meanQueueLength + arrivalRate * serviceLaw.mean, meanQueueLength,
    meanSojournTime: meanWaitingTime + serviceLaw.mean, meanWaitingTime,
    waitingTimeVariance: secondMoment - meanWaitingTime * meanWaitingTime,
    waitingProbability,
    waitingTail: (t) => tailOf(waiting(), t),
    waitingQuantile: (p) => quantileOf(waiting(), p),
    sojournTail: (t) => tailOf(sojourn(), t),
    sojournQuantile: (p) => quantileOf(sojourn(), p),
  };
}

/** Sums over the levels on which all servers are busy, as probabilities. */
function waitingLevels({ levels: { untilFull }, above }: Solving): LevelSums {
  const vectors = stationaryLevels([...untilFull.slice(0, -1), { ...untilFull.at(-1)!, local: above.localWithReturns }]);
  const sums = above.sumsFrom(vectors.at(-1)!);
  const whole = vectors.slice(0, -1).reduce((most, vector) => most + total(vector), total(sums.weights));
  const share = (vector: Float64Array) => vector.map((weight) => weight / whole);
  return { weights: share(sums.weights), first: share(sums.first), second: share(sums.second) };
}

interface WaitChain {
  readonly start: Float64Array;
  readonly rates: Matrix;
  readonly exits: Float64Array;
  readonly worths: Float64Array;
}

/**
 * P(wait > t) = x e^{Tt} 1 with x the sum of the vectors of the levels on which all are busy and T = D₀ + R D₁, where D₀ and D₁
 * are the changes of the occupancy without and with a departure. Why: it is x F(t) 1 with F = Σ Rᵏ P(k departures by t), for
 * whoever finds k waiting waits for k + 1 departures; and F′ = F D₀ + R F D₁ is solved by e^{Tt}, since R = λ (λ − T)⁻¹
 * commutes with T.
 *
 * T is no generator, but read backwards (weighted by α, the law of the phases far up) it is one, and what its rows lack to
 * zero is known: α T = −drift · γ. So the wait is the time in a chain that begins as α, and a state i is worth xᵢ / αᵢ.
 */
function waitChain({ levels: { full }, spare }: Solving, { ratio, phaseLaw, metLaw }: EndlessLevels, { weights }: LevelSums): WaitChain {
  const forward = sum(full.local, multiply(ratio, full.down));
  const size = phaseLaw.length;
  const isMet = (phase: number) => phaseLaw[phase]! > 1e-200;
  return {
    start: phaseLaw,
    rates: matrix(size, size, (from, to) => (from !== to && isMet(from) && isMet(to) ? (phaseLaw[to]! * forward.values[to * size + from]!) / phaseLaw[from]! : 0)),
    exits: metLaw.map((probability, phase) => (isMet(phase) ? (spare * probability) / phaseLaw[phase]! : 0)),
    worths: weights.map((weight, phase) => (isMet(phase) ? weight / phaseLaw[phase]! : 0)),
  };
}

function waitingTimeTail(solving: Solving, above: EndlessLevels, sums: LevelSums): AbsorptionTail {
  return new AbsorptionTail(waitChain(solving, above, sums));
}

/** Service first and then the wait: their order does not matter to the sum. */
function sojournTimeTail(solving: Solving, above: EndlessLevels, sums: LevelSums): AbsorptionTail {
  const { phases: { initial, generator, exits } } = solving;
  const wait = waitChain(solving, above, sums);
  const first = initial.length;
  const size = first + wait.start.length;
  const rate = (from: number, to: number) => {
    if (from >= first) return to >= first ? wait.rates.values[(from - first) * wait.rates.columns + to - first]! : 0;
    return to >= first ? exits[from]! * wait.start[to - first]! : from === to ? 0 : generator[from]![to]!;
  };
  return new AbsorptionTail({
    start: Float64Array.from({ length: size }, (_, state) => initial[state] ?? 0),
    rates: matrix(size, size, rate),
    exits: Float64Array.from({ length: size }, (_, state) => (state < first ? 0 : wait.exits[state - first]!)),
    worths: Float64Array.from({ length: size }, (_, state) => (state < first ? 1 : wait.worths[state - first]!)),
  });
}

function tailOf(time: AbsorptionTail, t: number): number {
  requireNotNegative('t', t, 's');
  return time.tail(t);
}

function quantileOf(time: AbsorptionTail, p: number): number {
  requireQuantileOrder('p', p);
  return time.quantile(p);
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
