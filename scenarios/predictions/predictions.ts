/** Predictions beside what a run measured: each value with the simulated one, its interval, and whether they agree. */
import type { ConsumerGroup } from '../../models/consumer-group.ts';
import { Histogram } from '../../sim/histogram.ts';
import { batchRates } from '../batches.ts';
import type { GroupWindows } from '../measurements.ts';
import type { PredictedValue, Prediction } from '../prediction-result.ts';
import { type Num, resultNumber } from '../result-number.ts';
import type { RunResult } from '../result.ts';
import type { Scenario } from '../scenario.ts';
import { type Interval, intervalOfLevels, intervalOfMean, intervalOfQuantile, intervalOfRates, isTelling } from './intervals.ts';
import type { Simulated } from './simulated.ts';
import { answerOf, type StationAnswer } from './station-answer.ts';
import { stationsOf, unknownQueues } from './station.ts';
import { whatHappened } from './what-happened.ts';

export function predictionsOf(scenario: Scenario, simulated: Simulated): Pick<RunResult, 'predictions' | 'unpredicted'> {
  const predictions: Prediction[] = [];
  const unpredicted = unknownQueues(scenario).map((of) => ({ of, why: unknownWhy }));
  for (const station of stationsOf(scenario)) {
    const answer = answerOf(station);
    if ('why' in answer) unpredicted.push({ of: station.queue, why: answer.why });
    else predictions.push(predictionOf(answer, simulated));
  }
  return { predictions, unpredicted };
}

const unknownWhy = 'the settings do not say how much comes to it: what dead letters or a shovel bring, or nothing';

function predictionOf(stationAnswer: StationAnswer, simulated: Simulated): Prediction {
  const { station, modelled } = stationAnswer;
  const { model, kind, formula, knownError, page, answer, service } = modelled;
  const { arrivals, servers, capacity } = station;
  const values = new Comparison(stationAnswer, simulated).values();
  const happened = whatHappened(station, simulated);
  return {
    of: station.queue, groups: station.groups, model, kind, formula, knownError, page: `docs/theory/${page}.md`,
    parameters: {
      arrivalRate: arrivals.rate, interarrivalScv: resultNumber(arrivals.scv), meanServiceTime: service.mean, serviceScv: resultNumber(service.scv), servers,
      capacity: model === 'M/M/c/K' ? capacity! : null,
    },
    growthRate: answer.growthRate,
    assumed: station.assumed,
    broken: [...new Set([...happened, ...station.nearly, ...station.broken])],
    values,
    waiting: curveOf(stationAnswer),
  };
}

const pointsOfCurve = 40;

/** The tail of the waiting time as the simulation measures it, until one in a hundred thousand waits longer. */
function curveOf({ station, modelled: { answer } }: StationAnswer): Prediction['waiting'] {
  const { waitingTail, waitingQuantile } = answer;
  if (waitingTail === undefined || waitingQuantile === undefined || answer.growthRate > 0 || answer.utilisation >= 1 && station.capacity === undefined) return null;
  const longest = waitingQuantile(0.99999);
  if (!(longest > 0 && longest < Infinity)) return null;
  const ratio = Math.exp(Math.log(1000) / (pointsOfCurve - 1));
  const times = Array.from({ length: pointsOfCurve }, (_, index) => (longest / 1000) * Math.exp(index * Math.log(ratio)));
  return { times: times.map((time) => time + station.ways.there), longer: times.map((time) => waitingTail(time)) };
}

/** Chance aside, what is read off a histogram is that near to what it stands for. */
const histogramError = 1 / 256;
/** What is left of a long run's edges: arrivals of the warm-up that leave in the measured phase, and the like. */
const edge = 0.002;

const percentiles = [['p50', 0.5], ['p90', 0.9], ['p95', 0.95], ['p99', 0.99]] as const;
const compared = ['waiting', 'sojourn'] as const;
type Compared = (typeof compared)[number];

class Comparison {
  private readonly answer: StationAnswer;
  private readonly simulated: Simulated;
  private readonly readers: readonly ConsumerGroup[];
  /** How many relaxation times were measured. */
  private readonly relaxations: number;

  constructor(answer: StationAnswer, simulated: Simulated) {
    this.answer = answer;
    this.simulated = simulated;
    this.readers = simulated.system.consumers.groups.filter(({ name }) => answer.station.groups.includes(name));
    this.relaxations = simulated.measurements.measuredFor / 1e9 / answer.relaxationTime;
  }

  values(): PredictedValue[] {
    const { answer } = this;
    const { measurements, system, queues } = this.simulated;
    const { queue } = answer.station;
    const { ready, inFlight } = measurements.queueWindows.get(system.world.ledger.queues.find(({ name }) => name === queue)!)!;
    const result = queues[queue]!;
    return [
      this.overTime('throughput', '/s', answer.throughput, result.throughput, intervalOfRates, this.sumOfReaders(({ handled }) => handled)),
      this.overTime('utilisation', '', answer.utilisation, result.utilisation, intervalOfRates, this.sumOfReaders(({ utilisation }, share) => utilisation.map((value) => value * share))),
      ...(answer.station.isHeld ? [this.overTime('inSystem.mean', '', answer.meanInSystem, result.meanInSystem, intervalOfLevels, ready.map((value, index) => value + inFlight[index]!))] : []),
      ...(answer.hasLatencies ? compared.flatMap((measure) => this.latencies(measure)) : []),
    ];
  }

  private latencies(measure: Compared): PredictedValue[] {
    const quantiles = percentiles.flatMap(([name, q]) => {
      const predicted = this.answer.quantile(measure, q);
      return predicted === undefined ? [] : [this.ofLatency(measure, name, predicted, q)];
    });
    return [this.ofLatency(measure, 'mean', this.answer.mean(measure)), ...quantiles];
  }

  private ofLatency(measure: Compared, statistic: 'mean' | (typeof percentiles)[number][0], predicted: number, q?: number): PredictedValue {
    const recorders = this.readers.map((group) => group[measure]);
    const parts = recorders[0]!.sections().map((_, section) => merged(recorders.map((recorder) => recorder.sections()[section]!)));
    const simulated = this.simulated.queues[this.answer.station.queue]!.latency[measure][statistic];
    // Of waiting only the time tells in which somebody waits.
    const share = measure === 'waiting' ? this.answer.modelled.answer.waitingProbability : 1;
    const interval = q === undefined ? intervalOfMean(parts, this.relaxations * share) : intervalOfQuantile(parts, q, this.relaxations);
    return this.compared(`${measure}.${statistic}`, 's', predicted, simulated, interval, q === undefined ? 0 : histogramError);
  }

  private overTime(metric: string, unit: PredictedValue['unit'], predicted: number, simulated: number, intervalOf: typeof intervalOfRates, windows: readonly number[]): PredictedValue {
    return this.compared(metric, unit, predicted, simulated, intervalOf(batchRates(this.simulated.measurements, windows), this.relaxations), 0);
  }

  private compared(metric: string, unit: PredictedValue['unit'], predicted: number, simulated: Num, interval: Interval, reading: number): PredictedValue {
    // What is known of an approximation's error is that of its means; percentiles are taken to be off by twice as much.
    const known = metric === 'throughput' || metric === 'utilisation' ? 0 : this.answer.modelled.tolerance * (reading > 0 ? 2 : 1);
    const tolerance = Math.max(edge, known + reading);
    const isInside = interval !== null && predicted >= interval[0] * (1 - tolerance) && predicted <= interval[1] * (1 + tolerance);
    const agrees = interval === null || predicted === Infinity || typeof simulated !== 'number' || !isTelling(interval, predicted, simulated) ? null : isInside;
    return { metric, unit, predicted: resultNumber(predicted), simulated, interval, tolerance, agrees };
  }

  /** Window by window over the groups that read the queue; `share` is a group's part of all their servers. */
  private sumOfReaders(of: (windows: GroupWindows, share: number) => readonly number[]): number[] {
    const servers = this.readers.reduce((sum, group) => sum + group.servers, 0);
    const columns = this.readers.map((group) => of(this.simulated.measurements.groupWindows.get(group)!, group.servers / servers));
    return columns[0]!.map((_, index) => columns.reduce((sum, column) => sum + column[index]!, 0));
  }
}

function merged(parts: readonly Histogram[]): Histogram {
  if (parts.length === 1) return parts[0]!;
  const all = new Histogram();
  for (const part of parts) all.merge(part);
  return all;
}
