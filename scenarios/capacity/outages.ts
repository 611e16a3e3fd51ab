/** What an outage leaves behind: the greatest backlog and the time to drain it, by the fluid model and as simulated. */
import { drainAfterOutage } from '../../models/theory/backlog.ts';
import { distribution } from '../../sim/distribution.ts';
import { formatDuration, type Nanos, nanosPerSecond } from '../../sim/units.ts';
import type { OutageAnswer } from '../capacity-result.ts';
import { resultNumber } from '../result-number.ts';
import type { Scenario } from '../scenario.ts';
import { withOutage, withPhases } from './altered.ts';
import { estimateOf } from './estimate.ts';
import type { Laboratory } from './laboratory.ts';
import { answersOf, loadOf } from './theory.ts';
import type { StationAnswer } from '../predictions/station-answer.ts';

/** A drain is waited for twice as long as the fluid model says, but no longer than so many outages. */
const outagesWaited = 60;

export async function outageAnswers(scenario: Scenario, length: Nanos, laboratory: Laboratory): Promise<OutageAnswer[]> {
  const answers = answersOf(scenario);
  const ofWorkers = answers.map((answer) => ({ kind: 'workers' as const, target: `consumers.${answer.station.groups[0]!}`, what: `all workers of ${answer.station.groups.join(' and ')}`, answer, recovery: 0 }));
  const ofNodes = Object.keys(scenario.brokers).flatMap((broker) => {
    const busiest = answers.filter(({ station }) => station.queue.startsWith(`${broker}/`)).sort((one, other) => other.station.arrivals.rate - one.station.arrivals.rate)[0];
    return busiest === undefined ? [] : [{ kind: 'broker-node' as const, target: `${broker}.0`, what: `the node ${broker}.0`, answer: busiest, recovery: Math.round(distribution(scenario.brokers[broker]!.recovery).mean) }];
  });
  return Promise.all([...ofWorkers.filter(({ answer }) => answer.station.groups.length === 1), ...ofNodes].map((outage) => answerTo(scenario, outage, length, laboratory)));
}

interface Outage {
  readonly kind: OutageAnswer['kind'];
  readonly target: string;
  readonly what: string;
  readonly answer: StationAnswer;
  /** Until the node accepts connections again, which the outage is longer by. */
  readonly recovery: Nanos;
}

async function answerTo(scenario: Scenario, { kind, target, what, answer, recovery }: Outage, length: Nanos, laboratory: Laboratory): Promise<OutageAnswer> {
  const { station } = answer;
  const gone = length + recovery;
  const seconds = gone / nanosPerSecond;
  const capacity = station.arrivals.rate / loadOf(answer);
  const fluid = drainAfterOutage({ arrivalRate: station.arrivals.rate, capacity, outage: seconds, capacityDuringOutage: 0, initialBacklog: 0 });
  const waited = Math.min(outagesWaited, Math.max(2, (2 * fluid.drainTime) / seconds));
  const calm = Math.max(scenario.phases.measure / 10, gone);
  const begin = scenario.phases.warmUp + calm;
  const measure = Math.round(calm + gone + waited * gone + calm);
  const long = withPhases(scenario, { ...scenario.phases, measure, drain: Math.max(scenario.phases.drain, measure) });
  const replications = await laboratory.experiment(`outage of ${target}`, withOutage(long, target, begin, length), {
    queue: station.queue, begin: begin / nanosPerSecond, end: (begin + gone) / nanosPerSecond,
  });
  const found = replications.map(({ outage }) => outage!);
  const drained = found.filter(({ drainTime }) => drainTime !== 'Infinity').length;
  return {
    what, kind, queue: station.queue, length: length / nanosPerSecond,
    fluid: { peakBacklog: fluid.peakBacklog, drainTime: resultNumber(fluid.drainTime) },
    simulated: { peakBacklog: estimateOf(found.map(({ peakBacklog }) => peakBacklog)), drainTime: estimateOf(found.map(({ drainTime }) => drainTime)), resolution: found[0]!.resolution },
    remark: remarkOf(kind, recovery, drained, found.length, measure),
  };
}

function remarkOf(kind: OutageAnswer['kind'], recovery: Nanos, drained: number, all: number, measure: Nanos): string {
  const said: string[] = [];
  if (kind === 'broker-node') said.push('while the node is down, publishers keep what they cannot publish, as far as their buffers and retries reach; it comes at once when the node is back');
  if (recovery > 0) said.push(`the node takes ${formatDuration(recovery)} more to recover`);
  if (drained < all) said.push(`${all - drained} of ${all} replications did not drain within ${Math.round(measure / nanosPerSecond)} s`);
  return said.join('; ');
}
