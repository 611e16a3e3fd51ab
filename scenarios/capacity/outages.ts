/** What an outage leaves behind: the greatest backlog and the time to drain it, by the fluid model and as simulated. */
import { viewOf } from '../../models/brokers/index.ts';
import { hostOf } from '../../models/consumer-settings.ts';
import { distribution } from '../../sim/distribution.ts';
import { formatDuration, type Nanos, nanosPerSecond } from '../../sim/units.ts';
import type { OutageAnswer } from '../capacity-result.ts';
import type { StationAnswer } from '../predictions/station-answer.ts';
import { resultNumber } from '../result-number.ts';
import type { Scenario } from '../scenario.ts';
import { withOutage, withPhases } from './altered.ts';
import { estimateOf } from './estimate.ts';
import { busiestTime, fluidAfter, type FluidOutage } from './fluid.ts';
import type { Laboratory } from './laboratory.ts';
import { linesOf } from './stations.ts';
import { answersOf, capacityOf } from './theory.ts';

/** A drain is waited for twice as long as the fluid model says, but no longer than so many outages. */
const outagesWaited = 60;

interface Outage {
  readonly kind: OutageAnswer['kind'];
  readonly target: string;
  readonly what: string;
  readonly answer: StationAnswer;
  /** Until the node accepts connections again, which the outage is longer by. */
  readonly recovery: Nanos;
}

export async function outageAnswers(scenario: Scenario, length: Nanos, laboratory: Laboratory): Promise<OutageAnswer[]> {
  return Promise.all(outagesOf(scenario).map((outage) => answerTo(scenario, outage, length, laboratory)));
}

/** Notes on queues of which no outage is looked at. */
export function undrained(scenario: Scenario): string[] {
  return answersOf(scenario).filter((answer) => !drains(scenario, answer)).map(({ station: { queue } }) => `${queue}: no outage is looked at, since what it leaves behind would never drain`);
}

function outagesOf(scenario: Scenario): Outage[] {
  const answers = answersOf(scenario).filter((answer) => drains(scenario, answer));
  const ofWorkers = answers.flatMap((answer) => answer.station.groups.map((group): Outage => ({ kind: 'workers', target: `consumers.${hostOf(scenario.consumers, group)}`, what: `all workers of ${group}`, answer, recovery: 0 })));
  const ofNodes = Object.keys(scenario.brokers).flatMap((broker): Outage[] => {
    const busiest = answers.filter(({ station }) => brokerOf(station.queue) === broker).sort((one, other) => other.station.arrivals.rate - one.station.arrivals.rate)[0];
    return busiest === undefined ? [] : [{ kind: 'broker-node', target: `${broker}.0`, what: `the node ${broker}.0`, answer: busiest, recovery: Math.round(distribution(viewOf(scenario.brokers[broker]!).recovery).mean) }];
  });
  return [...ofWorkers, ...ofNodes];
}

/** Neither its consumers nor its broker are offered more than they can handle. */
function drains(scenario: Scenario, answer: StationAnswer): boolean {
  const { station: { arrivals, queue } } = answer;
  return capacityOf(answer) > arrivals.rate && linesOf(scenario, brokerOf(queue)).every(({ utilisation }) => utilisation < 1);
}

async function answerTo(scenario: Scenario, outage: Outage, length: Nanos, laboratory: Laboratory): Promise<OutageAnswer> {
  const { kind, target, what, answer: { station }, recovery } = outage;
  const gone = length + recovery;
  const calm = Math.max(scenario.phases.measure / 10, gone);
  const begin = busiestTime(scenario, station, calm, gone);
  const fluid = fluidAfter(fluidOutage(scenario, outage), begin, begin + gone);
  const waited = Math.min(outagesWaited * gone, Math.max(2 * gone, 2 * fluid.drainTime * nanosPerSecond));
  const measure = Math.round(begin - scenario.phases.warmUp + gone + waited + calm);
  const long = withPhases(scenario, { ...scenario.phases, measure, drain: Math.max(scenario.phases.drain, measure) });
  const replications = await laboratory.experiment(`outage of ${target}`, withOutage(long, target, begin, length), {
    queue: station.queue, begin: begin / nanosPerSecond, end: (begin + gone) / nanosPerSecond,
  });
  const found = replications.map(({ outage: each }) => each!);
  const left = found.filter(({ drainTime }) => drainTime === 'Infinity').length;
  return {
    what, kind, queue: station.queue, length: length / nanosPerSecond,
    fluid: { peakBacklog: fluid.peakBacklog, drainTime: resultNumber(fluid.drainTime) },
    simulated: { peakBacklog: estimateOf(found.map(({ peakBacklog }) => peakBacklog)), drainTime: estimateOf(found.map(({ drainTime }) => drainTime)), resolution: found[0]!.resolution },
    remark: [
      ...(kind === 'broker-node' ? ['while the node is down, publishers keep what they cannot publish, as far as their buffers and retries reach'] : []),
      ...(recovery > 0 ? [`the node takes ${formatDuration(recovery)} more to recover`] : []),
      ...fluid.bounds,
      ...(left > 0 ? [`${left} of ${found.length} replications did not drain within ${Math.round(measure / nanosPerSecond)} s`] : []),
    ].join('; '),
  };
}

function fluidOutage(scenario: Scenario, { kind, target, answer }: Outage): FluidOutage {
  const { station } = answer;
  const isNode = kind === 'broker-node';
  return {
    scenario, station, isNode,
    capacity: capacityOf(answer),
    capacityLeft: isNode ? 0 : capacityWithout(scenario, target.slice('consumers.'.length), station.queue),
    // Other queues of the broker leave it that much time for this one.
    intake: Math.min(...linesOf(scenario, brokerOf(station.queue)).map(({ headroom }) => station.arrivals.rate + headroom)),
  };
}

/** Messages per second that the other groups that read a queue can handle. */
function capacityWithout(scenario: Scenario, group: string, queue: string): number {
  const consumers = Object.fromEntries(Object.entries(scenario.consumers).filter(([name]) => name !== group));
  const others = answersOf({ ...scenario, consumers }).find(({ station }) => station.queue === queue);
  return others === undefined ? 0 : capacityOf(others);
}

function brokerOf(queue: string): string {
  return queue.split('/')[0]!;
}
