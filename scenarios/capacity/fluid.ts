/**
 * An outage as a fluid: what comes fills the queue while too little is handled, and what is left of the capacity empties it
 * afterwards. With what bounds a backlog in practice: the queue's length, the messages' time to live, publishers' buffers, and
 * how fast a broker takes what comes at once when it is back.
 */
import { viewOf } from '../../models/brokers/index.ts';
import { drainAfterOutage } from '../../models/theory/backlog.ts';
import { formatDuration, formatRate, type Nanos, nanosPerSecond, type PerSecond } from '../../sim/units.ts';
import { arrivalsTo } from '../predictions/arrivals-to.ts';
import type { Station } from '../predictions/station.ts';
import { goesTo } from '../destinations.ts';
import type { Scenario } from '../scenario.ts';
import { withPhases } from './altered.ts';

export interface FluidOutage {
  readonly scenario: Scenario;
  readonly station: Station;
  /** The broker's node is gone, so that messages wait with their publishers, and not in the queue. */
  readonly isNode: boolean;
  readonly capacity: PerSecond;
  /** That is left while the outage lasts. */
  readonly capacityLeft: PerSecond;
  /** That the broker can take at most. */
  readonly intake: PerSecond;
}

export interface FluidAnswer {
  /** Messages that are ready in the queue, at the most. */
  readonly peakBacklog: number;
  /** Seconds. */
  readonly drainTime: number;
  /** What bounded the backlog, or made it another than that of a steady stream into a queue without limits. */
  readonly bounds: readonly string[];
}

export function fluidAfter(outage: FluidOutage, begin: Nanos, end: Nanos): FluidAnswer {
  const { scenario, station, capacity, capacityLeft, isNode, intake } = outage;
  const isVarying = station.arrivals.varying.length > 0;
  const rate = rateTo(scenario, station, begin, end);
  const said = isVarying ? [`looked at when most comes, ${formatRate(rate)}`] : [];
  if (isNode && intake === Infinity) said.push('what waited comes at once when the node is back');
  const grown = drainAfterOutage({ arrivalRate: rate, capacity, outage: (end - begin) / nanosPerSecond, capacityDuringOutage: capacityLeft, initialBacklog: 0 }).peakBacklog;
  const kept = within(grown, isNode ? [buffers(scenario, station)] : [], said);
  const isSlow = isNode && intake < Infinity;
  // What waited with its publishers comes no faster than the broker takes it, and is handled meanwhile.
  const coming = isSlow && kept > 0 ? kept / Math.max(Number.MIN_VALUE, intake - rate) : 0;
  if (coming > 0) said.push(`the broker takes no more than ${formatRate(intake)}, so what waited takes ${formatDuration(coming * nanosPerSecond)} to come`);
  const peakBacklog = within(isSlow ? Math.max(0, intake - capacity) * coming : kept, [roomOf(scenario, station), lifetimeOf(scenario, station, isNode ? intake : rate)], said);
  const drainTime = isVarying ? changingDrain(outage, peakBacklog, end) : drainAfterOutage({ arrivalRate: rate, capacity, outage: 0, capacityDuringOutage: 0, initialBacklog: peakBacklog }).drainTime;
  return { peakBacklog, drainTime: peakBacklog === 0 ? 0 : coming + drainTime, bounds: said };
}

/** When most comes in the measured phase, if the rate changes; else as soon as it was calm for a while. */
export function busiestTime(scenario: Scenario, station: Station, calm: Nanos, length: Nanos): Nanos {
  const first = scenario.phases.warmUp + calm;
  const last = scenario.phases.warmUp + scenario.phases.measure - length;
  if (station.arrivals.varying.length === 0 || last <= first) return first;
  const times = Array.from({ length: timesTried }, (_, index) => Math.round(first + ((last - first) * index) / (timesTried - 1)));
  const rates = times.map((time) => rateTo(scenario, station, time, time + length));
  return times[rates.indexOf(Math.max(...rates))]!;
}

const timesTried = 49;

interface Bound {
  readonly messages: number;
  readonly why: string;
}

function within(backlog: number, bounds: readonly Bound[], said: string[]): number {
  const tightest = [...bounds].sort((one, other) => one.messages - other.messages)[0];
  if (tightest === undefined || tightest.messages >= backlog) return backlog;
  said.push(tightest.why);
  return tightest.messages;
}

function roomOf(scenario: Scenario, station: Station): Bound {
  const { maxLength = Infinity, overflow } = queueOf(scenario, station);
  return { messages: maxLength, why: `the queue holds ${maxLength} messages at most and ${overflow === 'drop-head' ? 'drops the oldest' : 'refuses more'}` };
}

/** As many as come at that rate while the longest-lived of them lives. */
function lifetimeOf(scenario: Scenario, station: Station, rate: PerSecond): Bound {
  const { ttl: ofQueue = Infinity } = queueOf(scenario, station);
  const longest = Math.max(...sourcesOf(scenario, station).map(({ ttl = Infinity }) => ttl), isFedOnward(scenario, station) ? Infinity : 0);
  const life = Math.min(ofQueue, longest);
  return { messages: life < Infinity ? (rate * life) / nanosPerSecond : Infinity, why: `messages expire after ${formatDuration(life)}` };
}

function buffers(scenario: Scenario, station: Station): Bound {
  const messages = isFedOnward(scenario, station) ? Infinity : sourcesOf(scenario, station).reduce((sum, { count, buffer }) => sum + count * buffer.capacity, 0);
  return { messages, why: `publishers' buffers hold ${messages} messages` };
}

/** The seconds in which a backlog is gone though the rate changes: the first time at which as much could be handled as came. */
function changingDrain({ scenario, station, capacity }: FluidOutage, backlog: number, end: Nanos): number {
  const left = (seconds: number): number => backlog + (rateTo(scenario, station, end, end + Math.round(seconds * nanosPerSecond)) - capacity) * seconds;
  let low = 0;
  let high = Math.max(1e-3, backlog / capacity);
  while (left(high) > 0) {
    low = high;
    high *= 1.1;
    if (high * nanosPerSecond > horizon * scenario.phases.measure) return Infinity;
  }
  while (high - low > 1e-4 * high) {
    const middle = (low + high) / 2;
    if (left(middle) > 0) low = middle;
    else high = middle;
  }
  return high;
}

/** So many measured phases later a backlog that is still there is one that never drains. */
const horizon = 100;

/** Messages per second that come to a station over a stretch of time, in the mean. */
function rateTo(scenario: Scenario, { queue, arrivals }: Station, from: Nanos, until: Nanos): PerSecond {
  if (arrivals.varying.length === 0) return arrivals.rate;
  return arrivalsTo(withPhases(scenario, { ...scenario.phases, warmUp: from, measure: until - from })).get(queue)?.rate ?? 0;
}

function queueOf({ brokers }: Scenario, { queue }: Station) {
  const [broker, name] = queue.split('/') as [string, string];
  return viewOf(brokers[broker]!).queues[name]!;
}

function sourcesOf(scenario: Scenario, { queue }: Station) {
  return Object.values(scenario.producers).filter((producer) => goesTo(scenario, producer, queue));
}

function isFedOnward(scenario: Scenario, { queue }: Station): boolean {
  return Object.values(scenario.consumers).some(({ publish }) => publish.some((onward) => goesTo(scenario, onward, queue)));
}
