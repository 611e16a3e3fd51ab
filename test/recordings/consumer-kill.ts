/**
 * Consumer processes that are killed: what they held comes back and is flagged, or is lost where the broker took it for
 * acknowledged as it was sent. How much one holds at that instant is a matter of fractions of a millisecond long before, once
 * consumers have had their prefetch full; so it is compared with what came back, on each side.
 *
 * A pause between effect and acknowledgement is said as what it does to others: the handler publishes to a broker that is half of
 * the pause away, and acknowledges when that has confirmed.
 */
import type { HistoryEvent } from '../../models/history.ts';
import { holds, type Line, near, same } from './comparison.ts';
import { consuming, publishing, queueOf, type QueueingConfig } from './queueing.ts';
import { has, type Recording, type Row } from './recording.ts';
import { type Delivered, type Model, type Parts, recordedArrivals, recordedService, replay, time, type Told } from './replay.ts';

interface KillConfig extends Pick<QueueingConfig, 'queueType' | 'persistent' | 'confirm' | 'ack' | 'prefetch' | 'c' | 'bodyBytes'> {
  readonly ackGapMs: number;
  readonly service: { readonly mean: number };
  readonly kills: readonly unknown[];
}

interface Counts {
  readonly redelivered_flag_true: number;
  readonly duplicate_effects: number;
  readonly lost_no_effect: number;
  readonly kills: readonly { readonly held_unacked_by_killed: number; readonly lowerSeqStillWaiting: readonly number[] }[];
}

interface Kill {
  readonly consumer: number;
  readonly from: number;
  readonly to: number;
}

export function isConsumerKill({ summary }: Recording): boolean {
  return has(summary, 'config', 'redelivered_flag_true', 'duplicate_effects', 'lost_no_effect') && has(summary.config, 'kills', 'queueType', 'ackGapMs');
}

export function compareConsumerKill(recording: Recording, model: Model): Line[] {
  const config = recording.summary.config as unknown as KillConfig;
  const recorded = recording.summary as unknown as Counts;
  const rows = recording.rows();
  const kills = killsIn(rows);
  const { told: all, delivered } = replay(partsOf(rows, config, kills), model);
  const told = all.filter(({ producer }) => producer === 'web.0');
  const [heldBefore, heldAfter] = [sum(recorded.kills.map(({ held_unacked_by_killed: held }) => held)), heldIn(delivered, told, kills)];
  const [lostBefore, lostAfter] = [recorded.lost_no_effect, published(rows) - count(told, 'effect')];
  const flagged = delivered.filter(({ isRedelivered }) => isRedelivered).length;
  // At the instant of a kill one message may be on its way to the victim, or one acknowledgement on its way from it.
  const inTransit = { amount: kills.length };
  const duplicates = near('duplicate effects', recorded.duplicate_effects, count(told, 'duplicate-effect'), config.ackGapMs > 0 ? inTransit : {});
  if (config.ack === 'auto') {
    return [
      near('lost', lostBefore, lostAfter, inTransit), near('lost beyond what was in hand', lostBefore - heldBefore, lostAfter - heldAfter, inTransit),
      same('flagged redelivered', recorded.redelivered_flag_true, flagged), duplicates,
    ];
  }
  return [
    near('flagged beyond what was in hand', recorded.redelivered_flag_true - heldBefore, flagged - heldAfter, inTransit),
    holds('flagged redelivered', String(recorded.redelivered_flag_true), String(flagged), 'at most the prefetch, each kill', flagged <= (config.prefetch || Infinity) * kills.length),
    same('overtaken when they came back', sum(recorded.kills.flatMap(({ lowerSeqStillWaiting }) => lowerSeqStillWaiting)), overtaken(told)),
    same('lost', lostBefore, lostAfter), duplicates,
  ];
}

function partsOf(rows: readonly Row[], config: KillConfig, kills: readonly Kill[]): Parts {
  const gap = time(config.ackGapMs / 2);
  return {
    broker: { queues: { jobs: queueOf(config) } },
    ...(config.ackGapMs > 0 && {
      others: { elsewhere: { kind: 'work-queue', storage: { durable: false }, queues: { gap: { maxLength: 1 } } } },
      network: { links: [{ between: ['consumers.workers', 'elsewhere'], latency: gap }] },
    }),
    lasts: Number(rows.at(-1)!.t_ms) + 1,
    producers: { web: { publish: 'mq/jobs', arrivals: recordedArrivals, ...publishing(config) } },
    consumers: {
      workers: {
        count: config.c, subscribe: 'mq/jobs', service: recordedService, ...consuming(config.ack, config.prefetch),
        ...(config.ackGapMs > 0 && { publish: [{ to: 'elsewhere/gap', confirm: {} }] }),
      },
    },
    faults: kills.map(({ consumer, from, to }) => ({ kind: 'crash', target: `consumers.workers.${consumer}`, at: time(from), for: time(to - from) })),
    times: {
      arrivals: { web: rows.filter(({ event }) => event === 'P').map((row) => Number(row.t_ms)) },
      services: { workers: servicesIn(rows, config.service.mean) },
    },
  };
}

/** From each kill to when the consumer's next process was ready. */
function killsIn(rows: readonly Row[]): Kill[] {
  return rows.filter(({ event }) => event === 'KILL').map((row): Kill => {
    const from = Number(row.t_ms);
    const ready = rows.find(({ event, consumer, t_ms }) => event === 'R' && consumer === row.consumer && Number(t_ms) > from);
    return { consumer: Number(row.consumer), from, to: ready === undefined ? Number(rows.at(-1)!.t_ms) + 1 : Number(ready.t_ms) };
  });
}

/** By message: what its service took, or what was planned where it was cut off; the mean of all where it never began. */
function servicesIn(rows: readonly Row[], mean: number): number[] {
  const services = new Array<number>(published(rows)).fill(mean);
  const started = new Map<string, number>();
  for (const { event, seq, instance, t_ms, arg } of rows) {
    const handling = `${instance}/${seq}`;
    if (event === 'S') {
      started.set(handling, Number(t_ms));
      services[Number(seq)] = Number(arg);
    } else if (event === 'E' && started.has(handling)) {
      services[Number(seq)] = Number(t_ms) - started.get(handling)!;
    }
  }
  return services;
}

function published(rows: readonly Row[]): number {
  return rows.filter(({ event }) => event === 'P').length;
}

function count(told: readonly Told[], event: HistoryEvent): number {
  return told.filter(({ what }) => what === event).length;
}

/** What the victims had received and not acknowledged when they were killed. */
function heldIn(delivered: readonly Delivered[], told: readonly Told[], kills: readonly Kill[]): number {
  const hands = kills.map(() => new Set<number>());
  const before = ({ at, worker }: { at: number; worker?: number | undefined }, { consumer, from }: Kill): boolean => worker === consumer && at < from;
  kills.forEach((kill, index) => {
    const since = Math.max(0, ...kills.filter(({ consumer, to }) => consumer === kill.consumer && to <= kill.from).map(({ to }) => to));
    for (const each of delivered) if (each.at >= since && before(each, kill)) hands[index]!.add(each.nth);
    for (const each of told) if (each.what === 'effect' && before(each, kill)) hands[index]!.delete(each.nth);
  });
  return sum(hands.map(({ size }) => size));
}

/** Messages with a lower number that were still waiting when one that had come back was delivered again. */
function overtaken(told: readonly Told[]): number {
  const waiting = new Set<number>();
  const cameBack = new Set<number>();
  let overtaken = 0;
  for (const { what, nth } of told) {
    if (what === 'stored' || what === 'requeued') waiting.add(nth);
    if (what === 'requeued') cameBack.add(nth);
    if (what !== 'delivered') continue;
    waiting.delete(nth);
    if (cameBack.has(nth)) overtaken += [...waiting].filter((other) => other < nth).length;
  }
  return overtaken;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
