/** Small random scenarios for a subject: what its configuration promises to survive, and anything at all. */
import fc from 'fast-check';
import type { CrashScope } from '../../models/node.ts';
import type { ScenarioSettings } from '../../scenarios/define.ts';
import type { QueueTraits, Subject } from './subjects.ts';

type Fault = NonNullable<ScenarioSettings['faults']>[number];
type Claim = NonNullable<ScenarioSettings['claims']>[number];
type Producer = NonNullable<ScenarioSettings['producers']>[string];
type Consumer = NonNullable<ScenarioSettings['consumers']>[string];

const ms = (min: number, max: number) => fc.integer({ min, max }).map((value) => `${value}ms`);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof(fc.constant(undefined), arbitrary);
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const latency = fc.oneof(fc.constant('0'), ms(1, 10), fc.record({ exponential: fc.record({ mean: ms(1, 10) }) }));
const connection = fc.record({
  connectTimeout: ms(50, 500), reconnect: fc.record({ fixed: fc.record({ delay: ms(1, 500) }) }), retransmit: ms(1, 200), heartbeat: ms(100, 1000),
});
const arrivals = fc.oneof(fc.record({ constant: fc.record({ rate: fc.constantFrom('5/s', '40/s') }) }), fc.record({ poisson: fc.record({ rate: fc.constantFrom('5/s', '40/s', '200/s') }) }));
const service = fc.oneof(ms(0, 25), fc.record({ exponential: fc.record({ mean: ms(1, 25) }) }));
const sizes = fc.constantFrom('100B', '1kB', '5kB');
/** Few messages reach few limits: small numbers are not preferred. */
const messages = fc.noBias(fc.integer({ min: 1, max: 25 }));
const endlessRetry = fc.record({ fixed: fc.record({ delay: ms(1, 300) }) });

const safeProducer = ({ refusesWhatItCannotRoute }: Subject): fc.Arbitrary<Partial<Producer>> => fc.record({
  count: fc.integer({ min: 1, max: 3 }), arrivals, messages, size: sizes, confirm: fc.record({ timeout: ms(200, 1500) }), retry: endlessRetry,
  maxUnconfirmed: maybe(fc.integer({ min: 1, max: 10 })), mandatory: fc.constant(refusesWhatItCannotRoute ? undefined : true),
}) as fc.Arbitrary<Partial<Producer>>;

const wildProducer = ({ hasTransient }: Subject): fc.Arbitrary<Partial<Producer>> => fc.record({
  count: fc.integer({ min: 1, max: 3 }), arrivals, messages, size: sizes, confirm: maybe(fc.record({ timeout: ms(20, 1500) })),
  retry: fc.oneof(fc.constant('none' as const), endlessRetry.map((retry) => ({ ...retry, attempts: 3 }))), priority: fc.oneof(fc.constant(0), fc.constant({ 0: 3, 2: 1, 9: 1 })),
  ttl: rarely(ms(1, 2000)), deliveryMode: hasTransient ? maybe(fc.constant('transient' as const)) : fc.constant(undefined),
}) as fc.Arbitrary<Partial<Producer>>;

const crashes = fc.array(fc.record({ point: fc.constantFrom('before-work' as const, 'during-work' as const, 'after-effect' as const), probability: fc.constant(0.03), restart: ms(1, 400) }), { maxLength: 1 });
const consumer = ({ ranksConsumers }: Subject, isSafe: boolean): fc.Arbitrary<Partial<Consumer>> =>
  fc.record({
    count: fc.integer({ min: 1, max: 3 }), prefetch: fc.oneof(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 10 }), fc.constant('unlimited' as const)), service, crashes,
    acknowledge: isSafe ? fc.constant('after-work' as const) : fc.constantFrom('automatic' as const, 'after-work' as const, 'after-work' as const),
    failure: maybe(fc.record({ probability: isSafe ? fc.constantFrom(0.05, 0.2) : fc.constantFrom(0.1, 0.5), then: isSafe ? fc.constant('requeue' as const) : fc.constantFrom('requeue' as const, 'reject' as const) })),
    priority: ranksConsumers ? rarely(fc.constant(5)) : fc.constant(undefined), idempotency: isSafe ? fc.constant({}) : fc.constant(undefined),
  }) as fc.Arbitrary<Partial<Consumer>>;

const traits = ({ countsDeliveries }: Subject): fc.Arbitrary<QueueTraits> =>
  fc.record({
    deadLetter: fc.boolean(), ttl: rarely(ms(1, 2000)), maxLength: maybe(fc.integer({ min: 1, max: 3 })), overflow: fc.constantFrom('drop-head' as const, 'reject' as const),
    deliveriesMax: countsDeliveries ? maybe(fc.integer({ min: 1, max: 3 })) : fc.constant(undefined), priorities: rarely(fc.constant(3)),
  });

const clients = ['producers.web', 'producers.web.0', 'consumers.workers', 'consumers.workers.0'];

/** Faults of clients, of the broker's nodes, and of the ways between any of them. @param isParting nodes of the broker may lose sight of each other, and run */
function faults(subject: Subject, scopes: readonly CrashScope[], isParting = true): fc.Arbitrary<Fault[]> {
  const names = Array.from({ length: subject.nodes }, (_, index) => `mq.${index}`);
  const node = fc.constantFrom('mq', ...names, ...names);
  const client = fc.constantFrom(...clients);
  const direction = fc.constantFrom('both' as const, 'one' as const);
  const withClients: fc.Arbitrary<(string | string[])[]> = fc.oneof(fc.tuple(client, node), fc.tuple(node, client));
  const between = subject.nodes === 1 || !isParting ? withClients : fc.oneof(withClients, amongNodes(names));
  const crash = (target: fc.Arbitrary<string>, scope: readonly CrashScope[]) => fc.record({ kind: fc.constant('crash' as const), target, scope: fc.constantFrom(...scope) });
  const what = fc.oneof(
    { weight: 3, arbitrary: crash(node, scopes) },
    { weight: 2, arbitrary: crash(client, ['process', 'host']) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('pause' as const), target: isParting ? fc.oneof(node, client) : client }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('partition' as const), between, direction }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('latency' as const), between, direction, add: service }) },
    // Several at once multiply, and the slowest still has to end before the run does.
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('slow' as const), target: fc.oneof(fc.constantFrom(...names).map((name) => `${name}.disk`), fc.constant('consumers.workers')), factor: fc.constantFrom(3, 15) }) },
    ...(subject.stops ? [{ weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const), target: node }) }] : []),
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('rolling-restart' as const), target: node, down: ms(1, 1000), gap: ms(1, 1000), by: fc.constant(subject.stops ? 'stop' as const : 'crash' as const), ...(subject.stops && { drain: maybe(ms(1, 1000)) }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash-loop' as const), target: client, count: fc.integer({ min: 1, max: 4 }), period: service, restart: fc.constant({ fixed: { delay: '200ms' } }) }) },
  );
  const moments = fc.constantFrom('arrived' as const, 'confirmed' as const, 'confirm-received' as const, 'delivered' as const, 'effect' as const, 'settled' as const, 'acknowledged' as const);
  const trigger = fc.oneof(
    { weight: 3, arbitrary: fc.record({ at: ms(0, 3000) }) },
    { weight: 2, arbitrary: fc.tuple(fc.boolean(), moments, fc.integer({ min: 1, max: 20 })).map(([isBefore, moment, message]) => ({ on: { [isBefore ? 'before' : 'after']: moment, message } })) },
  );
  const lasting = (knob: { kind: string }, time: number): string => `${knob.kind === 'pause' ? Math.min(time, subject.standsStill) : time}ms`;
  const fault = fc.tuple(what, trigger, fc.integer({ min: 1, max: 4000 })).map(([knob, when, time]) => ({ ...knob, ...when, ...(!('down' in knob || 'restart' in knob) && { for: lasting(knob, time) }) }) as unknown as Fault);
  return fc.array(fault, { minLength: 1, maxLength: 5 });
}

/** Some nodes from the rest, or two from each other. */
function amongNodes(names: readonly string[]): fc.Arbitrary<(string | string[])[]> {
  const sides = fc.subarray([...names], { minLength: 1, maxLength: names.length - 1 }).map((some) => [some, names.filter((name) => !some.includes(name))]);
  return fc.oneof(sides, fc.shuffledSubarray([...names], { minLength: 2, maxLength: 2 }));
}

interface Parts {
  readonly seed: number;
  readonly ties: 'scheduled' | 'shuffled';
  readonly latency: unknown;
  readonly connection: unknown;
  readonly work: QueueTraits;
  readonly producer: Partial<Producer>;
  readonly consumer: Partial<Consumer>;
  readonly menders?: Partial<Consumer> | undefined;
  readonly faults: Fault[];
}

/** A scenario, and what its queue `work` is like. */
export interface Trial {
  readonly settings: ScenarioSettings;
  readonly work: QueueTraits;
}

function assemble(subject: Subject, parts: Parts, claims: Claim[]): Trial {
  const { seed, ties, work, menders } = parts;
  const settings = {
    faultline: 1, name: subject.name, seed, ties, phases: { measure: '6s', drain: '600s' },
    network: { default: { latency: parts.latency }, connection: parts.connection },
    brokers: { mq: subject.broker(work) },
    producers: { web: { publish: 'mq/work', ...parts.producer } },
    consumers: {
      workers: { subscribe: 'mq/work', ...parts.consumer },
      ...(menders && work.deadLetter && { menders: { ...menders, subscribe: 'mq/dead' } }),
    },
    faults: parts.faults, claims,
  };
  // Absent and undefined are the same to the reader of files.
  return { settings: JSON.parse(JSON.stringify(settings)) as ScenarioSettings, work };
}

const common = {
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  ties: fc.constantFrom('scheduled' as const, 'scheduled' as const, 'shuffled' as const),
  latency, connection,
};

/** Confirms, endless retries and manual acknowledgements: nothing confirmed is lost by crashes of these scopes, if the subject survives them. */
export function safeTrials(subject: Subject, scopes = subject.survives): fc.Arbitrary<Trial> {
  return fc.record({ ...common, producer: safeProducer(subject), consumer: consumer(subject, true), faults: faults(subject, scopes, subject.mendsPartitions) })
    .map((parts) => assemble(subject, { ...parts, work: {} }, ['at-least-once', 'exactly-once-effect', 'drained', 'no-stuck-message', confirms(subject)]));
}

/** What its confirms are worth: whoever survives a loss of power has synced what it confirmed. */
function confirms({ survives }: Subject): Claim {
  return survives.includes('host') ? 'confirm-means-durable' : { 'confirm-means-durable': { copies: 1, on: 'nodes' } };
}

/** Limits, rejections, automatic acknowledgements, any crash: nothing is promised but that the books balance. */
export function wildTrials(subject: Subject): fc.Arbitrary<Trial> {
  return fc.record({
    ...common, work: traits(subject), producer: wildProducer(subject), consumer: consumer(subject, false), menders: maybe(consumer(subject, false)), faults: faults(subject, ['process', 'host']),
  }).map((parts) => assemble(subject, parts, ['bounded-redelivery', 'dead-letter-complete', 'drained']));
}

/** Waits for its confirms, if it wants any, as long as they may take. */
function patient(producer: Partial<Producer>): Partial<Producer> {
  return { ...producer, ...(producer.confirm && { confirm: { timeout: '60s' } }) };
}

/** The same limits and consumers, and nothing fails: neither a node, nor a way, nor a worker. */
export function calmTrials(subject: Subject): fc.Arbitrary<Trial> {
  const steady = fc.tuple(consumer(subject, false), consumer(subject, false)).map((both) => both.map((each) => ({ ...each, crashes: [] })));
  return fc.record({ ...common, work: traits(subject), producer: wildProducer(subject), consumers: steady })
    .map(({ consumers: [workers, menders], producer, ...parts }) => assemble(subject, { ...parts, producer: patient(producer), consumer: workers!, menders, faults: [] }, ['bounded-redelivery', 'dead-letter-complete', 'drained']));
}
