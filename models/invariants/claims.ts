/** The guarantees that a scenario can claim, and how a claim is written. Definitions stand in one file each beside this one. */
import { z } from 'zod';
import { count, positiveDuration } from '../settings.ts';

export const claimNames = [
  'at-least-once', 'at-most-once', 'exactly-once-effect', 'no-phantom', 'order-per-key',
  'conservation', 'bounded-redelivery', 'dead-letter-complete', 'drained', 'no-stuck-message',
] as const;
export type ClaimName = (typeof claimNames)[number];

/** Causes for which a message may be given up without breaking at-least-once. */
export const allowableCauses = ['expired', 'maxlen', 'rejected', 'delivery-limit', 'not-in-backup'] as const;

const parameters = {
  'at-least-once': z.strictObject({ allow: z.array(z.enum(allowableCauses)).default([]) }),
  'bounded-redelivery': z.strictObject({ limit: count(1).optional() }),
  drained: z.strictObject({ within: positiveDuration().optional() }),
  'no-stuck-message': z.strictObject({ after: positiveDuration().default(60e9) }),
};

export interface ClaimSpec {
  readonly claim: ClaimName;
  readonly allow: readonly string[];
  readonly limit?: number;
  readonly within?: number;
  readonly after: number;
}

const plain = { allow: [] as string[], after: 60e9 };

/** `at-least-once`, or with its parameters `{ at-least-once: { allow: [expired] } }`. */
export const claimSchema = z.union([
  z.enum(claimNames).transform((claim): ClaimSpec => ({ claim, ...plain })),
  ...Object.entries(parameters).map(([claim, body]) =>
    z.strictObject({ [claim]: body }).transform((written): ClaimSpec => ({ claim: claim as ClaimName, ...plain, ...(written[claim] as object) })),
  ),
]);
