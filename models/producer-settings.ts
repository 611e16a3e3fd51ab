/** Producers: the settings. */
import { z } from 'zod';
import { arrivalsSchema } from './arrival-settings.ts';
import { clientNames } from './clients/index.ts';
import { lifecycleSchema } from './lifecycle-settings.ts';
import { publishersReconnect } from './network-settings.ts';
import { retrySchema } from './retry.ts';
import { count, duration, oneKeyOf, positiveDuration, queuePath, sizes, userName } from './settings.ts';

export const keySchema = oneKeyOf({
  uniform: z.strictObject({ keys: count(1, 10_000_000) }),
  zipf: z.strictObject({ keys: count(1, 10_000_000), exponent: z.number().min(0).max(100) })
    .describe('Key k (from 1) with a probability proportional to k^-exponent.'),
  fixed: z.int().min(0).max(2_147_483_647).transform((value) => ({ value })),
});
export type KeySpec = z.output<typeof keySchema>;

/** What it takes to publish, for producers and for consumers that publish onward. */
export const publisherFields = {
  size: sizes().prefault('1kB'),
  confirm: z.union([z.literal('none').transform(() => undefined), z.strictObject({ timeout: positiveDuration().default(5e9) })]).optional()
    .describe('Absent or none: nobody hears whether a message was stored.'),
  retry: retrySchema.optional(),
  serialise: z
    .strictObject({ perMessage: duration().default(0), perByte: duration().default(0) })
    .optional()
    .describe("Time that the publisher's thread needs for each message before it is on the wire."),
  maxUnconfirmed: count(1, 10_000_000).optional().describe('Messages sent and not yet confirmed; further ones wait in the buffer. Needs confirms.'),
  buffer: z
    .strictObject({
      capacity: count(1, 10_000_000).default(100_000),
      /** block: the source of messages stands still; the others lose a message, with the cause producer-buffer-full. */
      overflow: z.enum(['block', 'drop-newest', 'drop-oldest']).default('drop-newest'),
    })
    .prefault({})
    .describe('Where messages wait while there is no connection or too many are unconfirmed.'),
  unconnected: z.enum(['wait', 'fail']).default('wait')
    .describe('What becomes of a publish once the connection is lost. wait: it goes to the buffer; fail: at once it is a failed attempt, as where a library throws.'),
  routingKey: z.string().max(255).default('').describe('What exchanges of RabbitMQ route by; a queue that is published to by its own name needs none.'),
  headers: z.record(z.string().max(255), z.union([z.string().max(255), z.number(), z.boolean(), z.null()])).default({}).describe('What headers exchanges of RabbitMQ route by.'),
  mandatory: z.boolean().default(false).describe('RabbitMQ: what no queue takes is returned and not dropped.'),
  deliveryMode: z.enum(['persistent', 'transient']).default('persistent').describe('RabbitMQ: transient messages are confirmed at once and are gone after any restart.'),
};
const publisherShape = z.object(publisherFields);
/** What producers and workers that publish onward say alike. */
export type PublisherSettings = z.output<typeof publisherShape>;

/** Who a client is, for brokers that know users. */
export const clientFields = {
  client: z.enum(clientNames).optional().describe('A client library, whose defaults hold for whatever is not said here. `faultline list clients` has them.'),
  user: userName().default('guest').describe('RabbitMQ: who it logs in as, one of the users of its broker; where that lists none, everybody may do everything.'),
  declare: z.boolean().default(false).describe('RabbitMQ: it declares what it publishes to or consumes from whenever it connects, for which its user needs configure.'),
};

export const producerSchema = z.strictObject({
  count: count().default(1),
  publish: queuePath(),
  arrivals: arrivalsSchema,
  messages: count(1, Number.MAX_SAFE_INTEGER).optional().describe('Each producer stops after this many messages.'),
  key: keySchema.optional(),
  priority: z.union([z.int().min(0).max(255), z.record(z.string().regex(/^\d{1,3}$/), z.number().positive())]).default(0)
    .describe('0 to 255, higher first; only queues with `priorities` look at it. `{ 0: 9, 5: 1 }` gives weights.'),
  ttl: positiveDuration().optional().describe('Time to live of each message, from the moment it is stored.'),
  lifecycle: lifecycleSchema.optional(),
  outbox: z.boolean().default(false)
    .describe('Messages are in a table of its database before they are published, and leave it when they are confirmed: what a process had not seen confirmed when it died is published again when it starts.'),
  ...clientFields,
  reconnect: publishersReconnect(),
  ...publisherFields,
});
export type ProducerSpec = z.output<typeof producerSchema>;
