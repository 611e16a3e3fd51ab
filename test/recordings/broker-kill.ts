/**
 * A broker whose process is killed while several kinds of messages are on their way through it, each kind with a queue, a publisher
 * and a consumer of its own. What is lost and what comes again is compared as a share of what was in the system at that instant.
 */
import { type Line, near, notReplayed, same } from './comparison.ts';
import { consuming, publishing, queueOf } from './queueing.ts';
import { has, type Recording, type Row } from './recording.ts';
import { type Model, type Parts, recordedArrivals, recordedService, type Replay, replay, time } from './replay.ts';

interface Variant {
  readonly name: string;
  readonly persistent: boolean;
  readonly confirm: boolean;
  readonly retry: boolean;
  readonly quorum?: boolean;
}

interface CrashConfig {
  readonly bodyBytes: number;
  readonly reconnectMs: number;
  readonly service: { readonly mean: number };
  readonly consumersStartS: number;
  readonly mode: string;
}

interface Outcome {
  readonly variant: Variant & { readonly prefetch: number };
  readonly redelivered_flag: number;
  readonly duplicate_effects: number;
  readonly lost_of_published: number;
  readonly lost_although_confirmed: number;
  readonly in_system_at_crash: number;
  readonly unavailability_ms: { readonly first_delivery_after: number };
}

interface Crash {
  readonly config: CrashConfig;
  readonly crash: { readonly t_down: number; readonly t_start_cmd: number };
  readonly results: readonly Outcome[];
}

export function isBrokerKill({ summary }: Recording): boolean {
  return has(summary, 'config', 'crash', 'results') && has(summary.config, 'variants', 'mode', 'reconnectMs');
}

export function compareBrokerKill(recording: Recording, model: Model): Line[] {
  const summary = recording.summary as unknown as Crash;
  if (summary.config.mode !== 'kill9') return [notReplayed(summary.config.mode, 'nodes crash in scenarios, and never stop in order')];
  const run = replay(partsOf(recording.rows(), summary), model);
  return summary.results.flatMap((outcome) => compareVariant(outcome, countsOf(run, outcome.variant.name, summary.crash.t_down)));
}

function compareVariant(recorded: Outcome, simulated: Counts): Line[] {
  const { variant, in_system_at_crash: inSystem } = recorded;
  const named = (line: Line): Line => ({ ...line, what: `${variant.name}: ${line.what}` });
  const ofBacklog = (what: string, before: number, after: number, amount = before === 0 ? 0 : 5): Line =>
    near(`${what}, % of the backlog`, (100 * before) / inSystem, (100 * after) / simulated.inSystem, { amount });
  // Of what is not confirmed yet at that instant nobody knows; where it is tried again it does not matter.
  const isSafe = variant.retry && (variant.persistent || variant.quorum === true);
  return [
    near('in the system', inSystem, simulated.inSystem, { share: 0.1 }),
    isSafe ? same('lost', recorded.lost_of_published, simulated.lost) : ofBacklog('lost', recorded.lost_of_published, simulated.lost, 5),
    ofBacklog('lost though confirmed', recorded.lost_although_confirmed, simulated.lostThoughConfirmed),
    variant.quorum === true ? same('flagged', recorded.redelivered_flag, simulated.flagged) : ofBacklog('flagged', recorded.redelivered_flag, simulated.flagged),
    near('duplicate effects', recorded.duplicate_effects, simulated.duplicates, { amount: recorded.redelivered_flag === 0 ? 0 : variant.prefetch }),
    near('delivers again after', recorded.unavailability_ms.first_delivery_after / 1000, simulated.deliversAgain / 1000, { share: 0.15 }, 's'),
  ].map(named);
}

function partsOf(rows: readonly Row[], { config, crash, results }: Crash): Parts {
  const each = <T>(of: (outcome: Outcome) => T) => Object.fromEntries(results.map((outcome) => [outcome.variant.name, of(outcome)]));
  const rowsOf = ({ variant }: Outcome) => rows.filter((row) => row.variant === variant.name);
  const workers = results.map(({ variant }) => `consumers.${variant.name}`);
  return {
    broker: { queues: each(({ variant }) => queueOf({ queueType: variant.quorum === true ? 'quorum' : 'classic' })) },
    network: { connection: { reconnect: { fixed: { delay: time(config.reconnectMs) } } } },
    lasts: Number(rows.at(-1)!.t_ms) + 1,
    producers: each(({ variant }) => ({
      publish: `mq/${variant.name}`, arrivals: recordedArrivals, ...publishing({ ...variant, bodyBytes: config.bodyBytes }), ...(variant.retry && { retry: { fixed: { delay: '0s' } } }),
    })),
    consumers: each(({ variant }) => ({ subscribe: `mq/${variant.name}`, service: recordedService, ...consuming('manual', variant.prefetch) })),
    faults: [
      { kind: 'crash', target: 'mq', at: time(crash.t_down), for: time(crash.t_start_cmd - crash.t_down) },
      ...workers.map((target) => ({ kind: 'crash' as const, target, at: '0s', for: time(config.consumersStartS * 1000) })),
    ],
    times: {
      arrivals: each((outcome) => firstPublishes(rowsOf(outcome)).map(({ t_ms }) => Number(t_ms))),
      services: each((outcome) => servicesIn(rowsOf(outcome), config.service.mean)),
    },
  };
}

/** Messages in the order in which they were first published; what was made without a connection has no row. */
function firstPublishes(rows: readonly Row[]): Row[] {
  const known = new Set<string>();
  return rows.filter(({ event, id }) => event === 'P' && !known.has(id!) && known.add(id!));
}

/** By message: from its delivery, or the end of the one before it, to its first effect; the mean of all where it had none. */
function servicesIn(rows: readonly Row[], mean: number): number[] {
  const services = new Map<string, number>();
  const deliveredAt = new Map<string, number>();
  let freeAt = 0;
  for (const { event, id, t_ms } of rows) {
    if (event === 'D') deliveredAt.set(id!, Number(t_ms));
    if (event !== 'E') continue;
    if (!services.has(id!)) services.set(id!, Number(t_ms) - Math.max(freeAt, deliveredAt.get(id!)!));
    freeAt = Number(t_ms);
  }
  return firstPublishes(rows).map(({ id }) => services.get(id!) ?? mean);
}

interface Counts {
  inSystem: number;
  lost: number;
  lostThoughConfirmed: number;
  flagged: number;
  duplicates: number;
  deliversAgain: number;
}

function countsOf({ told, delivered }: Replay, name: string, crashedAt: number): Counts {
  const mine = told.filter(({ producer }) => producer === `${name}.0`);
  const those = (event: string, until = Infinity) => new Set(mine.filter(({ what, at }) => what === event && at < until).map(({ nth }) => nth));
  const handled = those('effect');
  const confirmed = those('confirm-received');
  const lost = [...those('published')].filter((nth) => !handled.has(nth));
  const again = delivered.find(({ producer, at }) => producer === `${name}.0` && at > crashedAt);
  return {
    inSystem: those('published', crashedAt).size - those('effect', crashedAt).size,
    lost: lost.length,
    lostThoughConfirmed: lost.filter((nth) => confirmed.has(nth)).length,
    flagged: delivered.filter(({ producer, isRedelivered }) => producer === `${name}.0` && isRedelivered).length,
    duplicates: mine.filter(({ what }) => what === 'duplicate-effect').length,
    deliversAgain: again === undefined ? Infinity : again.at - crashedAt,
  };
}
