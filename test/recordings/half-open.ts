/**
 * A consumer whose link swallows everything while its sockets stay open: when each side notices, and that what it held then goes to
 * another consumer. Checks come at whole intervals of a connection's age, which was not recorded: that it was cut `phase` and 1.02 s
 * after one of them is what all recorded times agree on, to some milliseconds.
 */
import { type Line, near, same } from './comparison.ts';
import { has, type Recording } from './recording.ts';
import { type Model, recordedArrivals, replay, time } from './replay.ts';

interface Trial {
  readonly heartbeat_s: number;
  readonly blackhole: 'both' | 'c2b' | 'b2c';
  readonly phase_ms: number;
  readonly held_by_blackholed: number;
  readonly got_by_second: number;
  readonly requeue_ms: number | null;
  readonly client_notice_ms: number | null;
  readonly redelivered: readonly number[];
  readonly order: readonly number[];
}

const setUp = 1020;
/** As late as an idle peer may send its first byte after a check. */
const rightAfter = 300;
/** So long a recording waited for something to happen. */
const waited = 45_000;

export function isHalfOpen({ summary }: Recording): boolean {
  return has(summary, 'results') && Array.isArray(summary.results) && has(summary.results[0], 'heartbeat_s', 'blackhole', 'requeue_ms');
}

export function compareHalfOpen({ summary }: Recording, model: Model): Line[] {
  return (summary.results as readonly Trial[]).flatMap((trial) => compareTrial(trial, model));
}

function compareTrial(trial: Trial, model: Model): Line[] {
  const { heartbeat_s: heartbeat, blackhole, phase_ms: phase } = trial;
  const cutAt = heartbeat * 1000 + phase + setUp;
  const published = trial.got_by_second + trial.held_by_blackholed - trial.redelivered.length;
  const { told, delivered } = replay({
    broker: { config: { heartbeat }, queues: { q: {} } },
    network: { connection: { reconnect: { fixed: { delay: '1h' } } } },
    lasts: cutAt + waited,
    drain: 0,
    producers: { web: { publish: 'mq/q', arrivals: recordedArrivals } },
    consumers: {
      first: { subscribe: 'mq/q', prefetch: trial.held_by_blackholed, service: '1h' },
      second: { subscribe: 'mq/q', prefetch: 100, service: '1ms' },
    },
    faults: [
      { kind: 'crash', target: 'consumers.second', at: '0s', for: time(cutAt - 500) },
      { kind: 'partition', ...between(blackhole), at: time(cutAt), for: '1h' },
    ],
    times: { arrivals: { web: Array.from({ length: published }, (_, nth) => 500 + nth) } },
  }, model);
  const again = delivered.filter(({ isRedelivered }) => isRedelivered);
  const handled = told.filter(({ what }) => what === 'effect').map(({ nth }) => nth);
  const what = `${heartbeat} s, ${{ both: 'both ways', c2b: 'to the broker', b2c: 'to the client' }[blackhole]}, ${phase} ms`;
  const comesAgain = (again[0]?.at ?? Infinity) - cutAt;
  return [
    ...(trial.requeue_ms === null ? [same(`${what}: comes again`, 'none', again.length === 0 ? 'none' : 'yes')] : [near(`${what}: comes again after`, trial.requeue_ms, comesAgain + unknownInterval(trial, comesAgain), { amount: 100 }, 'ms')]),
    same(`${what}: flagged`, trial.redelivered, again.map(({ nth }) => nth)),
    same(`${what}: order at the other`, trial.order, handled),
  ];
}

/** Right after a check nothing may have come yet since: whether something had was not recorded, and makes one interval. */
function unknownInterval({ heartbeat_s: heartbeat, phase_ms: phase, requeue_ms: recorded }: Trial, simulated: number): number {
  const interval = heartbeat * 1000;
  const sinceCheck = (phase + setUp) % interval;
  return sinceCheck < rightAfter ? interval * Math.max(-1, Math.min(1, Math.round((recorded! - simulated) / interval))) : 0;
}

function between(blackhole: Trial['blackhole']): { between: [string, string]; direction?: 'one' } {
  if (blackhole === 'both') return { between: ['consumers.first', 'mq'] };
  return { between: blackhole === 'c2b' ? ['consumers.first', 'mq'] : ['mq', 'consumers.first'], direction: 'one' };
}
