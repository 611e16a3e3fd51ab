/** Messages that expire, on each type of queue: behind a head that lives longer, in a queue with one time for all, and in a consumer's hands. */
import { type Line, near, same } from './comparison.ts';
import { deadLettersThrough, undertaker } from './dead-lettered.ts';
import { has, type Recording } from './recording.ts';
import { type Model, type Parts, recordedArrivals, type Replay, replay, time } from './replay.ts';
import { mean } from './statistics.ts';

interface Cases {
  readonly perMessageTTL_headBlocking: {
    readonly published: readonly string[];
    readonly dead_lettered: readonly { readonly body: string; readonly t_ms: number }[];
    readonly depth_by_t: readonly (readonly [number, number])[];
    readonly got_after: readonly string[];
    readonly dead_after_get: string;
  };
  readonly perQueueTTL: { readonly ttl: number; readonly lateness_ms: { readonly mean: number }; readonly order_ok: boolean; readonly n: number };
  readonly unackedThenRequeuedAfterExpiry: { readonly dead_while_unacked: number; readonly after_requeue_dead: readonly (readonly [string, string, number])[] };
}

/** When the first message is published. */
const from = 100;

export function isExpiry({ summary }: Recording): boolean {
  return has(summary, 'results') && Object.values(summary.results as object).every((one) => has(one, 'perMessageTTL_headBlocking', 'perQueueTTL'));
}

export function compareExpiry({ summary }: Recording, model: Model): Line[] {
  return Object.entries(summary.results as Readonly<Record<string, Cases>>).flatMap(([type, cases]) =>
    [...compareHead(cases.perMessageTTL_headBlocking, type, model), ...compareQueue(cases.perQueueTTL, type, model), ...compareHeld(cases.unackedThenRequeuedAfterExpiry, type, model)]
      .map((line) => ({ ...line, what: `${type}: ${line.what}` })),
  );
}

/** Names say how long they live: `short500` for 500 ms. A reader comes when the depth was looked at for the last time. */
function compareHead(recorded: Cases['perMessageTTL_headBlocking'], type: string, model: Model): Line[] {
  const readerComes = Math.max(...recorded.depth_by_t.map(([at]) => at)) + 200;
  const ttls = recorded.published.map((name) => /\d+$/.exec(name)?.[0]);
  const run = replay({
    ...systemWith(type, {}),
    lasts: from + readerComes + 1000,
    producers: Object.fromEntries(recorded.published.map((name, nth) => [name, { publish: 'mq/q', arrivals: recordedArrivals, ...(ttls[nth] !== undefined && { ttl: time(Number(ttls[nth])) }) }])),
    consumers: { undertaker, reader: { subscribe: 'mq/q', prefetch: 1, service: '1ms' } },
    faults: [{ kind: 'crash', target: 'consumers.reader', at: '0s', for: time(from + readerComes) }],
    times: { arrivals: Object.fromEntries(recorded.published.map((name) => [name, [from]])) },
  }, model);
  const dead = lettersOf(run);
  const before = dead.filter(({ at }) => at < readerComes);
  return [
    same('behind a head that lives: dead, in order', recorded.dead_lettered.map(({ body }) => body), before.map(({ name }) => name)),
    ...recorded.dead_lettered.map(({ body, t_ms }, nth) => near(`behind a head that lives: ${body} at`, t_ms, before[nth]?.at ?? Infinity, { amount: 15 }, 'ms')),
    same('behind a head that lives: depth', recorded.depth_by_t.map(([, depth]) => depth), recorded.depth_by_t.map(([at]) => recorded.published.length - dead.filter((letter) => letter.at < at).length)),
    same('behind a head that lives: read then', recorded.got_after, run.told.filter(({ what }) => what === 'effect').filter(({ queue }) => queue !== 'mq/dead').map(({ producer }) => nameOf(producer))),
    same('behind a head that lives: dead then', recorded.dead_after_get, dead.filter(({ at }) => at >= readerComes).map(({ name }) => name)),
  ];
}

function compareQueue({ ttl, lateness_ms: lateness, order_ok: isInOrder, n }: Cases['perQueueTTL'], type: string, model: Model): Line[] {
  const gap = 20;
  const run = replay({
    ...systemWith(type, { 'x-message-ttl': ttl }),
    lasts: from + n * gap + ttl + 1000,
    producers: { web: { publish: 'mq/q', arrivals: recordedArrivals } },
    consumers: { undertaker },
    times: { arrivals: { web: Array.from({ length: n }, (_, nth) => from + nth * gap) } },
  }, model);
  const dead = lettersOf(run);
  return [
    near('one time for all: late by, mean', lateness.mean, mean(dead.map(({ at, nth }) => at - nth * gap - ttl)), { amount: 5 }, 'ms'),
    same('one time for all: in order', isInOrder, dead.length === n && dead.every(({ nth }, index) => nth === index)),
  ];
}

/** In the hands of a consumer for twice as long as it lives, and then given back. */
function compareHeld(recorded: Cases['unackedThenRequeuedAfterExpiry'], type: string, model: Model): Line[] {
  const ttl = 500;
  const run = replay({
    ...systemWith(type, {}),
    lasts: from + 4 * ttl,
    producers: { held: { publish: 'mq/q', arrivals: recordedArrivals, ttl: time(ttl) } },
    consumers: { undertaker, holder: { subscribe: 'mq/q', service: time(2 * ttl) } },
    faults: [{ kind: 'poison', target: 'producers.held', at: '0s' }],
    times: { arrivals: { held: [from] } },
  }, model);
  const dead = lettersOf(run);
  const givenBack = run.told.find(({ what }) => what === 'work-failed')!.at - from;
  return [
    same('held beyond its life: dead meanwhile', recorded.dead_while_unacked, dead.filter(({ at }) => at < givenBack).length),
    same('held beyond its life: dead then', recorded.after_requeue_dead.map(([body]) => body), dead.map(({ name }) => name)),
    ...recorded.after_requeue_dead.map(([, , after]) => near('held beyond its life: dead after', after, (dead[0]?.at ?? Infinity) - givenBack, { amount: 5 }, 'ms')),
    same('held beyond its life: deliveries', 1, run.delivered.filter(({ queue }) => queue === 'mq/q').length),
  ];
}


function systemWith(type: string, args: object): Pick<Parts, 'broker'> {
  const { queues, ...rest } = deadLettersThrough('dlx');
  return { broker: { ...rest, queues: { q: { arguments: { 'x-queue-type': type as 'classic' | 'quorum', 'x-dead-letter-exchange': 'dlx', ...args } }, ...queues } } };
}

/** Dead letters as whoever reads them saw them, in times since the first publish. */
function lettersOf({ delivered }: Replay) {
  return delivered.filter(({ queue }) => queue === 'mq/dead').map(({ at, producer, nth }) => ({ at: at - from, name: nameOf(producer), nth }));
}

const nameOf = (producer: string): string => producer.replace(/\.0$/, '');
