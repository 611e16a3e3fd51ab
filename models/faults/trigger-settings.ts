/** When a fault strikes, and when it ends: at a time, by a rate drawn from the seed, on something that happens. */
import { z } from 'zod';
import { type Moment, momentNames } from '../moments.ts';
import { type OccurrenceName, occurrenceNames } from '../occurrences.ts';
import { count, duration, positiveDuration, positiveRate, queuePath } from '../settings.ts';
import { parseTarget } from '../target.ts';

/** A target of a fault, of which `strike.nodesOf` tells the nodes. */
export const struck = () =>
  z.string().max(1000).refine((text) => parseTarget(text) !== undefined, {
    error: 'a target is written orders-mq.0, producers.web or consumers.payments.3, or by its role: leader(orders-mq/orders), one(orders-mq), others(one(orders-mq))',
  });

const messageNumber = count(1, Number.MAX_SAFE_INTEGER);
/** Which of those that come: checks say what fits which. */
const which = {
  message: z.union([messageNumber, z.string().regex(/^[\w.-]+-\d+$/)]).optional()
    .describe('17: the 17th message that comes to that moment; web.0-17: the 17th message of producer web.0.'),
  nth: messageNumber.optional().describe('Of what is no moment of a message: how manieth time that it happens; the first unless told.'),
  node: struck().optional().describe('Only what happens at such a node.'),
  queue: queuePath().optional().describe('Only what happens to that queue.'),
  fault: z.string().regex(/^F[1-9]\d*$/, { error: 'faults are called F1, F2, … in the order of the file' }).optional().describe('Only of that fault.'),
  delay: duration().default(0),
};

export type Awaited = {
  readonly side: 'before' | 'after';
  readonly what: Moment | OccurrenceName;
  readonly message?: number | string | undefined;
  readonly nth?: number | undefined;
  readonly node?: string | undefined;
  readonly queue?: string | undefined;
  readonly fault?: string | undefined;
  readonly delay: number;
};

const before = z.strictObject({ before: z.enum(momentNames), ...which }).transform(({ before: what, ...rest }): Awaited => ({ side: 'before', what, ...rest }));
const after = z.strictObject({ after: z.enum([...momentNames, ...occurrenceNames]), ...which }).transform(({ after: what, ...rest }): Awaited => ({ side: 'after', what, ...rest }));

/** At a time, by a rate drawn from the seed, or on an event; exactly one of the three. */
export const triggerFields = {
  at: duration().optional(),
  rate: positiveRate().optional(),
  on: z.union([before, after]).optional(),
  for: z.union([z.literal('forever').transform(() => Infinity), positiveDuration()]).default(Infinity)
    .describe('Until it is healed at the end of the measured phase when absent.'),
  heal: z.boolean().optional().describe('false: it is not healed at the end of the measured phase, and stays to the end of the run unless `for` or `until` ends it.'),
  until: after.optional().describe('Ends it when that has happened after it began; `for` is then how long it lasts at most.'),
};
export type Trigger = z.output<z.ZodObject<typeof triggerFields>>;

export function isMoment(what: Moment | OccurrenceName): what is Moment {
  return (momentNames as readonly string[]).includes(what);
}
