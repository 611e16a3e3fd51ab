/**
 * The faults that a scenario can meet, as arbitraries: every kind with the targets that this scenario has, at times and moments of its
 * own. What takes more than any configuration claims to survive (an operator's purge, bits that flip) is drawn only `beyond`.
 */
import fc from 'fast-check';
import { momentNames } from '../../models/moments.ts';
import type { ScenarioSettings } from '../scenario.ts';
import type { FaultSettings } from './plan.ts';

/** Who is there to be struck. */
export interface Parts {
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
  readonly brokers: readonly string[];
  readonly nodes: readonly string[];
  readonly queues: readonly string[];
  /** Of these, quorum queues; and nodes of which one may lose its disk, since all of their queues are on a majority besides. */
  readonly quorumQueues: readonly string[];
  readonly replaceable: readonly string[];
  /** Who may stay away for good: the others are a core that goes on without it. */
  readonly spare: readonly string[];
  /** Nodes of RabbitMQ, and classic or quorum queues there; disks of work queues. */
  readonly rabbitNodes: readonly string[];
  readonly deletable: readonly string[];
  readonly plainDisks: readonly string[];
  /** Names of the first messages of the first producers. */
  readonly messages: readonly string[];
  /** Seconds until the last is published. */
  readonly lastPublished: number;
}

/** Of so many workers one may stay away: the others have not much more to do. */
const spareOf = 4;

type QueuePart = { readonly arguments?: { readonly 'x-queue-type'?: string } } | null;
interface BrokerPart {
  readonly kind: string;
  readonly nodes?: number;
  readonly queues?: Readonly<Record<string, QueuePart>>;
}

export function partsOf(settings: ScenarioSettings, messages: Readonly<Record<string, number>>, lastPublished: number): Parts {
  const producers = Object.keys(settings.producers ?? {});
  const brokers = Object.entries(settings.brokers as Record<string, BrokerPart>);
  const rabbits = brokers.filter(([, { kind }]) => kind === 'rabbitmq');
  const typeOf = (queue: QueuePart): string => queue?.arguments?.['x-queue-type'] ?? 'classic';
  const queuesOf = (isMeant: (type: string) => boolean): string[] => rabbits.flatMap(([name, { queues = {} }]) => Object.entries(queues).filter(([, queue]) => isMeant(typeOf(queue))).map(([queue]) => `${name}/${queue}`));
  const nodesOf = (some: typeof brokers): string[] => some.flatMap(([name, { nodes = 1 }]) => Array.from({ length: nodes }, (_, index) => `${name}.${index}`));
  return {
    quorumQueues: queuesOf((type) => type === 'quorum'), deletable: queuesOf((type) => type !== 'stream'), rabbitNodes: nodesOf(rabbits),
    // Always the same one: two that are lost at a time would be more than is claimed.
    replaceable: rabbits.filter(([, { nodes = 1, queues = {} }]) => nodes > 2 && Object.values(queues).every((queue) => typeOf(queue) === 'quorum')).map(([name]) => `${name}.0`),
    // One of each, the last, always the same: of all the others something is left that is enough.
    spare: [
      ...rabbits.filter(([, { nodes = 1, queues = {} }]) => nodes > 2 && Object.values(queues).every((queue) => typeOf(queue) !== 'classic')).map(([name, { nodes = 1 }]) => `${name}.${nodes - 1}`),
      ...Object.entries((settings.consumers ?? {}) as Record<string, { count?: number }>).filter(([, { count = 1 }]) => count >= spareOf).map(([name, { count = 1 }]) => `consumers.${name}.${count - 1}`),
    ],
    plainDisks: nodesOf(brokers.filter(([, { kind }]) => kind === 'work-queue')).map((node) => `${node}.disk`),
    producers: producers.map((name) => `producers.${name}`), consumers: Object.keys(settings.consumers ?? {}).map((name) => `consumers.${name}`),
    brokers: brokers.map(([name]) => name), nodes: nodesOf(brokers),
    queues: brokers.flatMap(([name, { queues = {} }]) => Object.keys(queues).map((queue) => `${name}/${queue}`)),
    messages: producers.slice(0, 3).flatMap((name) => Array.from({ length: Math.min(messages[name] ?? 0, 40) }, (_, index) => `${name}.0-${index + 1}`)), lastPublished,
  };
}

type Fields = Readonly<Record<string, unknown>>;
type Drawn = fc.Arbitrary<Fields>;

const durations = ['5ms', '50ms', '300ms', '1s', '3s', '10s', '30s'] as const;
const some = fc.constantFrom(...durations);

/** Kinds by name; undefined where nobody is there to be struck. */
export function vocabularyOf(parts: Parts, isBeyond: boolean): ReadonlyMap<string, fc.Arbitrary<FaultSettings>> {
  const { producers, consumers, brokers, nodes, queues, quorumQueues, replaceable, rabbitNodes, deletable, plainDisks, spare } = parts;
  const one = (names: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...names);
  const clients = [...producers, ...consumers, ...producers.map((name) => `${name}.0`), ...consumers.map((name) => `${name}.0`)];
  const anybody = fc.oneof({ weight: 3, arbitrary: one([...nodes, ...brokers]) }, ...(clients.length > 0 ? [{ weight: 2, arbitrary: one(clients) }] : []));
  const disks = nodes.map((node) => `${node}.disk`);
  const ways = fc.oneof(
    ...(clients.length > 0 ? [fc.record({ between: fc.tuple(one(clients), one(brokers)), direction: fc.constantFrom('both' as const, 'one' as const) })] : []),
    ...(nodes.length > 1 ? [fc.record({ between: one(nodes).map((node) => [node, `others(${node})`]), direction: fc.constantFrom('both' as const, 'one' as const) })] : []),
  );
  const chosen = { messages: fc.constantFrom({ every: 5 }, { nth: 3 }, { probability: 0.2 }), times: fc.constantFrom(1, 2) };
  const kinds: Record<string, Drawn | undefined> = {
    crash: fc.record({ target: anybody, scope: fc.constantFrom('process', 'host'), for: some }),
    pause: fc.record({ target: anybody, for: some }),
    partition: clients.length + nodes.length > 1 ? fc.tuple(ways, some).map(([way, lasting]) => ({ ...way, for: lasting })) : undefined,
    latency: clients.length > 0 ? fc.tuple(ways, some, fc.constantFrom('50ms', '1s', '6s')).map(([way, lasting, add]) => ({ ...way, for: lasting, add })) : undefined,
    loss: clients.length > 0 ? fc.tuple(ways, some).map(([way, lasting]) => ({ ...way, for: lasting })) : undefined,
    reset: clients.length > 0 ? fc.record({ between: fc.tuple(one(clients), one(brokers)) }) : undefined,
    'half-open': clients.length > 0 ? fc.record({ between: fc.tuple(one(clients), one(brokers)) }) : undefined,
    slow: fc.record({ target: one([...consumers, ...disks]), factor: fc.constantFrom(10, 100), for: some }),
    'disk-stall': fc.record({ target: one(disks), for: some }),
    'io-error': fc.record({ target: one(disks), for: some }),
    stop: fc.record({ target: one(nodes), for: some }),
    'swizzle-clog': nodes.length > 1 ? fc.record({ target: one(brokers), hold: fc.constantFrom('1s', '5s') }) : undefined,
    'reconnect-storm': clients.length > 0 ? fc.record({ target: one(clients) }) : undefined,
    burst: producers.length > 0 ? fc.record({ target: one(producers), factor: fc.constantFrom(3, 10), for: some }) : undefined,
    'publish-lost': producers.length > 0 ? fc.record({ target: one(producers), for: some, ...chosen }) : undefined,
    'confirm-lost': producers.length > 0 ? fc.record({ target: one(producers), for: some, ...chosen }) : undefined,
    'outbox-crash': producers.length > 0 ? fc.record({ target: one(producers), point: fc.constantFrom('before-publish', 'after-publish'), for: some, ...chosen }) : undefined,
    'ack-lost': consumers.length > 0 ? fc.record({ target: one(consumers), for: some, ...chosen }) : undefined,
    'crash-consumer': consumers.length > 0 ? fc.record({ target: one(consumers), point: fc.constantFrom('before-handler', 'during-handler', 'after-effect-before-ack', 'after-partial-batch'), for: some, ...chosen }) : undefined,
    'handler-throws': consumers.length > 0 ? fc.record({ target: one(consumers), for: some, messages: chosen.messages, times: isBeyond ? fc.constantFrom(1, 3, 'always') : fc.constantFrom(1, 3) }) : undefined,
    'slow-handler': consumers.length > 0 ? fc.record({ target: one(consumers), add: some, for: some, messages: chosen.messages }) : undefined,
    'hanging-handler': consumers.length > 0 ? fc.record({ target: one(consumers), heartbeats: fc.constantFrom('thread', 'event-loop'), for: some, messages: chosen.messages }) : undefined,
    'consumer-stop': consumers.length > 0 ? fc.record({ target: one([...consumers, ...consumers.map((name) => `${name}.0`)]), grace: fc.constantFrom('0', '1s', '30s'), for: some }) : undefined,
    'leadership-transfer': quorumQueues.length > 0 ? fc.record({ queue: one(quorumQueues) }) : undefined,
    wipe: replaceable.length > 0 ? fc.record({ target: one(replaceable), for: some }) : undefined,
    // Before liveness is judged a core is healed, and this stays.
    stays: spare.length > 0 ? fc.record({ kind: fc.constantFrom('crash', 'crash', 'pause'), target: one(spare), heal: fc.constant(false) }) : undefined,
    'dependency-outage': consumers.length > 0 ? fc.record({ target: one(consumers), for: some }) : undefined,
    ...(isBeyond && {
      purge: fc.record({ queue: one(queues) }),
      'queue-delete': deletable.length > 0 ? fc.record({ queue: one(deletable), for: some }) : undefined,
      'clock-skew': rabbitNodes.length > 0 ? fc.record({ target: one([...rabbitNodes, ...brokers]), direction: fc.constantFrom('forward', 'back'), jump: fc.constantFrom('1s', '1m', '1h'), for: some }) : undefined,
      'misdirected-write': plainDisks.length > 0 ? fc.record({ target: one(plainDisks), share: fc.constantFrom(0.1, 1), for: some }) : undefined,
      'bit-flip': fc.record({ target: one(disks), records: fc.constantFrom(1, 5) }),
      'torn-write': fc.record({ target: one(disks), for: some }),
      poison: producers.length > 0 ? fc.record({ target: one(producers), for: some, messages: chosen.messages, does: fc.constantFrom('fails', 'kills', 'undecodable') }) : undefined,
      'double-publish': producers.length > 0 ? fc.record({ target: one(producers), for: some, ...chosen }) : undefined,
      'producer-per-request': producers.length > 0 ? fc.record({ target: one(producers), for: some }) : undefined,
      'disk-full': fc.record({ target: one(disks), for: some }),
      'out-of-memory': fc.record({ target: one(brokers), limit: fc.constantFrom('20kB', '1MB'), for: some }),
      'connection-limit': fc.record({ target: one(brokers), limit: fc.constantFrom(0, 2), for: some }),
      forget: consumers.length > 0 ? fc.record({ target: one(consumers) }) : undefined,
    }),
  };
  const drawn = new Map<string, fc.Arbitrary<FaultSettings>>();
  for (const [kind, fields] of Object.entries(kinds)) if (fields !== undefined) drawn.set(kind, fc.tuple(fields, triggers(parts)).map(([knob, trigger]) => ({ kind, ...knob, ...trigger }) as unknown as FaultSettings));
  return drawn;
}

/** At a time, or before or after something happens to one of the first messages: which is what finds what hides between two events. */
function triggers({ messages, lastPublished }: Parts): Drawn {
  const at = fc.integer({ min: 0, max: Math.max(1, Math.ceil(lastPublished * 1.1 * 100)) }).map((tens) => ({ at: `${tens * 10}ms` }));
  if (messages.length === 0) return at;
  const on = fc.tuple(fc.constantFrom('before', 'after'), fc.constantFrom(...momentNames), fc.constantFrom(...messages)).map(([when, moment, message]) => ({ on: { [when]: moment, message } }));
  return fc.oneof({ weight: 2, arbitrary: at }, { weight: 3, arbitrary: on });
}
