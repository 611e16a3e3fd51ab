/** Latency against load: the predicted curve, simulated points, and the knee. */
import type { LoadCurve, PredictedPoint, SimulatedPoint } from '../capacity-result.ts';
import { type Num, resultNumber } from '../result-number.ts';
import type { Scenario } from '../scenario.ts';
import type { StationAnswer } from '../predictions/station-answer.ts';
import { withLoad } from './altered.ts';
import { estimateOf } from './estimate.ts';
import type { Replication } from './replication.ts';
import { answerFor, loadOf } from './theory.ts';

export interface Measured {
  readonly load: number;
  readonly replications: readonly Replication[];
}

const predictedPoints = 32;
/** Utilisations of the busiest station at which is simulated, besides the scenario's own. */
const simulatedAt = [0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95] as const;
/** Loads of so many times what the busiest station can handle are left to theory: a bounded queue only becomes fuller. */
const farthest = 2;
/** A point as near as this to another tells nothing new. */
const apart = 0.03;

/**
 * Loads at which is simulated, ascending: 1 is among them.
 * @param busy the load at which the busiest station has as much as it can handle
 * @param limits where theory has objectives end
 */
export function loadsFor(busy: number, saturation: number, limits: readonly number[]): number[] {
  const wanted = busy < Infinity ? simulatedAt.map((utilisation) => utilisation * busy) : [0.25, 0.5, 1.5, 2, 3];
  const around = limits.filter((limit) => limit > 0 && limit < saturation && limit <= farthest * Math.max(1, busy)).flatMap((limit) => [limit * 0.96, Math.min(limit * 1.04, 0.995 * saturation)]);
  const loads = [1];
  for (const load of [...around, ...wanted]) if (loads.every((other) => Math.abs(load / other - 1) > apart)) loads.push(Number(load.toPrecision(3)));
  return loads.sort((one, other) => one - other);
}

export function loadCurves(scenario: Scenario, busy: number, measured: readonly Measured[]): LoadCurve[] {
  const most = busy < Infinity ? 0.99 * busy : Math.max(...measured.map(({ load }) => load));
  const loads = Array.from({ length: predictedPoints }, (_, index) => (most * (index + 1)) / predictedPoints);
  const heavier = loads.map((load) => ({ load, scenario: withLoad(scenario, load) }));
  return Object.entries(scenario.consumers).map(([group, { subscribe }]): LoadCurve => {
    const answer = answerFor(scenario, group);
    const predicted = heavier.flatMap(({ load, scenario: each }) => pointOf(load, answerFor(each, group)));
    const simulated = measured.map(({ load, replications }) => simulatedPoint(scenario, group, load, replications));
    const busyAtOne = answer === undefined ? null : loadOf(answer);
    return { group, queue: subscribe, model: answer?.modelled.model ?? null, predicted, simulated, knee: kneeOf(predicted, simulated, busyAtOne) };
  });
}

function pointOf(load: number, answer: StationAnswer | undefined): PredictedPoint[] {
  if (answer === undefined || !answer.hasLatencies) return [];
  const p99 = answer.quantile('sojourn', 0.99);
  return [{ load, arrivalRate: answer.station.arrivals.rate, mean: resultNumber(answer.mean('sojourn')), p99: p99 === undefined ? null : resultNumber(p99) }];
}

function simulatedPoint(scenario: Scenario, group: string, load: number, replications: readonly Replication[]): SimulatedPoint {
  const figures = replications.map(({ groups }) => groups[group]!);
  return {
    load, arrivalRate: answerFor(withLoad(scenario, load), group)?.station.arrivals.rate ?? (estimateOf(figures.map(({ throughput }) => throughput)).value as number),
    mean: estimateOf(figures.map(({ mean }) => mean)), p99: estimateOf(figures.map(({ p99 }) => p99)),
    utilisation: estimateOf(figures.map(({ utilisation }) => utilisation)), throughput: estimateOf(figures.map(({ throughput }) => throughput)),
  };
}

/**
 * Where throughput by mean sojourn is greatest: Kleinrock's power (ICC 1979). By theory where the simulated points have it there,
 * too, as near as they lie; else the simulated point that has most of it. Null when that is at the edge of what was looked at.
 */
function kneeOf(predicted: readonly PredictedPoint[], simulated: readonly SimulatedPoint[], utilisation: number | null): LoadCurve['knee'] {
  const best = summit(simulated.map(({ throughput, mean }) => powerOf(throughput.value, mean.value)));
  const byTheory = summitOf(predicted);
  const isBorneOut = byTheory !== undefined && (simulated[best - 1]?.load ?? 0) <= byTheory && byTheory <= (simulated[best + 1]?.load ?? Infinity);
  if (isBorneOut && utilisation !== null) {
    const { load, arrivalRate } = predicted[0]!;
    return { load: byTheory, arrivalRate: (arrivalRate / load) * byTheory, utilisation: utilisation * byTheory, by: 'theory' };
  }
  if (best <= 0 || best >= simulated.length - 1) return null;
  const point = simulated[best]!;
  return { load: point.load, arrivalRate: point.arrivalRate, utilisation: point.utilisation.value as number, by: 'simulation' };
}

function powerOf(throughput: Num, mean: Num): number {
  return typeof throughput === 'number' && typeof mean === 'number' && mean > 0 ? throughput / mean : 0;
}

function summit(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

/** Between evenly spaced loads the power is taken for the parabola that it is for M/M/1. */
function summitOf(predicted: readonly PredictedPoint[]): number | undefined {
  const power = predicted.map(({ arrivalRate, mean }) => powerOf(arrivalRate, mean));
  const best = summit(power);
  if (best <= 0 || best >= power.length - 1) return undefined;
  const [before, at, after] = [power[best - 1]!, power[best]!, power[best + 1]!];
  const bend = before - 2 * at + after;
  const step = predicted[best]!.load - predicted[best - 1]!.load;
  return predicted[best]!.load + (bend === 0 ? 0 : (step * (before - after)) / (2 * bend));
}
