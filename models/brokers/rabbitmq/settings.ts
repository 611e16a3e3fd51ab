/**
 * RabbitMQ: the settings, under RabbitMQ's own names and in its own units. A duration may also be written with a unit, as in
 * `x-message-ttl: 5s`. Topology (exchanges, queues, bindings, policies) has the shape of `rabbitmqctl export_definitions`.
 *
 * Defaults follow `version` where they changed (`versions.ts`). Sources: the documentation of 3.13 and 4.3, and the code at the
 * tags named in `versions.ts`.
 */
import { z } from 'zod';
import { nanosPerSecond, parseDuration, UnitError, type Nanos } from '../../../sim/units.ts';
import { lifecycleSchema } from '../../lifecycle-settings.ts';
import { bytes, count, duration, durations, name, queueName } from '../../settings.ts';
import { usersSchema } from './access/access-settings.ts';
import { type Version, versions } from './versions.ts';

const nanosPerMillisecond = 1e6;

/** A whole number of RabbitMQ's unit, or a duration with a unit of its own. */
function wholeTime(unit: 'ms' | 's', nanosPerUnit: Nanos, min: number, max: number) {
  return z.union([z.int().min(min).max(max), z.string()], { error: () => `a whole number of ${unit} or a duration is wanted, as in 5000 or 5s` })
    .meta({ quantity: unit === 'ms' ? 'milliseconds, or a duration' : 'seconds, or a duration' })
    .transform((written, context): Nanos => {
      if (typeof written === 'number') return written * nanosPerUnit;
      try {
        const time = parseDuration(written);
        if (time >= min * nanosPerUnit) return time;
        context.issues.push({ code: 'custom', message: `a duration of ${min} ${unit} or more is wanted`, input: written });
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        context.issues.push({ code: 'custom', message: error.message, params: { hint: error.hint }, input: written });
      }
      return z.NEVER;
    });
}

const milliseconds = (min = 0) => wholeTime('ms', nanosPerMillisecond, min, 4_294_967_295);
const seconds = (min = 0) => wholeTime('s', nanosPerSecond, min, 4_294_967);
/** A whole number of bytes, or a size with a unit. */
const size = () => z.union([z.int().min(0), bytes()]);

const agePattern = /^(\d+)([YMDhms])$/;
const secondsIn: Readonly<Record<string, number>> = { Y: 31_536_000, M: 2_592_000, D: 86_400, h: 3600, m: 60, s: 1 };
/** As RabbitMQ writes it (rabbit_amqqueue `check_max_age`). */
const age = () =>
  z.string().regex(agePattern, { error: () => 'a number and one of Y, M, D, h, m and s is wanted, as in 7D' }).meta({ quantity: 'age', examples: ['7D', '12h'] })
    .transform((written): Nanos => {
      const [, number, unit] = agePattern.exec(written)!;
      return Number(number) * secondsIn[unit!]! * nanosPerSecond;
    }).refine((time) => time > 0, { error: 'an age above zero is wanted' });

export const overflows = ['drop-head', 'reject-publish', 'reject-publish-dlx'] as const;
export const queueTypes = ['classic', 'quorum', 'stream'] as const;
export const partitionStrategies = ['ignore', 'pause_minority', 'pause_if_all_down', 'autoheal'] as const;
/** Mistakes of releases that can be asked for (`defects.ts`). */
export const defects = ['forgets-unacknowledged'] as const;
export type Defect = (typeof defects)[number];
export const deadLetterStrategies = ['at-most-once', 'at-least-once'] as const;

/** What a queue's arguments and a policy have in common, without the `x-`. */
const limits = {
  'message-ttl': milliseconds().optional().describe('A message expires that long after it came to the queue; only the head is looked at.'),
  'max-length': count(0, 1_000_000_000).optional().describe('Ready messages; what is unacknowledged does not count.'),
  'max-length-bytes': size().optional().describe('The same of the bodies of ready messages; of a stream, of all that it keeps.'),
  overflow: z.enum(overflows).optional().describe('drop-head (default): the oldest is dropped; reject-publish: the newest is refused.'),
  'dead-letter-exchange': z.string().max(255).optional().describe('Where rejected, expired and dropped messages are published; empty is the default exchange.'),
  'dead-letter-routing-key': z.string().max(255).optional().describe('The key that they have there; their own unless told.'),
  'dead-letter-strategy': z.enum(deadLetterStrategies).optional().describe('Quorum queues; at-least-once keeps dead letters in the queue until every queue that they go to has confirmed, and needs overflow reject-publish.'),
  'delivery-limit': z.int().min(-1).max(1_000_000).optional().describe('Quorum queues: so many returns, and one more is dead-lettered or dropped; -1 is none. 20 from 4.0 on.'),
  'consumer-timeout': milliseconds(1).optional().describe('From 3.12 on; queues before that follow the node.'),
  'max-age': age().optional().describe('Streams: segments that are older go when a new one begins.'),
  'stream-max-segment-size-bytes': size().refine((bytesMax) => bytesMax <= 3_000_000_000, { error: 'RabbitMQ takes at most 3 GB' }).optional()
    .describe('Streams: 500 MB unless told. Only whole segments go, and never the last.'),
  'initial-cluster-size': count(1, 99).optional().describe('Replicas of a stream: all nodes unless told.'),
  'queue-version': z.union([z.literal(1), z.literal(2)]).optional().describe('Storage of a classic queue: 1 up to 3.13, 2 from 4.0 on.'),
};
type Limits = typeof limits;

const withX = Object.fromEntries(Object.entries(limits).map(([key, schema]) => [`x-${key}`, schema])) as { [K in keyof Limits as `x-${K}`]: Limits[K] };

const queueArguments = z.strictObject({
  'x-queue-type': z.enum(queueTypes).default('classic').describe('A process on one node, a queue over a replicated log, or a log that is read and never emptied.'),
  ...withX,
  'x-max-priority': z.int().min(1).max(255).optional().describe('Classic queues: levels from 0 to this.'),
  'x-single-active-consumer': z.boolean().default(false).describe('The consumer that came first is the only one that is served.'),
  'x-quorum-initial-group-size': count(1, 99).optional().describe('Members of a quorum queue: 3 unless told, as far as there are nodes.'),
});

export const rabbitQueueSchema = z.strictObject({
  durable: z.boolean().default(true).describe('A queue that is not is empty after any restart; refused in 4.3.'),
  arguments: queueArguments.prefault({}),
  node: z.int().min(0).max(98).default(0).describe('The node that it was declared on: home of a classic queue, first leader of a quorum queue or a stream.'),
});
export type RabbitQueueSpec = z.output<typeof rabbitQueueSchema>;

const exchangeSchema = z.strictObject({
  type: z.enum(['direct', 'fanout', 'topic', 'headers']),
  arguments: z.strictObject({ 'alternate-exchange': z.string().max(255).optional().describe('Takes what this exchange routes to nobody.') }).prefault({}),
});

const headerValue = z.union([z.string().max(255), z.number(), z.boolean(), z.null()]);

const bindingSchema = z.strictObject({
  source: z.string().max(255),
  destination: z.string().max(255),
  destination_type: z.enum(['queue', 'exchange']).default('queue'),
  routing_key: z.string().max(255).default('').describe('For a topic exchange: words with * for one and # for any number.'),
  arguments: z.record(z.string().max(255), headerValue).default({}).describe('For a headers exchange: x-match and the headers that must agree.'),
});
export type BindingSpec = z.output<typeof bindingSchema>;

/** Mirrors of classic queues, up to 3.13. */
const mirroring = {
  'ha-mode': z.enum(['all', 'exactly', 'nodes']).optional().describe('Up to 3.13: classic queues get mirrors, on all nodes, on so many, or on those that are named.'),
  'ha-params': z.union([z.int().min(1).max(99), z.array(z.int().min(0).max(98)).min(1)]).optional()
    .describe('For exactly: the leader and its mirrors together. For nodes: numbers of nodes, that of the queue among them.'),
  'ha-sync-mode': z.enum(['manual', 'automatic']).optional()
    .describe('automatic: the queue stands still until a new mirror has everything; manual (default): a mirror lacks what was there before it came.'),
  'ha-promote-on-failure': z.enum(['always', 'when-synced']).optional().describe('always (default): what the mirror lacks is lost; when-synced: without one that lacks nothing the queue waits for its leader.'),
  'ha-promote-on-shutdown': z.enum(['always', 'when-synced']).optional().describe('The same where the node of the leader was stopped in order; when-synced unless told.'),
};

const policySchema = z.strictObject({
  name: z.string().max(255),
  pattern: z.string().max(1000).describe('A regular expression over names of queues and exchanges.'),
  'apply-to': z.enum(['queues', 'classic_queues', 'quorum_queues', 'streams', 'exchanges', 'all']).default('all'),
  priority: z.int().min(0).max(1_000_000).default(0).describe('Of several that match, the one with the highest priority applies alone.'),
  definition: z.strictObject({ ...limits, ...mirroring, 'alternate-exchange': z.string().max(255).optional() }),
});
export type PolicySpec = z.output<typeof policySchema>;

/** A policy that is set while queues are in use: of limits alone. */
export const policyChangeSchema = z.strictObject({
  pattern: policySchema.shape.pattern,
  'apply-to': z.enum(['queues', 'classic_queues', 'quorum_queues']).default('queues'),
  priority: policySchema.shape.priority,
  definition: z.strictObject({
    'message-ttl': limits['message-ttl'], 'max-length': limits['max-length'], 'max-length-bytes': limits['max-length-bytes'], overflow: limits.overflow, 'delivery-limit': limits['delivery-limit'],
  }).refine((definition) => Object.keys(definition).length > 0, { error: 'at least one setting is wanted' }),
});
export type PolicyChange = z.output<typeof policyChangeSchema>;

/**
 * A URI without password, port and virtual host, which are not modelled: its host is a broker of the scenario, or nothing for the shovel's
 * own, to which it connects inside of the node, as nobody in particular, and may do everything (amqp_direct_connection, rabbit_direct).
 */
const brokerUri = () => z.string().regex(/^amqp:\/\/(?:(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9_-]+)?$/, {
  error: () => 'amqp:// and the name of a broker is wanted, as in amqp://east or, with a user, amqp://carrier@east, or amqp:// alone for its own',
}).transform((uri) => {
  const [broker, user] = uri.slice('amqp://'.length).split('@').toReversed() as [string, string?];
  return { broker, user: user ?? (broker === '' ? undefined : 'guest') };
});
export const ackModes = ['on-confirm', 'on-publish', 'no-ack'] as const;

/** A dynamic shovel (rabbit_shovel_parameters). */
const shovelSchema = z.strictObject({
  'src-uri': brokerUri().describe('amqp://west: the broker whose queue it empties, where it logs in as guest; amqp://carrier@west: as carrier; amqp:// is its own.'),
  'src-queue': queueName(),
  'dest-uri': brokerUri().describe('The broker that it publishes to. One of the two is its own.'),
  'dest-queue': queueName().optional().describe('Through the default exchange.'),
  'dest-exchange': z.string().max(255).optional().describe('An exchange instead, with dest-exchange-key.'),
  'dest-exchange-key': z.string().max(255).optional(),
  'ack-mode': z.enum(ackModes).default('on-confirm')
    .describe('When the source may forget a message: on-confirm: when the destination has confirmed it; on-publish: when it is published; no-ack: when it is delivered to the shovel.'),
  'src-prefetch-count': count(0, 65_535).default(1000).describe('Messages that may be on their way; 0 is no limit. no-ack knows none.'),
  'reconnect-delay': seconds(0).prefault(5).describe('Pause before it connects again, once either connection is lost; 0: it never does.'),
});
export type ShovelSpec = z.output<typeof shovelSchema>;

/** YAML makes a number of one without quotes, of 3.10 as well: which of them it is can be told all the same. */
const asVersion = (written: unknown): unknown => (typeof written === 'number' ? (versions.find((version) => Number(version) === written) ?? written) : written);

/** Keys of rabbitmq.conf. */
const configSchema = z.strictObject({
  heartbeat: seconds().prefault(60).describe('Proposed to clients, who take it; 0 is none. Noticed at the second check without a byte (rabbit_heartbeat).'),
  consumer_timeout: z.union([z.literal(false).transform(() => Infinity), milliseconds(1)]).prefault(1_800_000)
    .describe('Longest time that a delivery may be unacknowledged.'),
  channel_tick_interval: milliseconds(1).prefault(60_000).describe('How often a channel looks for such a delivery, up to 4.2; and how often it forgets permissions if a token gave them.'),
  max_message_size: size().optional().describe('A larger publish closes its channel (406): 128 MiB up to 3.13, 16 MiB from 4.0 on.'),
  handshake_timeout: milliseconds(1).prefault(10_000).describe('How long both sides wait for AMQP to be open, once TCP has answered; with TLS, once the node has done its work on that.'),
  ssl_handshake_timeout: milliseconds(1).optional().describe('How long a node waits for TLS: 5 s unless told. Where many come at once, the last ones wait longer, and are closed.'),
  dead_letter_worker_consumer_prefetch: count(1, 65_535).prefault(32).describe('Dead letters at least once: so many may wait for confirms at a time (advanced.config).'),
  dead_letter_worker_publisher_confirm_timeout: milliseconds(1).prefault(180_000)
    .describe('Dead letters at least once: so long after it was published one without all confirms is published again (advanced.config).'),
  net_ticktime: seconds(1).prefault(60).describe('A node that is silent for so long, give or take a quarter, is taken for down.'),
  cluster_partition_handling: z.enum(partitionStrategies).default('ignore')
    .describe('What nodes do that lose sight of others: nothing; stop while with half of all or less; or, once all see all again, start anew except for the partition with the most connections. Up to 4.1; pause_if_all_down is not modelled and refused.'),
  vm_memory_high_watermark: z.strictObject({
    relative: z.number().positive().max(1).optional().describe('Share of the memory: 0.4 up to 3.13, 0.6 from 4.0 on.'),
    absolute: size().optional().describe('The same in bytes; it wins over the share.'),
  }).prefault({}).describe('A node that uses more than this raises an alarm, and all nodes stop to read connections that publish. Looked at each second.'),
  total_memory_available_override_value: size().optional().describe('Memory of a node. Without it, and without an absolute watermark, memory is not looked at.'),
  disk_free_limit: z.strictObject({
    relative: z.number().positive().max(1e6).optional().describe('Times the memory of a node.'),
    absolute: size().optional().describe('The same in bytes, which wins; 50 MB when nothing is said.'),
  }).prefault({}).describe('A node with less free space than this raises an alarm, as with memory. Looked at each 10 s, and more often as space gets short.'),
  credit_flow_default_credit: z.tuple([z.int().min(0).max(1_000_000), z.int().min(0).max(1_000_000)]).default([400, 200])
    .refine(([initial, more]) => more <= initial && (more > 0 || initial === 0), { error: 'the second is how many more are granted at a time: from 1 to the first, or both 0' })
    .describe('Publishes that a reader may hand to its channel, and a channel to each classic queue, before it is granted more; how many more, after as many were taken. 0, 0 is no flow control.'),
  quorum_commands_soft_limit: count(1, 1_000_000).default(32).describe('Commands of one channel that a quorum queue has not applied; a publish above that blocks the channel.'),
  raft: z.strictObject({
    wal_max_size_bytes: size().prefault('512MiB').describe('A node keeps in memory what its quorum queues logged, until their log is that large.'),
  }).prefault({}),
});

/** What depends on the host and not on RabbitMQ; fitted to recordings of 3.10.8 on one shared core unless said otherwise. */
const timingSchema = z.strictObject({
  delivery: durations().prefault('0.99ms').describe('From a publish to its delivery when the queue and its consumer are idle (recorded: mean 0.99 ms).'),
  turnaround: durations().prefault('0.7ms').describe('From an acknowledgement to the next delivery when the queue was idle (recorded: mean 0.70 ms).'),
  operation: durations().prefault('13us').describe('What a queue that is awake needs for one publish or settlement (recorded: 26 us of broker time for a nack and the delivery that follows).'),
  awake: duration().prefault('100us').describe('A queue that something came to, or that did something, in the last so long is awake and answers at once (a judgement between two recordings: a requeue loop comes back after 30 us and has no wake-up latency, an acknowledgement after some ms has).'),
  write: durations().prefault('0.1ms').describe('Writing what was buffered, without a sync. A judgement: no recording tells it from the sync.'),
  fsync: durations().prefault({ lognormal: { mean: '0.45ms', scv: 1 } }).describe('One fdatasync (recorded on quorum queues: about 0.45 ms; disks: 5 to 15 ms).'),
  start: durations().prefault('1.4s').describe('From the start of its applications alone until a node takes connections, where they alone were stopped (recorded: 2.5 s after start_app, of which 1.1 s are the command).'),
  login: durations().prefault('0').describe('What a node works on each new connection, all its cores together, besides TLS; they are worked on one after another. Nothing was recorded: a node that opens 1000 connections a second needs 1 ms.'),
  tls: durations().prefault('0.7ms').describe('The same for TLS, where that is spoken. (openssl speed rsa2048: one signature takes a core of 2024 0.66 ms.)'),
  boot: durations().prefault('3.4s').describe('From the start of a node until it takes connections (recorded: 4.3 to 5.1 s after a kill with 1 s down).'),
});

/** What a node has, and what things cost in it. RabbitMQ counts what the operating system tells it; this is a model of that. */
const resourcesSchema = z.strictObject({
  disk: size().optional().describe('Free space of a node before any message came. Without it only the fault disk-full fills a disk.'),
  base: size().prefault('90MB').describe('Memory of a node without clients and messages (rabbitmq.com/docs/memory-use shows one of 89.9 MB).'),
  connection: size().prefault('100kB').describe('Memory of a connection (the same page: buffers of TCP of about 100 kB).'),
  message: size().prefault('500B').describe('Memory of a message of a classic queue beside its body, and disk beside it for any. A judgement: 400 to 500 B were reported for messages of 16 B (github.com/pivotal/rabbitmq-for-kubernetes/issues/64).'),
  quorumMessage: size().prefault('32B').describe('Memory of a message of a quorum queue, on each member (rabbitmq.com/docs/quorum-queues: 32 B or more).'),
});
export type ResourcesSpec = z.output<typeof resourcesSchema>;

export const rabbitmqSchema = z.strictObject({
  kind: z.literal('rabbitmq'),
  version: z.preprocess(asVersion as (written: Version) => Version, z.enum(versions)).describe('Which release it stands for; defaults follow it.'),
  nodes: count(1, 99).default(1).describe('Called mq.0, mq.1, … in faults and links.'),
  tls: z.enum(['none', '1.2', '1.3']).default('none').describe('What clients and nodes speak (listeners.ssl, ssl_options.versions): two round trips more, or one, and the work of timing.tls.'),
  config: configSchema.prefault({}),
  exchanges: z.record(name(), exchangeSchema).default({}),
  queues: z.record(queueName(), rabbitQueueSchema.nullable().transform((queue) => queue ?? rabbitQueueSchema.parse({}))),
  bindings: z.array(bindingSchema).max(100_000).default([]),
  policies: z.array(policySchema).max(10_000).default([]),
  users: usersSchema.describe('Who may log in, and what each may do. Without any, everybody may do everything.'),
  shovels: z.record(name(), shovelSchema).default({}).describe('Dynamic shovels of the plugin rabbitmq_shovel, by name: each takes messages out of a queue and publishes them, here or to another broker.'),
  defects: z.array(z.enum(defects)).default([]).describe('Mistakes of a release that the scenario rebuilds. forgets-unacknowledged: what a consumer of a quorum queue held when its channel was lost is gone (3.8.0 before its release).'),
  timing: timingSchema.prefault({}),
  resources: resourcesSchema.prefault({}),
  lifecycle: lifecycleSchema.optional(),
});
export type RabbitmqSpec = z.output<typeof rabbitmqSchema>;
