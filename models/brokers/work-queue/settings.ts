/** The generic work queue: the settings. What each one does is described in `work-queue.ts` beside it. */
import { z } from 'zod';
import { lifecycleSchema } from '../../lifecycle-settings.ts';
import { bytes, count, duration, durations, positiveDuration, queueName } from '../../settings.ts';

const storage = z
  .strictObject({
    /** Messages are written to disk; a queue may say otherwise. */
    durable: z.boolean().default(true),
    fsync: z
      .union([
        z.literal('always').transform(() => ({ kind: 'always' as const })),
        z.literal('never').transform(() => ({ kind: 'never' as const })),
        z.strictObject({ interval: positiveDuration() }).transform(({ interval }) => ({ kind: 'interval' as const, interval })),
      ])
      .prefault('always'),
    /** When a publish of a durable message is confirmed. */
    confirm: z.enum(['after-sync', 'before-sync']).default('after-sync'),
    /** Time to write one record into the page cache. */
    write: durations().prefault('0'),
    /** Time of one fsync. */
    sync: durations().prefault('1ms'),
    /** With fsync always: how long a sync waits for more records to take along. */
    groupCommit: duration().default(0),
    /** With fsync never: the kernel writes dirty pages back this often (Linux dirty_expire_centisecs: 30 s). */
    writeback: positiveDuration().default(30e9),
  })
  .refine((spec) => !(spec.fsync.kind === 'never' && spec.confirm === 'after-sync'), {
    error: 'with fsync never nothing is synced, so nothing would be confirmed',
    path: ['confirm'],
    params: { hint: 'write confirm: before-sync, or choose another fsync policy' },
  });

export const queueSchema = z.strictObject({
  durable: z.boolean().optional(),
  /** Visibility timeout: a delivery not settled by then is given to another consumer. */
  lease: positiveDuration().optional(),
  /** A message is delivered at most this often; then it is dead-lettered or dropped. (RabbitMQ's limit allows one more.) */
  deliveryLimit: count(1, 1_000_000).optional(),
  deadLetter: queueName().optional(),
  ttl: positiveDuration().optional(),
  /** Ready messages; what is in flight does not count. */
  maxLength: count(1, 100_000_000).optional(),
  maxBytes: bytes().optional(),
  overflow: z.enum(['drop-head', 'reject', 'reject-to-dead-letter']).default('drop-head'),
  /** Levels of priority; a message above the highest counts as the highest. */
  priorities: count(1, 256).default(1),
  /** Where a message goes that comes back. */
  requeue: z.enum(['original', 'head', 'tail']).default('original'),
});
export type QueueSpec = z.output<typeof queueSchema>;

export const workQueueSchema = z.strictObject({
  kind: z.literal('work-queue'),
  storage: storage.prefault({}),
  queues: z.record(queueName(), queueSchema.nullable().transform((queue) => queue ?? queueSchema.parse({}))),
  /** Time to start again after a crash, before connections are accepted. */
  recovery: durations().prefault('1s'),
  /** Time of the broker's one thread for each publish. */
  processing: durations().prefault('0'),
  /** Above `messages` or `bytes` held, publishers are not read until `resume` of that is reached. */
  backpressure: z
    .strictObject({ messages: count(1, 100_000_000).optional(), bytes: bytes().optional(), resume: z.number().min(0).max(1).default(0.8) })
    .refine((limit) => limit.messages !== undefined || limit.bytes !== undefined, { error: 'messages or bytes is wanted' })
    .optional(),
  lifecycle: lifecycleSchema.optional(),
});
export type WorkQueueSpec = z.output<typeof workQueueSchema>;
