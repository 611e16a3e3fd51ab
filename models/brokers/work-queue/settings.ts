/** The generic work queue: the settings. What each one does is described in `work-queue.ts` beside it. */
import { z } from 'zod';
import { lifecycleSchema } from '../../lifecycle-settings.ts';
import { bytes, count, duration, durations, positiveDuration, queueName } from '../../settings.ts';

const storage = z
  .strictObject({
    durable: z.boolean().default(true).describe('Messages are written to disk; a queue may say otherwise.'),
    fsync: z
      .union([
        z.literal('always').transform(() => ({ kind: 'always' as const })),
        z.literal('never').transform(() => ({ kind: 'never' as const })),
        z.strictObject({ interval: positiveDuration() }).transform(({ interval }) => ({ kind: 'interval' as const, interval })),
      ])
      .prefault('always'),
    confirm: z.enum(['after-sync', 'before-sync']).default('after-sync').describe('When a publish of a durable message is confirmed.'),
    checksum: z.boolean().default(true)
      .describe('Records carry a checksum: what is not what was written is recognised. Without, a recovery takes all for messages that it finds.'),
    onSyncError: z.enum(['stop', 'ignore']).default('stop')
      .describe('What a failed fsync is to the broker. stop: its process ends, and writes again what it reads when it starts; ignore: it goes on and syncs again, which the kernel reports as done though the pages never reached the disk.'),
    write: durations().prefault('0').describe('Time to write one record into the page cache.'),
    sync: durations().prefault('1ms').describe('Time of one fsync.'),
    groupCommit: duration().default(0).describe('With fsync always: how long a sync waits for more records to take along.'),
    writeback: positiveDuration().default(30e9)
      .describe('With fsync never: the kernel writes dirty pages back this often (Linux dirty_expire_centisecs: 30 s).'),
  })
  .refine((spec) => !(spec.fsync.kind === 'never' && spec.confirm === 'after-sync'), {
    error: 'with fsync never nothing is synced, so nothing would be confirmed',
    path: ['confirm'],
    params: { hint: 'write confirm: before-sync, or choose another fsync policy' },
  });

export const queueSchema = z.strictObject({
  durable: z.boolean().optional(),
  lease: positiveDuration().optional().describe('Visibility timeout: a delivery not settled by then is given to another consumer.'),
  lateAcknowledgement: z.enum(['ignored', 'counts']).default('ignored')
    .describe('An acknowledgement that comes after its lease. ignored: it was of that delivery (SQS, most of the time); counts: it is of the message, which leaves while another worker has it (NATS).'),
  deliveryLimit: count(1, 1_000_000).optional()
    .describe("A message is delivered at most this often; then it is dead-lettered or dropped. (RabbitMQ's limit allows one more.)"),
  deadLetter: queueName().optional(),
  ttl: positiveDuration().optional(),
  maxLength: count(1, 100_000_000).optional().describe('Ready messages; what is in flight does not count.'),
  maxBytes: bytes().optional(),
  overflow: z.enum(['drop-head', 'reject', 'reject-to-dead-letter']).default('drop-head'),
  priorities: count(1, 256).default(1).describe('Levels of priority; a message above the highest counts as the highest.'),
  requeue: z.enum(['original', 'head', 'tail']).default('original').describe('Where a message goes that comes back.'),
});
/** What of a queue an operator may change while it is in use. */
export const changeableSchema = z.strictObject({
  lease: queueSchema.shape.lease, ttl: queueSchema.shape.ttl, deliveryLimit: queueSchema.shape.deliveryLimit, maxLength: queueSchema.shape.maxLength, maxBytes: queueSchema.shape.maxBytes,
  overflow: queueSchema.shape.overflow.removeDefault().optional(), requeue: queueSchema.shape.requeue.removeDefault().optional(),
  lateAcknowledgement: queueSchema.shape.lateAcknowledgement.removeDefault().optional(),
});
export type QueueChange = z.output<typeof changeableSchema>;
export type QueueSpec = z.output<typeof queueSchema>;

export const workQueueSchema = z.strictObject({
  kind: z.literal('work-queue'),
  storage: storage.prefault({}),
  queues: z.record(queueName(), queueSchema.nullable().transform((queue) => queue ?? queueSchema.parse({}))),
  recovery: durations().prefault('1s').describe('Time to start again after a crash, before connections are accepted.'),
  processing: durations().prefault('0').describe("Time of the broker's one thread for each publish."),
  expiredWork: z.enum(['serve', 'drop']).default('serve')
    .describe('A publish whose publisher does not wait for it any more when its turn comes: publishes that carry their deadline can be dropped then.'),
  backpressure: z
    .strictObject({ messages: count(1, 100_000_000).optional(), bytes: bytes().optional(), resume: z.number().min(0).max(1).default(0.8) })
    .refine((limit) => limit.messages !== undefined || limit.bytes !== undefined, { error: 'messages or bytes is wanted' })
    .optional()
    .describe('Above `messages` or `bytes` held, publishers are not read until `resume` of that is reached.'),
  lifecycle: lifecycleSchema.optional(),
});
export type WorkQueueSpec = z.output<typeof workQueueSchema>;
