/**
 * Consumers that are away for a while: how far the backlog grows, and how long it takes to go. A consumer that cancels keeps its
 * connection and what it has in hand; scenarios have no such thing, but a pause comes to the same backlog. Any other way of leaving
 * is a crash of its process.
 */
import { type Line, near, same } from './comparison.ts';
import { configOf, type QueueingConfig, queueingParts } from './queueing.ts';
import { has, type Recording, type Row } from './recording.ts';
import { type Model, type Parts, replay, time } from './replay.ts';

interface Outage {
  readonly t_cancel_ms: number;
  readonly t_resumed_ms: number;
  readonly redelivered: number;
}

export function isOutage(recording: Recording): boolean {
  return (configOf(recording)?.outage ?? null) !== null && has(recording.summary.outage, 't_cancel_ms', 't_resumed_ms', 'redelivered');
}

export function compareOutage(recording: Recording, model: Model): Line[] {
  const outage = recording.summary.outage as Outage;
  const rows = recording.rows();
  const published = rows.map((row) => Number(row.t_pub));
  const before = backlogOf(published, rows.map((row) => Number(row.t_done)), outage);
  const { told, delivered } = replay(partsOf(rows, configOf(recording)!, outage), model);
  const after = backlogOf(published, told.filter(({ what }) => what === 'effect').map(({ at }) => at), outage);
  return [
    near('peak of the backlog', before.peak, after.peak, { share: 0.05 }),
    near('drained after', before.drained / 1000, after.drained / 1000, { share: 0.05 }, 's'),
    same('redelivered', outage.redelivered, delivered.filter(({ isRedelivered }) => isRedelivered).length),
  ];
}

function partsOf(rows: readonly Row[], config: QueueingConfig, { t_cancel_ms: from, t_resumed_ms: to }: Outage): Parts {
  const kind = config.outage!.mode === 'cancel' ? 'pause' : 'crash';
  return { ...queueingParts(rows, config), faults: [{ kind, target: 'consumers.workers', at: time(from), for: time(to - from) }] };
}

/** Messages published and not done: the most of them, and how long after the return they are none for the first time. */
function backlogOf(published: readonly number[], done: readonly number[], { t_resumed_ms }: Outage): { peak: number; drained: number } {
  const steps = [...published.map((at) => ({ at, by: 1 })), ...done.map((at) => ({ at, by: -1 }))].sort((one, other) => one.at - other.at);
  let backlog = 0;
  let peak = 0;
  for (const { at, by } of steps) {
    backlog += by;
    peak = Math.max(peak, backlog);
    if (at > t_resumed_ms && backlog === 0) return { peak, drained: at - t_resumed_ms };
  }
  return { peak, drained: Infinity };
}
