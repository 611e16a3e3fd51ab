/**
 * A queue and those who read it, as queueing theory would see them: what comes, what a message occupies, how many servers.
 *
 * With one delivery per server (prefetch equal to concurrency) a server is occupied from the moment when the broker sends a
 * message until its settlement is back: the way there, the work, and the way back. Seen from the broker that is a station
 * whose service takes that long. With more deliveries than servers the ways are hidden behind the work.
 */
import type { BrokerView } from '../../models/brokers/broker-view.ts';
import { viewOf } from '../../models/brokers/index.ts';
import type { LawSpec } from '../../models/theory/laws/law-spec.ts';
import { type ConsumerSpec, hostOf } from '../../models/consumer-settings.ts';
import { linkBetween } from '../../models/paths.ts';
import { overhead } from '../../models/protocol.ts';
import { distribution } from '../../sim/distribution.ts';
import { formatDuration, nanosPerSecond } from '../../sim/units.ts';
import { goesTo } from '../destinations.ts';
import type { Scenario } from '../scenario.ts';
import { type Arrivals, arrivalsTo } from './arrivals-to.ts';
import { breakdownsOf, type WorkerBreakdowns } from './breakdowns-of.ts';
import { lawOf } from './law-of.ts';
import { oddities } from './oddities.ts';
import { publishingTime } from './publishing-time.ts';

export interface Station {
  readonly queue: string;
  readonly groups: readonly string[];
  readonly arrivals: Arrivals;
  /** Of one handling, without ways and repetitions. */
  readonly work: LawSpec;
  /** Handlings of a message until one succeeds. */
  readonly repeats: Repeats;
  readonly ways: Ways;
  /** Of each worker, where that is all that its life cycle does. */
  readonly breakdowns?: WorkerBreakdowns;
  /** That can be occupied at a time, and places to work that they have: fewer are occupied where a worker may hold less than it could handle. */
  readonly servers: number;
  readonly places: number;
  /** Messages in the system at most. */
  readonly capacity?: number;
  /** What a full queue does with a message: the one that comes is refused, or the oldest one goes. */
  readonly whenFull?: 'refuse' | 'drop-head';
  /** Mean seconds from publish to stored. */
  readonly untilStored: number;
  /** Share of the handlings that end for good that succeed; the rest is rejected, or fails where nothing is given back. */
  readonly successes: number;
  /** The broker holds a message until it was handled, and not only until it was sent. */
  readonly isHeld: boolean;
  /** Why a model that is exact by itself is not quite so here; empty when it is. */
  readonly nearly: readonly string[];
  /** Why no model can be right; absent where one may be. */
  readonly unsolved?: string;
  readonly assumed: readonly string[];
  readonly broken: readonly string[];
}

/** Mean seconds that are no work. */
export interface Ways {
  /** From the broker to a worker, and back. */
  readonly there: number;
  readonly back: number;
  /** Waiting for confirms of what was published onward. */
  readonly onward: number;
  /** Those of them that keep a server from its next message. */
  readonly occupying: number;
}

export interface Repeats {
  /** Probability that a handling fails and the message comes back. */
  readonly probability: number;
  readonly deliveryLimit: number | undefined;
  /** Where it comes back to: the front, so that the server which gave it back takes it again, or the end of the line. */
  readonly to: 'front' | 'end';
}

/** What can be described, queue by queue; a queue that nobody reads, or whose arrivals are unknown, cannot. */
export function stationsOf(scenario: Scenario): Station[] {
  const arrivals = arrivalsTo(scenario);
  return [...arrivals].flatMap(([queue, coming]) => {
    const readers = Object.entries(scenario.consumers).filter(([, group]) => group.subscribe === queue);
    return readers.length === 0 ? [] : [stationOf(scenario, queue, coming, readers)];
  });
}

/** Queues that somebody reads and of which settings do not say how much comes: what dead letters or a shovel bring, or nothing. */
export function unknownQueues(scenario: Scenario): string[] {
  const known = arrivalsTo(scenario);
  return [...new Set(Object.values(scenario.consumers).map(({ subscribe }) => subscribe))].filter((queue) => !known.has(queue));
}

function stationOf(scenario: Scenario, queue: string, arrivals: Arrivals, readers: readonly [string, ConsumerSpec][]): Station {
  const [broker, name] = queue.split('/') as [string, string];
  const spec = viewOf(scenario.brokers[broker]!).queues[name]!;
  const [groupName, group] = readers[0]!;
  const worker = `consumers.${hostOf(scenario.consumers, groupName)}.0`;
  const forward = wayBetween(scenario, `${broker}.0`, worker, meanSize(scenario, queue) + overhead.delivery);
  const back = wayBetween(scenario, worker, `${broker}.0`, overhead.settlement);
  const isOneLine = readers.length === 1 && hasOneLine(group);
  const isStarved = readers.length === 1 && starves(group, forward + back);
  const isExposed = readers.every(([, each]) => each.acknowledge === 'after-work' && each.prefetch <= each.concurrency) || isStarved;
  const servers = isStarved ? group.count * group.prefetch : readers.reduce((sum, [, each]) => sum + serversAtWork(each), 0);
  const isHeld = readers.every(([, each]) => each.acknowledge === 'after-work');
  const onward = onwardTime(scenario, groupName, group);
  const ways: Ways = { there: forward, back, onward, occupying: (isExposed ? forward + back : 0) + onward };
  const publishing = publishingTime(scenario, queue);
  // The limit counts what is ready; what is with workers is outside of it.
  const limit = isHeld && spec.maxLength !== undefined ? spec.maxLength + readers.reduce((sum, [, each]) => sum + each.count * each.prefetch, 0) : undefined;
  const breakdowns = readers.length === 1 && isOneLine && limit === undefined ? breakdownsOf(group) : undefined;
  return {
    queue,
    groups: readers.map(([each]) => each),
    arrivals,
    work: readers.length === 1 ? lawOf(group.service) : mixedWork(readers),
    repeats: {
      probability: weighed(readers, (each) => (each.acknowledge === 'after-work' && each.failure?.then === 'requeue' ? each.failure.probability : 0)),
      deliveryLimit: spec.deliveryLimit,
      // Behind what the worker holds already it is at the end of a line, wherever the queue puts it.
      to: spec.requeue === 'tail' || readers.some(([, each]) => each.prefetch > each.concurrency) ? 'end' : 'front',
    },
    successes: weighed(readers, ({ acknowledge, failure }) => (failure === undefined || (acknowledge === 'after-work' && failure.then === 'requeue') ? 1 : 1 - failure.probability)),
    ways, servers, isHeld,
    nearly: [
      ...viewOf(scenario.brokers[broker]!).unlike,
      ...(readers.length > 1 ? [oneGroup(readers)] : []),
      ...(isStarved ? [`a worker of ${groupName} may hold so few messages that it waits for the next: each is taken for one that a server has until its settlement is back`] : []),
      ...(onward > 0 ? ['confirms of what is published onward are waited for, which is described by a mean'] : []),
    ],
    ...unsolvedFor(scenario, publishing.overloaded, viewOf(scenario.brokers[broker]!).logs.includes(name), readers),
    places: readers.reduce((sum, [, each]) => sum + each.count * each.concurrency, 0),
    ...(breakdowns !== undefined && { breakdowns }),
    ...(limit !== undefined && { capacity: limit, whenFull: spec.overflow === 'drop-head' ? 'drop-head' as const : 'refuse' as const }),
    untilStored: publishing.mean,
    assumed: [
      ...publishing.assumed,
      ...(isExposed && forward + back > 0 ? [`the ways to a worker and back, ${formatDuration((forward + back) * nanosPerSecond)} in the mean, occupy it as work does`] : []),
      ...(onward > 0 ? [`a worker waits ${formatDuration(onward * nanosPerSecond)} in the mean for confirms of what it publishes onward`] : []),
      ...(arrivals.isPoisson || arrivals.gaps !== undefined ? [] : ['streams that meet, split or leave a station are described by two moments (Whitt 1983)']),
    ],
    broken: [...arrivals.varying, ...oddities(scenario, queue, readers)],
  };
}

/** Several who each read everything are no servers of one line, and lines that share servers no stations of their own. */
function unsolvedFor({ consumers }: Scenario, overloaded: string | undefined, isLog: boolean, readers: readonly [string, ConsumerSpec][]): { unsolved?: string } {
  const isLimited = readers.some(([name]) => consumers[hostOf(consumers, name)]!.channel?.prefetch !== undefined);
  const workers = readers.reduce((sum, [, { count }]) => sum + count, 0);
  const why = overloaded ?? (isLog && workers > 1 ? 'each of its workers reads every message' : isLimited ? 'the prefetch of a channel is that of all who consume over it' : undefined);
  return why === undefined ? {} : { unsolved: why };
}

/** Whoever is free takes the next message, the slow ones as well: how often which of them does depends on the load. */
function oneGroup(readers: readonly [string, ConsumerSpec][]): string {
  const names = listed(readers.map(([name]) => name));
  const times = readers.map(([, { service }]) => formatDuration(distribution(service).mean));
  return new Set(times).size === 1 ? `${names} are taken for one group` : `${names} are of unequal speed (${listed(times)} a message) and taken for one group`;
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Servers of a group that can be busy at a time. */
function serversAtWork(group: ConsumerSpec): number {
  return group.count * (group.acknowledge === 'after-work' ? Math.min(group.concurrency, group.prefetch) : group.concurrency);
}

/** One worker has one line; several have one when none takes more than it can work on. */
function hasOneLine(group: ConsumerSpec): boolean {
  return group.count === 1 || (group.acknowledge === 'after-work' && group.prefetch <= group.concurrency);
}

/** What it may hold at a time is less than it could handle while a settlement goes back and the next message comes. */
function starves({ acknowledge, prefetch, concurrency, service }: ConsumerSpec, roundTrip: number): boolean {
  const work = distribution(service).mean / nanosPerSecond;
  return acknowledge === 'after-work' && prefetch > concurrency && prefetch * work < concurrency * (work + roundTrip);
}

/** The mean over groups that read one queue, each by how fast it could work. */
function weighed(readers: readonly [string, ConsumerSpec][], value: (group: ConsumerSpec) => number): number {
  const speeds = readers.map(([, group]) => speedOf(group));
  const all = speeds.reduce((sum, speed) => sum + speed, 0);
  return readers.reduce((sum, [, group], index) => sum + (speeds[index]! / all) * value(group), 0);
}

function speedOf(group: ConsumerSpec): number {
  return serversAtWork(group) / Math.max(1, distribution(group.service).mean);
}

/** Groups that read one queue: each message is handled by one of them, more often by the one with more servers. */
function mixedWork(readers: readonly [string, ConsumerSpec][]): LawSpec {
  return { type: 'mixture', parts: readers.map(([, group]) => ({ weight: speedOf(group), of: lawOf(group.service) })) };
}

/** Mean seconds from one node to another, with the time that the bytes take. */
export function wayBetween(scenario: Scenario, from: string, to: string, bytes: number): number {
  const { latency, bandwidth } = linkBetween(scenario.network, from, to);
  return distribution(latency).mean / nanosPerSecond + bytes / bandwidth;
}

function meanSize(scenario: Scenario, queue: string): number {
  const sizes = [
    ...Object.values(scenario.producers).filter((producer) => goesTo(scenario, producer, queue)),
    ...Object.values(scenario.consumers).flatMap(({ publish }) => publish.filter((onward) => goesTo(scenario, onward, queue))),
  ].map(({ size }) => distribution(size).mean);
  return sizes.length === 0 ? 0 : sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}

/** Mean seconds that a worker waits after its work for the confirms of what it published. */
function onwardTime(scenario: Scenario, name: string, group: ConsumerSpec): number {
  const waits = group.publish.filter(({ confirm }) => confirm !== undefined).map((onward) => {
    const [broker] = onward.to.split('/') as [string];
    const worker = `consumers.${hostOf(scenario.consumers, name)}.0`;
    const there = wayBetween(scenario, worker, `${broker}.0`, distribution(onward.size).mean + overhead.publish);
    const back = wayBetween(scenario, `${broker}.0`, worker, overhead.reply);
    return onward.probability * (there + back + confirmTime(scenario, onward.to));
  });
  // They are waited for together.
  return waits.length === 0 ? 0 : Math.max(...waits);
}

/** Mean seconds from the arrival of a publish until the broker confirms it. */
function confirmTime(scenario: Scenario, queue: string): number {
  const [broker, name] = queue.split('/') as [string, string];
  const { storage, processing, queues } = viewOf(scenario.brokers[broker]!);
  const isDurable = queues[name]?.durable ?? storage.durable;
  const write = isDurable ? distribution(storage.write).mean : 0;
  const sync = isDurable && storage.confirm === 'after-sync' ? distribution(storage.sync).mean + untilSync(storage.fsync, storage.groupCommit) : 0;
  return (distribution(processing).mean + write + sync) / nanosPerSecond;
}

function untilSync(fsync: BrokerView['storage']['fsync'], groupCommit: number): number {
  return fsync.kind === 'interval' ? fsync.interval / 2 : groupCommit;
}
