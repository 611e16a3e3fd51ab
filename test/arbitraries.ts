/** Random scenarios with random faults, small enough to run by the hundred. */
import fc from 'fast-check';
import { occurrenceNames } from '../models/occurrences.ts';
import type { ScenarioSettings } from '../scenarios/define.ts';

type Broker = Extract<ScenarioSettings['brokers'][string], { kind: 'work-queue' }>;
type Queue = Exclude<Broker['queues'][string], null>;
type Producer = NonNullable<ScenarioSettings['producers']>[string];
type Consumer = NonNullable<ScenarioSettings['consumers']>[string];
type Fault = NonNullable<ScenarioSettings['faults']>[number];
type Claim = NonNullable<ScenarioSettings['claims']>[number];
export type Settings = ScenarioSettings;

/** Whole milliseconds as a duration. */
const ms = (min: number, max: number) => fc.integer({ min, max }).map((value) => `${value}ms`);
const absent = fc.constant(undefined);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof(absent, arbitrary);
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: absent }, { weight: 1, arbitrary });

const times = fc.oneof(
  ms(0, 40),
  fc.record({ exponential: fc.record({ mean: ms(1, 40) }) }),
  fc.record({ lognormal: fc.record({ mean: ms(1, 40), scv: fc.constantFrom(0.5, 4) }) }),
  fc.record({ uniform: fc.constant({ min: '0ms', max: '30ms' }) }),
);

const network = fc.record({
  default: fc.record({
    latency: fc.oneof(fc.constant('0'), ms(1, 20), fc.record({ exponential: fc.record({ mean: ms(1, 20) }) })),
    bandwidth: rarely(fc.constantFrom('10Mbit/s', '1MB/s')),
  }),
  connection: fc.record({
    heartbeat: ms(100, 2000),
    connectTimeout: ms(50, 1000),
    reconnect: fc.oneof(
      fc.record({ fixed: fc.record({ delay: ms(1, 1000) }) }),
      fc.constant({ exponential: { initial: '10ms', max: '1s', jitter: 'full' as const } }),
    ),
    retransmit: ms(1, 300),
  }),
});

const arrivals = fc.oneof(
  fc.record({ constant: fc.record({ rate: fc.constantFrom('5/s', '40/s') }) }),
  fc.record({ poisson: fc.record({ rate: fc.constantFrom('5/s', '40/s', '200/s') }) }),
  fc.record({ renewal: fc.constant({ lognormal: { mean: '50ms', scv: 4 } }) }),
  fc.constant({ phases: { steps: [{ for: '1s', rate: '20/s' }, { for: '2s', from: '20/s', to: '80/s' }, { for: '1s', rate: '0/s' }], repeat: true } }),
  fc.constant({ markovModulated: { states: { calm: '5/s', busy: '80/s' }, rates: { calm: { busy: '1/s' }, busy: { calm: '2/s' } } } }),
);

const endlessRetry = fc.oneof(
  fc.record({ fixed: fc.record({ delay: ms(0, 400) }) }),
  fc.record({ random: fc.constant({ min: '1ms', max: '200ms' }) }),
  fc.record({ exponential: fc.record({ initial: ms(1, 50), max: fc.constant('1s'), jitter: fc.constantFrom('none' as const, 'full' as const, 'equal' as const, 'decorrelated' as const) }) }),
);
const limitedRetry = fc.tuple(endlessRetry, fc.record({ attempts: maybe(fc.integer({ min: 1, max: 4 })), deadline: maybe(ms(100, 2000)), budget: rarely(fc.constant({ tokensPerMessage: 0.1, capacity: 2 })) }))
  .map(([wait, limits]) => ({ ...wait, ...limits }) as typeof wait);

const storage = fc.record({
  fsync: fc.oneof(fc.constant('always' as const), fc.record({ interval: ms(1, 400) })),
  write: maybe(ms(0, 3)),
  sync: ms(0, 20),
  groupCommit: maybe(ms(0, 10)),
});

const lifecycle = rarely(fc.constantFrom(
  { states: { up: {}, slow: { serviceFactor: 3 } }, rates: { up: { slow: '1/s' }, slow: { up: '2/s' } } },
  { states: { up: {}, down: { down: true } }, rates: { up: { down: '0.3/s' }, down: { up: '2/s' } } },
  { states: { up: {}, stalled: { paused: true } }, rates: { up: { stalled: '0.5/s' }, stalled: { up: '3/s' } } },
  { states: { up: {}, closed: { refusesConnections: true } }, rates: { up: { closed: '0.5/s' }, closed: { up: '1/s' } } },
));

const publishing = (retry: typeof endlessRetry, isSafe: boolean) => ({
  size: fc.constantFrom('1kB', '100B'),
  confirm: isSafe ? fc.record({ timeout: ms(isSafe ? 400 : 20, 1500) }) : maybe(fc.record({ timeout: ms(isSafe ? 400 : 20, 1500) })),
  retry,
  serialise: rarely(fc.constant({ perMessage: '1ms', perByte: '1us' })),
  buffer: maybe(fc.record({ capacity: fc.integer({ min: 1, max: 20 }), overflow: fc.constantFrom('block' as const, 'drop-newest' as const, 'drop-oldest' as const) })),
});

const producer = (retry: typeof endlessRetry, isSafe: boolean) =>
  fc.record({
    count: fc.integer({ min: 1, max: 3 }),
    publish: fc.constant('mq/work'),
    arrivals,
    messages: fc.integer({ min: 1, max: 40 }),
    key: maybe(fc.constantFrom({ uniform: { keys: 3 } }, { zipf: { keys: 10, exponent: 1 } }, { fixed: 7 })),
    priority: fc.oneof(fc.constant(0), fc.constant({ 0: 3, 2: 1 })),
    maxUnconfirmed: isSafe ? maybe(fc.integer({ min: 1, max: 10 })) : absent,
    ttl: isSafe ? absent : rarely(ms(10, 2000)),
    lifecycle,
    ...publishing(retry, isSafe),
    reconnect: rarely(fc.constantFrom('on-demand' as const, { linear: { initial: '0', step: '100ms', max: '500ms' } })),
    unconnected: rarely(fc.constant('fail' as const)),
  }).map((each) => ({ ...each, ...(each.reconnect === 'on-demand' && { unconnected: 'fail' as const }), ...(each.unconnected === 'fail' || each.reconnect === 'on-demand' ? { retry: patient(each.retry) } : {}) }));

/** Who fails at once for want of a connection must not try again at the same instant for ever. */
const patient = <T>(retry: T): T => JSON.parse(JSON.stringify(retry ?? null)?.replace('"0ms"', '"1ms"') ?? 'null') ?? undefined;

const crashes = fc.array(
  fc.record({ point: fc.constantFrom('before-work' as const, 'during-work' as const, 'after-effect' as const), probability: fc.constantFrom(0.02, 0.1), restart: ms(1, 500) }),
  { maxLength: 2 },
);

const handlerRetry = fc.record({ fixed: fc.record({ delay: ms(0, 200) }), attempts: fc.integer({ min: 1, max: 4 }) });

const consumer = (subscribe: string, isSafe: boolean) =>
  fc.record({
    count: fc.integer({ min: 1, max: 3 }),
    subscribe: fc.constant(subscribe),
    prefetch: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constant('unlimited' as const)),
    concurrency: fc.integer({ min: 1, max: 2 }),
    acknowledge: isSafe ? fc.constant('after-work' as const) : fc.constantFrom('automatic' as const, 'before-work' as const, 'at-start' as const, 'after-work' as const, 'after-work' as const),
    service: times,
    failure: maybe(fc.record({ probability: fc.constantFrom(0.02, 0.2), then: isSafe ? fc.constant('requeue' as const) : fc.constantFrom('requeue' as const, 'reject' as const, 'acknowledge' as const), retry: rarely(handlerRetry) })),
    crashes: fc.oneof(fc.constant([]), crashes),
    idempotency: isSafe
      ? fc.constant({ atomic: true })
      : maybe(fc.record({ atomic: fc.boolean(), window: maybe(ms(10, 3000)), entries: maybe(fc.integer({ min: 1, max: 20 })) })),
    lifecycle,
  });

const moments = fc.constantFrom('arrived' as const, 'appended' as const, 'confirmed' as const, 'confirm-received' as const, 'delivered' as const, 'effect' as const, 'settled' as const, 'acknowledged' as const);
const occurrence = fc.constantFrom(...occurrenceNames.filter((name) => name !== 'leader-elected'));
const trigger = fc.oneof(
  { weight: 3, arbitrary: fc.record({ at: ms(0, 8000) }) },
  { weight: 1, arbitrary: fc.record({ rate: fc.constantFrom('0.2/s', '1/s') }) },
  { weight: 3, arbitrary: fc.tuple(fc.boolean(), moments, fc.integer({ min: 1, max: 30 }), maybe(ms(0, 50))).map(([before, moment, message, delay]) => ({
    on: before ? { before: moment, message, ...(delay && { delay }) } : { after: moment, message, ...(delay && { delay }) } })) },
  { weight: 2, arbitrary: fc.tuple(occurrence, fc.integer({ min: 1, max: 5 }), maybe(ms(0, 500))).map(([after, nth, delay]) => ({ on: { after, nth, ...(delay && { delay }) } })) },
);
/** What ends a fault, besides the time that it has at most. */
const ending = rarely(fc.tuple(occurrence, fc.integer({ min: 1, max: 5 }), ms(0, 200)).map(([after, nth, delay]) => ({ until: { after, nth, delay } })));
const someone = fc.constantFrom('mq', 'mq.0', 'leader(mq/work)', 'producers.web', 'producers.web.0', 'one(producers.web)', 'consumers.workers', 'consumers.workers.0', 'majority(consumers.workers)');
const broker = fc.constantFrom('mq', 'mq.0', 'leader(mq/work)');
const client = fc.constantFrom('producers.web', 'producers.web.0', 'one(producers.web)', 'consumers.workers', 'consumers.workers.0', 'others(one(consumers.workers))');

const wayBetween = fc.record({ between: fc.oneof(fc.tuple(client, broker), fc.tuple(broker, client)), direction: fc.constantFrom('both' as const, 'one' as const) });

const worker = fc.constantFrom('consumers.workers', 'consumers.workers.0');
/** Which messages a fault of clients hits, and how often each. */
const chosen = { messages: maybe(fc.constantFrom({ every: 5 }, { nth: 3 }, { probability: 0.2 })), times: fc.integer({ min: 1, max: 3 }) };

const what = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('crash' as const), target: someone, scope: fc.constantFrom('process' as const, 'host' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), target: broker, scope: fc.constant('host' as const), unsynced: fc.constantFrom('random-suffix' as const, 'any-subset' as const, 'corrupt-last' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('torn-write' as const), target: fc.constant('mq.0.disk') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pause' as const), target: someone }) },
  { weight: 3, arbitrary: wayBetween.map((way) => ({ kind: 'partition' as const, ...way })) },
  { weight: 2, arbitrary: fc.tuple(wayBetween, times).map(([way, add]) => ({ kind: 'latency' as const, ...way, add })) },
  { weight: 1, arbitrary: fc.tuple(wayBetween, fc.oneof(
    fc.record({ kind: fc.constant('loss' as const), share: fc.constantFrom(0.05, 0.3), correlation: fc.constantFrom(0, 0.75) }),
    fc.record({ kind: fc.constant('bandwidth' as const), leaves: fc.constantFrom('10kB/s', '1MB/s') }),
    fc.record({ kind: fc.constant('limit-data' as const), bytes: fc.constantFrom('2kB', '50kB') }),
  )).map(([way, knob]) => ({ ...knob, ...way })) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('slow' as const), target: fc.constantFrom('consumers.workers', 'mq', 'mq.0.disk'), factor: fc.constantFrom(3, 10) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('publish-lost' as const, 'confirm-lost' as const), target: client, ...chosen }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ack-lost' as const), target: worker, ...chosen }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash-consumer' as const), target: worker, point: fc.constantFrom('before-handler' as const, 'during-handler' as const), restart: ms(1, 500), ...chosen }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prefetch-change' as const), target: worker, prefetch: fc.integer({ min: 1, max: 10 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('consumer-stop' as const), target: worker, grace: ms(0, 200), prefetched: fc.constantFrom('handled' as const, 'returned' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('handler-throws' as const), target: worker, ...chosen }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('slow-handler' as const), target: worker, add: times, ...chosen }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hanging-handler' as const), target: worker, heartbeats: fc.constantFrom('thread' as const, 'event-loop' as const), ...chosen }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('disk-stall' as const, 'io-error' as const), target: fc.constant('mq.0.disk') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('connection-limit' as const), target: broker, limit: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('out-of-memory' as const), target: broker, limit: fc.constantFrom('1kB', '20kB'), interval: ms(10, 1000), down: ms(1, 500) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('double-publish' as const), target: fc.constant('producers.web'), after: times, ...chosen }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('producer-per-request' as const), target: fc.constant('producers.web'), ...chosen }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('outbox-crash' as const), target: fc.constant('producers.web'), point: fc.constantFrom('before-publish' as const, 'after-publish' as const), restart: ms(1, 500), ...chosen }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('burst' as const), target: fc.constantFrom('producers.web', 'producers.web.0'), factor: fc.constantFrom(3, 10) }) },
);
/** They end by themselves. */
const selfTimed = fc.oneof(
  fc.record({ kind: fc.constant('crash-loop' as const), target: someone, count: fc.integer({ min: 1, max: 5 }), period: times, restart: fc.tuple(endlessRetry, maybe(fc.integer({ min: 1, max: 4 }))).map(([wait, attempts]) => ({ ...wait, attempts })) }),
  fc.record({ kind: fc.constant('rolling-restart' as const), target: someone, by: fc.constant('crash' as const), down: ms(1, 500), gap: ms(0, 500) }),
  fc.tuple(wayBetween, times, times, fc.integer({ min: 1, max: 5 })).map(([way, down, up, count]) => ({ kind: 'flapping' as const, ...way, down, up, count })),
  fc.record({ kind: fc.constant('reset' as const), between: wayBetween.map(({ between }) => between) }),
  fc.record({ kind: fc.constant('reconnect-storm' as const), target: client }),
  wayBetween.map((way) => ({ kind: 'half-open' as const, ...way })),
  fc.record({ kind: fc.constant('swizzle-clog' as const), target: someone, spread: ms(1, 1000), hold: ms(0, 1000) }),
);
/** They take what nobody promised to keep in spite of them. */
const unsafe = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('poison' as const), target: fc.constant('producers.web'), messages: maybe(fc.constantFrom({ every: 5 }, { nth: 3 }, { probability: 0.2 })) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wipe' as const), target: broker }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('queue-change' as const), queue: fc.constant('mq/work'), set: fc.constantFrom({ maxLength: 3 }, { lease: '50ms' }, { ttl: '100ms', requeue: 'tail' as const }, { deliveryLimit: 2, overflow: 'reject' as const, maxBytes: '2kB' }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const), queue: fc.constant('mq/work') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('misdirected-write' as const), target: fc.constant('mq.0.disk'), share: fc.constantFrom(0.1, 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bit-flip' as const), target: fc.constant('mq.0.disk'), records: fc.integer({ min: 1, max: 5 }) }) },
);

const fault = (isSafe: boolean): fc.Arbitrary<Fault> =>
  fc.tuple(fc.oneof({ weight: 9, arbitrary: what }, { weight: 2, arbitrary: selfTimed }, ...(isSafe ? [] : [{ weight: 2, arbitrary: unsafe }])), trigger, fc.oneof({ weight: 4, arbitrary: ms(1, 4000) }, { weight: 1, arbitrary: absent }), ending)
    .map(([knob, when, lasting, end]) => {
      const { isSelfTimed, knowsItsEnd } = { isSelfTimed: ['crash-loop', 'rolling-restart', 'flapping', 'swizzle-clog', 'reset', 'reconnect-storm', 'half-open', 'purge', 'bit-flip'].includes(knob.kind), knowsItsEnd: knob.kind === 'pause' || knob.kind === 'disk-stall' || knob.kind === 'hanging-handler' };
      return { ...knob, ...when, ...(lasting && !isSelfTimed && { for: lasting }), ...(!isSelfTimed && !knowsItsEnd && end) } as unknown as Fault;
    });

interface Parts {
  readonly seed: number;
  readonly ties: 'scheduled' | 'shuffled';
  readonly network: ScenarioSettings['network'];
  readonly broker: Partial<Broker>;
  readonly work: Queue;
  readonly dead: Queue;
  readonly producer: Producer;
  readonly consumer: Consumer;
  readonly onward: readonly NonNullable<Consumer['publish']>[number][];
  readonly second: Consumer;
  /** Who reads the dead-letter queue, or the same queue as the workers. */
  readonly menders: Consumer | undefined;
  readonly faults: readonly (readonly [Fault, boolean])[];
}

/** `next` is a second queue, that the workers publish onward to, in a broker of its own. */
function assemble(parts: Parts, claims: Claim[]): ScenarioSettings {
  const { seed, ties, network: net, menders } = parts;
  const isPipeline = parts.onward.length > 0;
  const faults = parts.faults.map(([fault, isOnward]) => (isPipeline && isOnward ? movedOnward(fault) : fault));
  const mended = parts.work.deadLetter ? 'mq/dead' : 'mq/work';
  const settings = {
    faultline: 1 as const,
    name: 'random',
    seed,
    ties,
    late: seed % 4 === 0 ? ('sometimes' as const) : ('never' as const),
    phases: { warmUp: '1s', measure: '9s', drain: '600s' },
    network: net,
    brokers: {
      mq: { kind: 'work-queue' as const, ...parts.broker, queues: { work: parts.work, ...(parts.work.deadLetter && { dead: parts.dead }) } },
      ...(isPipeline && { other: { kind: 'work-queue' as const, ...parts.broker, backpressure: undefined, queues: { next: {} } } }),
    },
    producers: { web: parts.producer },
    consumers: {
      workers: { ...parts.consumer, publish: [...parts.onward] },
      ...(isPipeline && { finishers: parts.second }),
      ...(menders && { menders: { ...menders, subscribe: mended } }),
    },
    faults,
    claims,
  };
  // Absent and undefined are the same to the reader of files.
  return JSON.parse(JSON.stringify(settings)) as ScenarioSettings;
}

/** The same fault between the workers and the broker that they publish to. */
function movedOnward(fault: Fault): Fault {
  if (['burst', 'poison', 'double-publish', 'producer-per-request', 'outbox-crash'].includes(fault.kind)) return fault;
  const moved = JSON.stringify(fault).replaceAll(/\bmq\/work\b/g, 'other/next').replaceAll(/"mq(\.0)?(\.disk)?"/g, '"other$1$2"').replaceAll('producers.web', 'consumers.workers');
  return JSON.parse(moved) as Fault;
}

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const ties = fc.oneof({ weight: 3, arbitrary: fc.constant('scheduled' as const) }, { weight: 1, arbitrary: fc.constant('shuffled' as const) });
const onwardOf = (isSafe: boolean) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(fc.record({ to: fc.constant('other/next'), probability: fc.constantFrom(1, 0.5), ...publishing(endlessRetry, isSafe), ...(isSafe && { buffer: fc.constant({}) }) }), { minLength: 1, maxLength: 2 }),
    },
  ) as unknown as fc.Arbitrary<Parts['onward'][number][]>;

/** Configurations that promise at-least-once, and with their idempotency store exactly one effect. */
export const safeScenarios: fc.Arbitrary<ScenarioSettings> = fc
  .record({
    seed: seeds,
    ties,
    network,
    broker: fc.record({
      storage,
      recovery: ms(0, 500),
      processing: maybe(ms(0, 5)),
      backpressure: rarely(fc.record({ messages: fc.integer({ min: 1, max: 20 }), resume: fc.constantFrom(0.2, 0.8) })),
      lifecycle,
    }),
    work: fc.record({ lease: maybe(ms(1000, 5000)), priorities: fc.constantFrom(1, 3), requeue: fc.constantFrom('original' as const, 'head' as const, 'tail' as const) }),
    dead: fc.constant({}),
    producer: producer(endlessRetry, true),
    consumer: consumer('mq/work', true),
    onward: onwardOf(true),
    second: consumer('other/next', true),
    menders: absent,
    faults: fc.array(fc.tuple(fault(true), fc.boolean()), { maxLength: 4 }),
  })
  .map((parts) => assemble(parts as unknown as Parts, ['at-least-once', 'exactly-once-effect', 'drained', 'no-stuck-message']));

/** Anything goes: nothing is promised but that the books balance. */
export const wildScenarios: fc.Arbitrary<ScenarioSettings> = fc
  .record({
    seed: seeds,
    ties,
    network,
    broker: fc.record({
      storage: fc.oneof(
        storage.map((spec) => ({ ...spec, confirm: 'after-sync' as const })),
        storage.map((spec) => ({ ...spec, confirm: 'before-sync' as const })),
        fc.constant({ fsync: 'never' as const, confirm: 'before-sync' as const, writeback: '3s' }),
        fc.constant({ durable: false }),
      ),
      recovery: ms(0, 500),
      processing: maybe(ms(0, 5)),
      backpressure: rarely(fc.record({ messages: fc.integer({ min: 1, max: 20 }), resume: fc.constantFrom(0.2, 0.8) })),
      lifecycle,
    }),
    work: fc.record({
      durable: rarely(fc.boolean()),
      lease: maybe(ms(50, 3000)),
      deliveryLimit: fc.integer({ min: 1, max: 5 }),
      deadLetter: maybe(fc.constant('dead')),
      ttl: rarely(ms(1, 3000)),
      maxLength: rarely(fc.integer({ min: 1, max: 10 })),
      maxBytes: rarely(fc.constantFrom('1kB', '5kB')),
      overflow: fc.constantFrom('drop-head' as const, 'reject' as const, 'reject-to-dead-letter' as const),
      priorities: fc.constantFrom(1, 3),
      requeue: fc.constantFrom('original' as const, 'head' as const, 'tail' as const),
    }).map((queue) => (queue.overflow === 'reject-to-dead-letter' ? { ...queue, deadLetter: 'dead' } : queue)),
    dead: fc.record({ deliveryLimit: fc.integer({ min: 1, max: 5 }), ttl: rarely(ms(1, 3000)), maxLength: rarely(fc.integer({ min: 1, max: 5 })), overflow: fc.constantFrom('drop-head' as const, 'reject' as const), durable: rarely(fc.boolean()) }),
    producer: producer(limitedRetry, false),
    consumer: consumer('mq/work', false),
    onward: onwardOf(false),
    second: consumer('other/next', false),
    menders: maybe(consumer('mq/dead', false)),
    faults: fc.array(fc.tuple(fault(false), fc.boolean()), { maxLength: 4 }),
  })
  .map((parts) => assemble(parts as unknown as Parts, [
    'at-least-once', 'at-most-once', 'exactly-once-effect', 'order-per-key', 'bounded-redelivery', 'dead-letter-complete', 'drained', 'no-stuck-message',
  ]));
