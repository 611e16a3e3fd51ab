/** Who has to conform: every broker of the registry, in the shapes in which its rules differ. */
import type { BrokerSpec } from '../../models/brokers/index.ts';
import { queueTypes } from '../../models/brokers/rabbitmq/settings.ts';
import type { Version } from '../../models/brokers/rabbitmq/versions.ts';
import type { CrashScope } from '../../models/node.ts';
import type { ScenarioSettings } from '../../scenarios/define.ts';

export type Broker = ScenarioSettings['brokers'][string];

/** What the queue `work` is to be like, in words that every broker has some for. */
export interface QueueTraits {
  /** Dead letters go to the queue `dead`; otherwise they are dropped. */
  readonly deadLetter?: boolean | undefined;
  readonly ttl?: string | undefined;
  readonly maxLength?: number | undefined;
  readonly overflow?: 'drop-head' | 'reject' | undefined;
  /** Deliveries of one message; not every broker counts them. */
  readonly deliveriesMax?: number | undefined;
  readonly priorities?: number | undefined;
}

/** Where it stood; behind what came back before it and before everything else; behind everything. */
export type Place = 'original' | 'first' | 'last';

export interface Levels {
  readonly count: number;
  /** The level of a message's priority. */
  of(priority: number): number;
  /** The highest goes first; else only each level is in order. */
  readonly isStrict: boolean;
}

export interface Subject {
  readonly name: string;
  readonly kind: BrokerSpec['kind'];
  /** Which of its kinds of queue. */
  readonly queue: string;
  readonly nodes: number;
  /** Crashes of its nodes after which everything confirmed is there again. */
  readonly survives: readonly CrashScope[];
  /** What is published without `mandatory` is refused, and not dropped, while its queue cannot be found. */
  readonly refusesWhatItCannotRoute: boolean;
  /** Once its nodes see each other again, all is as it was before they did not. */
  readonly mendsPartitions: boolean;
  /** Its nodes can be stopped in order. */
  readonly stops: boolean;
  /** So many milliseconds may each of its nodes stand still; it is refused when that is longer. */
  readonly standsStill: number;
  /** Who takes over from another flags all that it has, delivered or not. */
  readonly flagsWhatItTakesOver: boolean;
  /** Where a message stands that its consumer gave back, and one that its consumer took into its grave. */
  givenBack(work: QueueTraits): Place;
  readonly leftBehind: Place;
  /** It promises that a message is delivered only so often. */
  readonly countsDeliveries: boolean;
  /** Messages may be meant to live in memory only; consumers may go before others. */
  readonly hasTransient: boolean;
  readonly ranksConsumers: boolean;
  levels(work: QueueTraits): Levels;
  /** Rare paths of its own that its trials have to take. */
  readonly takes: readonly string[];
  broker(work: QueueTraits): Broker;
}

/** `count` levels of which the highest takes all that is above it. */
function strict(count: number): Levels {
  return { count, of: (priority) => Math.min(priority, count - 1), isStrict: true };
}

function workQueue(): Subject {
  return {
    name: 'work queue', kind: 'work-queue', queue: 'work queue', nodes: 1, survives: ['process', 'host'], refusesWhatItCannotRoute: true, mendsPartitions: true, stops: false, standsStill: Infinity, flagsWhatItTakesOver: false, countsDeliveries: true, hasTransient: false, ranksConsumers: false,
    takes: ['broker.deliveryLimit', 'ledger.rewound'],
    givenBack: () => 'original', leftBehind: 'original', levels: ({ priorities = 1 }) => strict(priorities),
    broker: ({ deadLetter, ttl, maxLength, overflow, deliveriesMax, priorities }) => ({
      kind: 'work-queue', storage: { sync: '10ms' }, recovery: '200ms',
      queues: {
        work: {
          ...(deadLetter && { deadLetter: 'dead' }), ...(ttl && { ttl }), ...(maxLength && { maxLength }), ...(overflow && { overflow }),
          ...(deliveriesMax && { deliveryLimit: deliveriesMax }), ...(priorities && { priorities }),
        },
        ...(deadLetter && { dead: {} }),
      },
    }),
  };
}

/** What is slow in RabbitMQ is made quicker, so that a few seconds hold a whole outage. */
const quick = { config: { heartbeat: '400ms', net_ticktime: '2s', consumer_timeout: '6s', channel_tick_interval: '1s' }, timing: { boot: '200ms' } } as const;

/** What differs from one type of queue to the other. */
type OfType = Pick<Subject, 'refusesWhatItCannotRoute' | 'mendsPartitions' | 'survives' | 'givenBack' | 'leftBehind' | 'countsDeliveries' | 'levels' | 'takes'>;

function rabbitmq(version: Version, type: (typeof queueTypes)[number], nodes: number, ofType: OfType, queueArguments: (work: QueueTraits) => object): Subject {
  return {
    name: `RabbitMQ ${version}, ${type}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`, kind: 'rabbitmq', queue: type, nodes, stops: true, standsStill: Infinity, flagsWhatItTakesOver: false, hasTransient: true, ranksConsumers: true, ...ofType,
    broker: (work) => {
      const { deadLetter, ttl, maxLength, overflow } = work;
      return {
        kind: 'rabbitmq', version, nodes, ...quick,
        queues: {
          work: {
            arguments: {
              'x-queue-type': type, ...(deadLetter && { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' }), ...(ttl && { 'x-message-ttl': ttl }),
              ...(maxLength && { 'x-max-length': maxLength }), ...(overflow && { 'x-overflow': overflow === 'reject' ? 'reject-publish' : overflow }), ...queueArguments(work),
            },
          },
          ...(deadLetter && { dead: { arguments: { 'x-queue-type': type }, node: nodes - 1 } }),
        },
      };
    },
  };
}

/**
 * @param survives up to 3.12 large bodies are synced before a confirm, in 3.13 only what is in the journal; from 4.0 on nothing is
 *   synced (rabbit_msg_store, rabbit_classic_queue_store_v2)
 */
function classic(version: Version, nodes: number, survives: readonly CrashScope[]): Subject {
  // A node of 3.10 that misses another forgets the queues there, until one of the two starts anew (rabbit_amqqueue `on_node_down`).
  const remembers = version !== '3.10' || nodes === 1;
  const ofType: OfType = {
    refusesWhatItCannotRoute: remembers, mendsPartitions: remembers, survives, givenBack: () => 'original', leftBehind: 'original', countsDeliveries: false, levels: ({ priorities = 1 }) => strict(priorities),
    takes: ['fault.stop', 'ledger.rewound', 'dropped.unflushed', 'dropped.transient'],
  };
  return rabbitmq(version, 'classic', nodes, ofType, ({ priorities }) => ({ ...(priorities && { 'x-max-priority': priorities - 1 }) }));
}

/** A classic queue with mirrors on all nodes, of which only those lead that are synchronised; a minority pauses, so that nobody else leads. */
function mirrored(version: '3.10' | '3.13', survives: readonly CrashScope[]): Subject {
  const alone = classic(version, 3, survives);
  const policies = [{ name: 'ha', pattern: '^work$', definition: { 'ha-mode': 'all', 'ha-sync-mode': 'automatic', 'ha-promote-on-failure': 'when-synced' } }];
  return {
    ...alone, name: `RabbitMQ ${version}, mirrored, 3 nodes`, queue: 'mirrored', mendsPartitions: true, standsStill: 1400, flagsWhatItTakesOver: true,
    takes: ['fault.stop', 'mirror.promoted', 'mirror.unsynchronised', 'mirror.synchronising', 'cluster.stopped.pause_minority'],
    broker: (work) => ({ ...alone.broker(work), config: { ...quick.config, cluster_partition_handling: 'pause_minority' }, policies }) as Broker,
  };
}

/** Priorities of quorum queues: none; two levels that share; 32 strict ones (rabbit_fifo at 3.13.7, 4.0.9, 4.3.5). */
const quorumLevels = {
  '3.13': strict(1), '4.0': { count: 2, of: (priority: number) => (priority > 4 ? 1 : 0), isStrict: false }, '4.3': strict(32),
} as const;

function quorum(version: keyof typeof quorumLevels, nodes: number): Subject {
  const ofType: OfType = {
    refusesWhatItCannotRoute: true, mendsPartitions: true,
    // Without a limit, what is given back goes to the tail; 4.0 has one unless told otherwise, and 4.3 never does that.
    givenBack: ({ deliveriesMax }) => (version === '3.13' && deliveriesMax === undefined ? 'last' : 'first'),
    // In 4.3 what is given back does not count.
    survives: ['process', 'host'], leftBehind: 'first', countsDeliveries: version !== '4.3', levels: () => quorumLevels[version],
    takes: ['fault.stop', 'broker.deliveryLimit', 'raft.election', 'raft.elected', ...(nodes > 1 ? ['raft.truncated'] : [])],
  };
  return rabbitmq(version, 'quorum', nodes, ofType, ({ deliveriesMax }) => ({
    'x-quorum-initial-group-size': nodes, ...(deliveriesMax && { 'x-delivery-limit': deliveriesMax - 1 }),
  }));
}

/** To add a broker, or a kind of queue: one entry. */
export const subjects: readonly Subject[] = [
  workQueue(),
  ...[1, 3].flatMap((nodes) => [classic('3.10', nodes, ['process', 'host']), classic('3.13', nodes, ['process']), classic('4.2', nodes, ['process'])]),
  ...[1, 3, 5].flatMap((nodes) => [quorum('3.13', nodes), quorum('4.0', nodes), quorum('4.3', nodes)]),
  mirrored('3.10', ['process', 'host']), mirrored('3.13', ['process']),
];

function stream(version: Version, nodes: number): Subject {
  const ofType: OfType = {
    refusesWhatItCannotRoute: true, mendsPartitions: true, survives: ['process'], givenBack: () => 'original', leftBehind: 'original', countsDeliveries: false,
    levels: () => strict(1), takes: [],
  };
  const subject = rabbitmq(version, 'stream', nodes, ofType, () => ({}));
  // None of the limits of queues is one of streams.
  return { ...subject, ranksConsumers: false, broker: () => subject.broker({}) };
}

/** Kinds of queue to which nothing of the suite applies. Each is asked all the same, and has to fail. */
export const strangers: readonly { readonly subject: Subject; readonly reason: string; readonly failsAs: RegExp }[] = [
  { subject: stream('4.3', 3), reason: 'a stream is read and not emptied: each worker reads all of it, and what it gives back is passed over, and no limit or wish of the suite is one of its own', failsAs: /stream (does not take|needs|takes)/ },
];

/** The kinds of queue that each broker of the registry has: each needs a subject. A kind of broker without an entry does not compile. */
export const kindsOfQueue: { readonly [Kind in BrokerSpec['kind']]: readonly string[] } = { 'work-queue': ['work queue'], rabbitmq: [...queueTypes, 'mirrored'] };
