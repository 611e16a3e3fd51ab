/** Consumers: the settings. */
import { z } from 'zod';
import { lifecycleSchema } from './lifecycle-settings.ts';
import { publisherFields } from './producer-settings.ts';
import { selectorSchema } from './selector.ts';
import { count, duration, durations, positiveDuration, probability, queuePath } from './settings.ts';

/** Where in the handling of a message a worker's process dies. */
export const crashPoints = ['before-work', 'during-work', 'after-effect'] as const;
export type CrashPoint = (typeof crashPoints)[number];

const failure = z.strictObject({
  /** A handling fails by chance; the next delivery may succeed. */
  probability: probability().default(0),
  /** These messages fail at every delivery. */
  poison: selectorSchema.optional(),
  /** requeue: given back to the queue; reject: refused for good, so dead-lettered or dropped. */
  then: z.enum(['requeue', 'reject']).default('requeue'),
});

const crash = z.strictObject({
  point: z.enum(crashPoints),
  probability: probability().optional(),
  messages: selectorSchema.optional(),
  /** How long the process is down. */
  restart: duration().default(5e9),
});

const onward = z.strictObject({
  to: queuePath(),
  probability: probability().default(1),
  /** same: the key of the message that was handled. */
  key: z.enum(['same', 'none']).default('same'),
  ...publisherFields,
});
export type OnwardSpec = z.output<typeof onward>;

export const consumerSchema = z.strictObject({
  /** Workers; each is a process with a connection of its own. */
  count: count(1, 100_000).default(1),
  subscribe: queuePath(),
  /** Deliveries that a worker may hold unacknowledged. */
  prefetch: z.union([count(1, 65_535), z.literal('unlimited').transform(() => Infinity)]).default(1),
  /** Messages that one worker handles at the same time. */
  concurrency: count(1, 100_000).default(1),
  /** automatic: settled by the broker as it sends; before-work; after-work, which is also what manual means. */
  acknowledge: z
    .enum(['automatic', 'before-work', 'after-work', 'manual'])
    .default('after-work')
    .transform((mode) => (mode === 'manual' ? ('after-work' as const) : mode)),
  service: durations(),
  failure: failure.optional(),
  crashes: z.array(crash).max(100).default([]),
  idempotency: z
    .strictObject({
      window: positiveDuration().optional(),
      entries: count(1, 1_000_000_000).optional(),
      /** The record is written in one step with the effect. */
      atomic: z.boolean().default(true),
    })
    .optional(),
  publish: z.array(onward).max(100).default([]),
  lifecycle: lifecycleSchema.optional(),
});
export type ConsumerSpec = z.output<typeof consumerSchema>;
