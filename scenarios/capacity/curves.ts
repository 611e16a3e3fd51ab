/** Latency against load: the predicted curve, simulated points, and the knee. */
import type { LoadCurve, PredictedPoint, SimulatedPoint } from '../capacity-result.ts';
import { resultNumber } from '../result-number.ts';
import type { Scenario } from '../scenario.ts';
import type { StationAnswer } from '../predictions/station-answer.ts';
import { withLoad } from './altered.ts';
import { estimateOf } from './estimate.ts';
import type { Replication } from './replication.ts';
import { answerFor, answersOf, loadOf } from './theory.ts';

export interface Measured {
  readonly load: number;
  readonly replications: readonly Replication[];
}

const predictedPoints = 32;
/** Utilisations of the busiest station at which is simulated, besides the scenario's own. */
const simulatedAt = [0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95] as const;
/** A point as near as this to another tells nothing new. */
const apart = 0.03;

/** Loads at which is simulated, ascending: 1 is among them. */
export function loadsFor(saturation: number, limits: readonly number[]): number[] {
  const wanted = saturation < Infinity ? simulatedAt.map((utilisation) => utilisation * saturation) : [0.25, 0.5, 1.5, 2, 3];
  const around = limits.filter((limit) => limit > 0 && limit < saturation).flatMap((limit) => [limit * 0.96, Math.min(limit * 1.04, 0.995 * saturation)]);
  const loads = [1];
  for (const load of [...around, ...wanted]) if (loads.every((other) => Math.abs(load / other - 1) > apart)) loads.push(Number(load.toPrecision(3)));
  return loads.sort((one, other) => one - other);
}

export function loadCurves(scenario: Scenario, saturation: number, measured: readonly Measured[]): LoadCurve[] {
  const most = saturation < Infinity ? 0.99 * saturation : Math.max(...measured.map(({ load }) => load));
  const loads = Array.from({ length: predictedPoints }, (_, index) => (most * (index + 1)) / predictedPoints);
  const answered = loads.map((load) => ({ load, answers: answersOf(withLoad(scenario, load)) }));
  return Object.entries(scenario.consumers).map(([group, { subscribe }]): LoadCurve => {
    const predicted = answered.flatMap(({ load, answers }) => pointOf(load, answers.find(({ station }) => station.groups.includes(group))));
    return {
      group, queue: subscribe, model: answerFor(scenario, group)?.modelled.model ?? null,
      predicted: predicted.map(({ point }) => point),
      simulated: measured.map(({ load, replications }) => simulatedPoint(scenario, group, load, replications)),
      knee: kneeOf(predicted),
    };
  });
}

interface Answered {
  readonly point: PredictedPoint;
  readonly utilisation: number;
}

function pointOf(load: number, answer: StationAnswer | undefined): Answered[] {
  if (answer === undefined || !answer.hasLatencies) return [];
  const p99 = answer.quantile('sojourn', 0.99);
  return [{ point: { load, arrivalRate: answer.station.arrivals.rate, mean: resultNumber(answer.mean('sojourn')), p99: p99 === undefined ? null : resultNumber(p99) }, utilisation: loadOf(answer) }];
}

function simulatedPoint(scenario: Scenario, group: string, load: number, replications: readonly Replication[]): SimulatedPoint {
  const figures = replications.map(({ groups }) => groups[group]!);
  return {
    load, arrivalRate: answerFor(withLoad(scenario, load), group)?.station.arrivals.rate ?? (estimateOf(figures.map(({ throughput }) => throughput)).value as number),
    mean: estimateOf(figures.map(({ mean }) => mean)), p99: estimateOf(figures.map(({ p99 }) => p99)),
    utilisation: estimateOf(figures.map(({ utilisation }) => utilisation)), throughput: estimateOf(figures.map(({ throughput }) => throughput)),
  };
}

/** Where throughput by mean sojourn is greatest: Kleinrock's power (ICC 1979). Null when that is at the edge of what was looked at. */
function kneeOf(predicted: readonly Answered[]): LoadCurve['knee'] {
  const power = predicted.map(({ point }) => (typeof point.mean === 'number' ? point.arrivalRate / point.mean : 0));
  const best = power.indexOf(Math.max(...power));
  if (best <= 0 || best >= power.length - 1) return null;
  const { point, utilisation } = predicted[best]!;
  return { load: point.load, arrivalRate: point.arrivalRate, utilisation };
}
