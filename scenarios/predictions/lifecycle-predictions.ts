/** Markov life cycles: the chain solved in the long run and over just the measured phase, beside the time that was observed in each state. */
import { hittingTimes } from '../../models/theory/markov/hitting-times.ts';
import { steadyStateOfRates } from '../../models/theory/markov/steady-state.ts';
import { transientOfRates } from '../../models/theory/markov/transient.ts';
import type { LifecycleSpec } from '../../models/lifecycle-settings.ts';
import type { Occupancy } from '../../models/lifecycles.ts';
import { batchRates } from '../batches.ts';
import type { Measurements } from '../measurements.ts';
import type { LifecyclePrediction, StateShare } from '../prediction-result.ts';
import { resultNumber } from '../result-number.ts';
import { intervalOfRates } from './intervals.ts';

/** Each state of a chain with what it stands for: a weight for availability, or for capacity. */
type Weights = readonly number[];

export function lifecyclePredictions(measurements: Measurements): LifecyclePrediction[] {
  return [...measurements.states.keys()].map((occupancy) => predictionOf(occupancy, measurements));
}

function predictionOf(occupancy: Occupancy, measurements: Measurements): LifecyclePrediction {
  const { spec, target, individuals } = occupancy;
  const chain = solve(spec, measurements.measuredFrom / 1e9, measurements.measuredUntil / 1e9);
  const share = (name: string, weights: Weights): StateShare => shareOf(name, weights, chain, occupancy, measurements);
  const works = chain.names.map((name) => !(spec.states[name]!.down || spec.states[name]!.paused));
  return {
    of: target, individuals,
    states: chain.names.map((name, index) => share(name, chain.names.map((_, state) => (state === index ? 1 : 0)))),
    availability: share('available', works.map(Number)),
    capacity: share('capacity', chain.names.map((name, index) => (works[index] ? 1 / (spec.states[name]!.serviceFactor ?? 1) : 0))),
    meanTimeToFailure: resultNumber(timeToFailure(chain, works)),
  };
}

interface Solved {
  readonly names: readonly string[];
  readonly rates: readonly (readonly number[])[];
  readonly start: number;
  readonly longRun: readonly number[];
  readonly expected: readonly number[];
}

export function solveLifecycle(spec: LifecycleSpec): Pick<Solved, 'names' | 'rates' | 'start' | 'longRun'> {
  const names = Object.keys(spec.states);
  const rates = names.map((from) => names.map((to) => (from === to ? 0 : (spec.rates[from]?.[to] ?? 0))));
  const start = spec.start === undefined ? 0 : names.indexOf(spec.start);
  return { names, rates, start, longRun: steadyStateOfRates(rates, start) };
}

/** Nodes and weights of Gauss and Legendre's rule with five points on [−1, 1]. */
const gaussPoints = [[-0.906179845938664, 0.2369268850561891], [-0.538469310105683, 0.4786286704993665], [0, 0.5688888888888889], [0.538469310105683, 0.4786286704993665], [0.906179845938664, 0.2369268850561891]] as const;
/** The phase is cut into this many parts, shorter ones where the chain has just begun. */
const parts = 24;

function solve(spec: LifecycleSpec, from: number, until: number): Solved {
  const chain = solveLifecycle(spec);
  const { rates, start, names } = chain;
  const initial = names.map((_, state) => (state === start ? 1 : 0));
  const expected = names.map(() => 0);
  // Of no time at all: the chain has not moved.
  if (!(until > from)) return { ...chain, expected: initial };
  const edges = Array.from({ length: parts + 1 }, (_, index) => from + ((until - from) * index * index) / (parts * parts));
  for (let part = 0; part < parts; part++) {
    const half = (edges[part + 1]! - edges[part]!) / 2;
    for (const [point, weight] of gaussPoints) {
      const at = transientOfRates({ rates, initial, time: edges[part]! + half * (1 + point) });
      at.forEach((probability, state) => { expected[state]! += (probability * weight * half) / (until - from); });
    }
  }
  return { ...chain, expected };
}

/** A state entered less often than this while measured says too little about its share. */
const visitsMin = 30;

function shareOf(name: string, weights: Weights, { names, rates, longRun, expected }: Solved, occupancy: Occupancy, measurements: Measurements): StateShare {
  const weighed = (shares: readonly number[]): number => weights.reduce((sum, weight, state) => sum + weight * shares[state]!, 0);
  const windows = measurements.stateWindows.get(occupancy)!;
  const series = windows[0]!.map((_, window) => weights.reduce((sum, weight, state) => sum + weight * windows[state]![window]!, 0));
  const exits = rates.map((row) => row.reduce((sum, rate) => sum + rate, 0));
  const stays = exits.map((exit) => (exit > 0 ? 1 / exit : 0));
  const measured = measurements.measuredFor / 1e9;
  // The weight changes when the chain moves between states that weigh differently.
  const moves = names.reduce((sum, _, from) => sum + expected[from]! * rates[from]!.reduce((flow, rate, to) => (weights[from] === weights[to] ? flow : flow + rate), 0), 0);
  const isTold = moves * measured * occupancy.individuals >= visitsMin;
  const relaxationTime = Math.max(...stays.map((stay, state) => stay * (expected[state]! > 0.5 ? 1 - expected[state]! : 1)));
  const interval = isTold ? intervalOfRates(batchRates(measurements, series), measured / relaxationTime) : null;
  const inTime = weighed(expected);
  return {
    name, predicted: weighed(longRun), expected: inTime, simulated: weighed(measurements.states.get(occupancy)!), interval,
    agrees: interval === null ? null : inTime >= interval[0] && inTime <= interval[1],
  };
}

/** From the state it starts in until it is first down or paused; Infinity when it never is. */
function timeToFailure({ names, rates, start }: Solved, works: readonly boolean[]): number {
  const failed = names.flatMap((_, state) => (works[state] ? [] : [state]));
  if (failed.length === 0) return Infinity;
  return works[start] ? hittingTimes({ rates, targets: failed }).means[start]! : 0;
}
