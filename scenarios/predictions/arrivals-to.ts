/**
 * What comes to each queue: how much of it, and how regularly.
 *
 * Streams that meet are one stream: Poisson streams make a Poisson stream; others are described by the squared coefficient
 * of variation of the times between arrivals, by the weights of Whitt's queueing network analyser (QNA, Bell System
 * Technical Journal 62, 1983), as are departures from a station and streams that split by chance.
 */
import { viewOf } from '../../models/brokers/index.ts';
import { steadyStateOfRates } from '../../models/theory/markov/steady-state.ts';
import type { ArrivalsSpec } from '../../models/arrival-settings.ts';
import type { ConsumerSpec } from '../../models/consumer-settings.ts';
import type { ProducerSpec } from '../../models/producer-settings.ts';
import { distribution } from '../../sim/distribution.ts';
import { type Nanos, nanosPerSecond, type PerSecond } from '../../sim/units.ts';
import { goesTo } from '../destinations.ts';
import { groupCapacity, meanRate, offeredLoad, serversOf } from '../offered-load.ts';
import type { Scenario } from '../scenario.ts';

export interface Arrivals {
  /** Messages per second, over the measured phase. */
  readonly rate: PerSecond;
  readonly isPoisson: boolean;
  /** Squared coefficient of variation of the times between arrivals. */
  readonly scv: number;
  /** The only source, when it is one producer whose gaps are drawn by themselves. */
  readonly gaps?: ProducerSpec['arrivals'] & { readonly kind: 'renewal' | 'constant' };
  /** Why the rate is not the same all the time; empty when it is. */
  readonly varying: readonly string[];
}

interface Stream {
  readonly rate: PerSecond;
  readonly scv: number;
  readonly isPoisson: boolean;
}

/** The queues whose arrivals are known, by `broker/queue`. */
export function arrivalsTo(scenario: Scenario): ReadonlyMap<string, Arrivals> {
  const from = scenario.phases.warmUp;
  const until = from + scenario.phases.measure;
  const { rates } = offeredLoad(scenario, (producer) => rateOver(producer.arrivals, from, until));
  const streams = new Streams(scenario, rates, from, until);
  const arrivals = new Map<string, Arrivals>();
  for (const [queue, rate] of rates) if (rate > 0 && rate < Infinity) arrivals.set(queue, streams.to(queue, rate));
  return arrivals;
}

class Streams {
  private readonly scenario: Scenario;
  private readonly rates: ReadonlyMap<string, PerSecond>;
  private readonly from: Nanos;
  private readonly until: Nanos;
  /** Queues that are being looked at: a stream that comes back to one is taken as if it were Poisson. */
  private readonly open = new Set<string>();
  private readonly known = new Map<string, Arrivals>();

  constructor(scenario: Scenario, rates: ReadonlyMap<string, PerSecond>, from: Nanos, until: Nanos) {
    this.scenario = scenario;
    this.rates = rates;
    this.from = from;
    this.until = until;
  }

  to(queue: string, rate: PerSecond): Arrivals {
    const known = this.known.get(queue) ?? this.gathered(queue, rate);
    this.known.set(queue, known);
    return known;
  }

  private gathered(queue: string, rate: PerSecond): Arrivals {
    this.open.add(queue);
    const producers = Object.entries(this.scenario.producers).filter(([, producer]) => goesTo(this.scenario, producer, queue));
    const fresh = producers.flatMap(([, producer]) => this.streamsOf(producer));
    const onward = Object.values(this.scenario.consumers).flatMap((group) =>
      group.publish.filter((onward) => goesTo(this.scenario, onward, queue)).map(({ probability }, _, entries) => ({ ...this.departuresOf(group.subscribe, probability), ...(entries.length > 1 && { isPoisson: false }) })));
    this.open.delete(queue);
    const streams = [...fresh, ...onward].filter((stream) => stream.rate > 0);
    const only = producers.length === 1 && onward.length === 0 && producers[0]![1].count === 1 ? producers[0]![1].arrivals : undefined;
    const varying = producers.flatMap(([name, producer]) => this.variationOf(name, producer));
    return {
      rate, varying,
      isPoisson: streams.every(({ isPoisson }) => isPoisson),
      scv: merged(streams, this.utilisationOf(queue)),
      ...((only?.kind === 'renewal' || only?.kind === 'constant') && { gaps: only }),
    };
  }

  private streamsOf({ arrivals, count }: ProducerSpec): Stream[] {
    const rate = rateOver(arrivals, this.from, this.until) ?? 0;
    const scv = arrivals.kind === 'constant' ? 0 : arrivals.kind === 'renewal' ? scvOf(arrivals.gap) : 1;
    const isPoisson = arrivals.kind !== 'constant' && arrivals.kind !== 'renewal' && !('process' in arrivals && arrivals.process === 'constant');
    // Poisson streams of many producers are one.
    return isPoisson ? [{ rate: rate * count, scv, isPoisson }] : Array.from({ length: Math.min(count, streamsMax) }, () => ({ rate: (rate * count) / Math.min(count, streamsMax), scv, isPoisson }));
  }

  /** What leaves a station, of which each message goes this way with a probability. */
  private departuresOf(queue: string, probability: number): Stream {
    const rate = (this.rates.get(queue) ?? 0) * probability;
    if (this.open.has(queue)) return { rate, scv: 1, isPoisson: false };
    const input = this.to(queue, this.rates.get(queue) ?? 0);
    const readers = Object.values(this.scenario.consumers).filter((group) => group.subscribe === queue);
    // Burke 1956: what leaves a stable M/M/c is Poisson.
    if (input.isPoisson && readers.length === 1 && this.isPlain(queue, readers[0]!) && this.utilisationOf(queue) < 1) return { rate, scv: 1, isPoisson: true };
    const servers = readers.reduce((sum, group) => sum + serversOf(group), 0);
    const serviceScv = Math.max(0, ...readers.map(({ service }) => scvOf(service)));
    const load = Math.min(1, this.utilisationOf(queue));
    const departures = 1 + (1 - load * load) * (input.scv - 1) + ((load * load) / Math.sqrt(Math.max(1, servers))) * (Math.max(serviceScv, 0.2) - 1);
    return { rate, scv: probability * departures + 1 - probability, isPoisson: false };
  }

  /** Nothing but exponential work in one line: no failures, limits, ways that take time, or workers that come and go. */
  private isPlain(queue: string, group: ConsumerSpec): boolean {
    const [broker, name] = queue.split('/') as [string, string];
    const { network, brokers } = this.scenario;
    const isNear = [network.default, ...network.links].every(({ latency }) => latency === undefined || distribution(latency).mean <= nearWay * distribution(group.service).mean);
    const isOneLine = group.count === 1 || (group.acknowledge === 'after-work' && group.prefetch <= group.concurrency);
    const isUndisturbed = group.failure === undefined && group.lifecycle === undefined && group.crashes.length === 0 && viewOf(brokers[broker]!).queues[name]!.maxLength === undefined;
    return group.service.kind === 'exponential' && isOneLine && isNear && isUndisturbed && group.publish.every(({ confirm }) => confirm === undefined);
  }

  private utilisationOf(queue: string): number {
    const readers = Object.values(this.scenario.consumers).filter((group) => group.subscribe === queue);
    const capacity = readers.reduce((sum, group) => sum + groupCapacity(group), 0);
    return capacity > 0 ? (this.rates.get(queue) ?? 0) / capacity : Infinity;
  }

  private variationOf(name: string, { arrivals, messages, count }: ProducerSpec): string[] {
    const said: string[] = [];
    if (arrivals.kind === 'daily' || arrivals.kind === 'phases' || arrivals.kind === 'recorded') said.push(`${name} publishes at a rate that changes over time (${arrivals.kind})`);
    if (arrivals.kind === 'markovModulated') said.push(`${name} publishes at a rate that follows a Markov chain`);
    const lasts = messages === undefined ? Infinity : messages / (rateOver(arrivals, this.from, this.until) ?? Infinity);
    if (lasts * nanosPerSecond < this.until) said.push(`${name} stops after ${messages} messages${count > 1 ? ' each' : ''}`);
    return said;
  }
}

/** A way that takes no more than this share of a service does not shape what leaves. */
const nearWay = 0.01;

/** More streams than this are Poisson for all purposes (Palm and Khinchine). */
const streamsMax = 1000;

/** Superposition by QNA: between that of the average and Poisson, nearer to Poisson the more streams there are and the less they load the station. */
function merged(streams: readonly Stream[], utilisation: number): number {
  const rate = streams.reduce((sum, stream) => sum + stream.rate, 0);
  if (rate === 0) return 1;
  const average = streams.reduce((sum, stream) => sum + (stream.rate / rate) * stream.scv, 0);
  const alike = streams.reduce((sum, stream) => sum + (stream.rate / rate) * (stream.rate / rate), 0);
  const idle = 1 - Math.min(1, utilisation);
  const weight = 1 / (1 + 4 * idle * idle * (1 / alike - 1));
  return weight * average + 1 - weight;
}

function scvOf(spec: Parameters<typeof distribution>[0]): number {
  const { mean, variance } = distribution(spec);
  return mean === 0 ? 0 : variance / (mean * mean);
}

/** Messages per second of one producer, averaged over a stretch of time; undefined where they cannot be known. */
export function rateOver(arrivals: ArrivalsSpec, from: Nanos, until: Nanos): PerSecond | undefined {
  const seconds = (until - from) / nanosPerSecond;
  switch (arrivals.kind) {
    case 'constant':
    case 'poisson':
    case 'renewal':
      return meanRate(arrivals);
    case 'recorded':
      return arrivals.times.filter((time) => time >= from && time < until).length / seconds;
    case 'daily': {
      const angle = (time: Nanos): number => 2 * Math.PI * ((time - arrivals.peakAt) / arrivals.period);
      const swing = ((Math.sin(angle(until)) - Math.sin(angle(from))) * arrivals.period) / (2 * Math.PI * (until - from));
      return arrivals.low + ((arrivals.high - arrivals.low) * (1 + swing)) / 2;
    }
    case 'phases':
      return (phasedArea(arrivals, until) - phasedArea(arrivals, from)) / seconds;
    case 'markovModulated': {
      const names = Object.keys(arrivals.states);
      const shares = steadyStateOfRates(names.map((one) => names.map((other) => arrivals.rates[one]?.[other] ?? 0)), names.map((name) => (name === (arrivals.start ?? names[0]) ? 1 : 0)));
      return names.reduce((sum, name, index) => sum + shares[index]! * arrivals.states[name]!, 0);
    }
  }
}

/** Messages that steps of changing rate bring until a time. */
function phasedArea({ steps, repeat }: ArrivalsSpec & { kind: 'phases' }, time: Nanos): number {
  const length = steps.reduce((sum, step) => sum + step.for, 0);
  const rounds = repeat ? Math.floor(time / length) : 0;
  const areaOf = (step: (typeof steps)[number], part: number): number => (step.from + ((step.to - step.from) * part) / (2 * step.for)) * (part / nanosPerSecond);
  let area = rounds === 0 ? 0 : rounds * steps.reduce((sum, step) => sum + areaOf(step, step.for), 0);
  let left = time - rounds * length;
  for (const step of steps) {
    area += areaOf(step, Math.max(0, Math.min(left, step.for)));
    left -= step.for;
  }
  return area;
}
