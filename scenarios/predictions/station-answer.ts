/**
 * A model's answer in the terms in which a run is measured: waiting from stored to the start of the handling that succeeds,
 * sojourn from publish to the end of that handling, utilisation as work by places to work.
 */
import { law } from '../../models/theory/laws/law.ts';
import type { Measure } from '../objective.ts';
import { type Modelled, modelFor } from './model-for.ts';
import type { Station } from './station.ts';

export class StationAnswer {
  readonly station: Station;
  readonly modelled: Modelled;
  /** Mean seconds of work of one handling. */
  private readonly work: number;

  constructor(station: Station, modelled: Modelled) {
    this.station = station;
    this.modelled = modelled;
    this.work = law(station.work).mean;
  }

  /** Messages handled per second: not those that are given up after too many deliveries. */
  get throughput(): number {
    const { probability, deliveryLimit } = this.station.repeats;
    const handled = deliveryLimit === undefined || probability === 0 ? 1 : -Math.expm1(deliveryLimit * Math.log(probability));
    return this.modelled.answer.throughput * handled * this.station.successes;
  }

  /** Busy with work, or waiting for confirms; what the ways to and from the broker take does not count. */
  get utilisation(): number {
    const { answer, handlings } = this.modelled;
    return Math.min(1, (answer.throughput * (handlings * this.work + this.station.ways.onward)) / this.station.places);
  }

  /** As the broker sees it: a message is in flight on its way to a worker, and until its settlement is back. */
  get meanInSystem(): number {
    const { answer, handlings } = this.modelled;
    const { there, back, onward, occupying } = this.station.ways;
    return answer.meanNumberInSystem + answer.throughput * handlings * (there + back + onward - occupying);
  }

  /** Mean seconds of the handling that succeeds: of a worker that breaks down, the short ones are likelier to. */
  private get lastHandling(): number {
    const { breakdowns } = this.station;
    return breakdowns === undefined ? this.work : 1 / (1 / this.work + breakdowns.failureRate);
  }

  /** Latencies are those of messages that were handled in the end: these failed less often than all of them. */
  private get overheadOfFailures(): number {
    const { repeats: { probability, deliveryLimit }, ways } = this.station;
    if (deliveryLimit === undefined || probability === 0) return 0;
    return (this.modelled.handlings - handlingsUntilSuccess(probability, deliveryLimit)) * (this.work + ways.occupying - ways.onward);
  }

  /** A full queue that drops its oldest messages has no waiting that a formula here knows. */
  get hasLatencies(): boolean {
    return this.station.whenFull !== 'drop-head' || this.modelled.refused === 0;
  }

  /**
   * How long the queue remembers, in seconds: that of M/M/1 with the speed of all servers, 1/(√μ − √λ)² (Kleinrock, vol. 1,
   * 2.12), stretched by the variability of arrivals and services as heavy traffic stretches waiting. A system without a steady
   * state forgets nothing; what can be said of it (that all are busy) is soon so.
   */
  get relaxationTime(): number {
    const { arrivals, breakdowns } = this.station;
    const { answer, service } = this.modelled;
    if (answer.utilisation >= 1) return service.mean;
    const root = Math.sqrt(arrivals.rate / answer.utilisation) - Math.sqrt(arrivals.rate);
    const variability = Math.min(variabilityMax, Math.max(1, (arrivals.scv + service.scv) / 2));
    const spare = 1 - answer.utilisation;
    // What broke is felt until it is repaired and what waited meanwhile is handled.
    const repairs = breakdowns === undefined ? 0 : 1 / ((breakdowns.failureRate + breakdowns.repairRate) * spare);
    return Math.max(service.mean, repairs, variability / (root * root));
  }

  mean(measure: Measure): number {
    const { ways, untilStored } = this.station;
    if (measure === 'service') return this.work;
    // What is measured ends where the handling that succeeded begins: the ones before it are part of the wait.
    const last = this.lastHandling;
    const waiting = this.modelled.answer.meanSojournTime - this.overheadOfFailures - last - ways.occupying + ways.there;
    return measure === 'waiting' ? waiting : untilStored + waiting + last;
  }

  /**
   * Undefined where the model has no such law. Where handlings are repeated by whoever is free next, all of them together are
   * one long service, of which the sojourn is known and the wait for the last part of it is not.
   */
  quantile(measure: Measure, q: number): number | undefined {
    const { ways, untilStored, repeats } = this.station;
    const { waitingQuantile, sojournQuantile } = this.modelled.answer;
    const isRepeated = repeats.probability > 0;
    if (measure === 'service' || (isRepeated && (measure === 'waiting' || repeats.to === 'end' || repeats.deliveryLimit !== undefined))) return undefined;
    if (measure === 'waiting') return waitingQuantile === undefined ? undefined : waitingQuantile(q) + ways.there;
    return sojournQuantile === undefined ? undefined : sojournQuantile(q) + untilStored + ways.there - ways.occupying;
  }
}

/** E[N | it succeeds within the limit], of a geometric N. */
function handlingsUntilSuccess(probability: number, limit: number): number {
  let sum = 0;
  let weight = 0;
  let power = 1;
  for (let k = 1; k <= limit && power > 1e-18; k++) {
    sum += k * power;
    weight += power;
    power *= probability;
  }
  return sum / weight;
}

/** Of laws without a variance: no run is long enough for them, and this is as long as one may ask. */
const variabilityMax = 100;

export function answerOf(station: Station): StationAnswer | { readonly why: string } {
  const modelled = modelFor(station);
  return 'why' in modelled ? modelled : new StationAnswer(station, modelled);
}
