/** Consumers: the settings. */
import { z } from 'zod';
import { lifecycleSchema } from './lifecycle-settings.ts';
import { offsetSchema } from './offset.ts';
import { ownReconnect } from './network-settings.ts';
import { clientFields, publisherFields } from './producer-settings.ts';
import { limitedByAttempts } from './retry.ts';
import { selectorSchema } from './selector.ts';
import { count, duration, durations, positiveDuration, probability, queuePath } from './settings.ts';

/** Where in the handling of a message a worker's process dies. */
export const crashPoints = ['before-work', 'during-work', 'after-effect'] as const;
export type CrashPoint = (typeof crashPoints)[number];

const failure = z.strictObject({
  probability: probability().default(0).describe('A handling fails by chance; the next delivery may succeed.'),
  poison: selectorSchema.optional().describe('These messages fail at every delivery.'),
  then: z.enum(['requeue', 'reject', 'acknowledge']).default('requeue')
    .describe('requeue: given back to the queue; reject: refused for good, so dead-lettered or dropped; acknowledge: settled as if it were done, and so lost.'),
  retry: limitedByAttempts('retries at the worker').optional()
    .describe('Before that, the worker tries again by itself. It keeps the message unsettled and, while it waits, handles nothing else in its place.'),
});

const crash = z.strictObject({
  point: z.enum(crashPoints),
  probability: probability().optional(),
  messages: selectorSchema.optional(),
  restart: duration().default(5e9).describe('How long the process is down.'),
});

const channelSchema = z.strictObject({
  of: z.string().min(1).max(100).optional().describe('Another group, whose first worker consumes with the first one of this group over one channel, in one process, and so on.'),
  prefetch: count(1, 65_535).optional().describe('basic.qos with global: deliveries that all consumers on the channel may hold together, besides what each of them may. Not with of: it is said once.'),
}).describe('RabbitMQ: the channel, where several groups share it or its prefetch is that of all of them.');

const onward = z.strictObject({
  to: queuePath(),
  probability: probability().default(1),
  connection: z.enum(['shared', 'own']).default('shared').describe('shared: what goes to the broker that the worker consumes from goes by the same connection; own: by one that is there for it alone.'),
  key: z.enum(['same', 'none']).default('same').describe('same: the key of the message that was handled.'),
  ...publisherFields,
});
export type OnwardSpec = z.output<typeof onward>;

export const consumerSchema = z.strictObject({
  count: count(1, 100_000).default(1).describe('Workers; each is a process with a connection of its own.'),
  subscribe: queuePath(),
  prefetch: z.union([count(1, 65_535), z.literal('unlimited').transform(() => Infinity)]).default(1)
    .describe('Deliveries that a worker may hold unacknowledged.'),
  channel: channelSchema.optional(),
  concurrency: count(1, 100_000).default(1).describe('Messages that one worker handles at the same time.'),
  acknowledge: z
    .enum(['automatic', 'before-work', 'at-start', 'after-work', 'manual'])
    .default('after-work')
    .transform((mode) => (mode === 'manual' ? ('after-work' as const) : mode))
    .describe('automatic: settled by the broker as it sends; before-work: as it arrives; at-start: when the work on it begins; after-work, which is also what manual means.'),
  multiple: z
    .strictObject({ messages: count(2, 10_000), after: positiveDuration().optional() })
    .optional()
    .describe('RabbitMQ: one basic.ack with multiple for every so many messages, or so long after the first of them; without `after` they wait for each other for ever.'),
  priority: z.int().min(-2_147_483_648).max(2_147_483_647).default(0).describe('RabbitMQ, x-priority: consumers of a higher one are served first, as far as they have room.'),
  offset: offsetSchema.optional().describe(
    'RabbitMQ streams, x-stream-offset: where a worker begins to read, whenever it connects. next (default): what comes from then on; first: all that is there; '
    + 'last: the last chunk; a number; a duration: what is that old at most. stored: behind what it acknowledged last, which the application keeps for itself.',
  ),
  service: durations(),
  failure: failure.optional(),
  crashes: z.array(crash).max(100).default([]),
  idempotency: z
    .strictObject({
      window: positiveDuration().optional(),
      entries: count(1, 1_000_000_000).optional(),
      atomic: z.boolean().default(true).describe('The record is written in one step with the effect.'),
    })
    .optional(),
  publish: z.array(onward).max(100).default([]),
  ...clientFields,
  lifecycle: lifecycleSchema.optional(),
  reconnect: ownReconnect(),
});
export type ConsumerSpec = z.output<typeof consumerSchema>;

/** The group whose processes a group's workers are in: mostly its own. */
export function hostOf(consumers: Readonly<Record<string, ConsumerSpec>>, group: string): string {
  return consumers[group]?.channel?.of ?? group;
}
