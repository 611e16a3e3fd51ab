/** How a scenario claims guarantees: by name, and with their parameters where they have some. */
import { z } from 'zod';
import { type ClaimName, claimNames, invariants } from './index.ts';
import type { Invariant, RunningJudge } from './invariant.ts';
import type { World } from '../world.ts';

export interface ClaimSpec {
  readonly claim: ClaimName;
  /** What its parameters were read to; its judge knows their types. */
  readonly settings: object;
}

const bodies = claimNames.map((claim) => ({ claim, fields: z.strictObject(invariants[claim].parameters) }));
/** What can be claimed without saying more. */
const plain = bodies.filter(({ fields }) => fields.safeParse({}).success).map(({ claim }) => claim) as [ClaimName, ...ClaimName[]];

/** `at-least-once`, or with its parameters `{ at-least-once: { allow: [expired] } }`. */
export const claimSchema = z.union([
  z.enum(plain).transform(asWritten),
  ...bodies.filter(({ fields }) => Object.keys(fields.shape).length > 0).map(({ claim, fields }) =>
    z.strictObject({ [claim]: fields }).transform((written): ClaimSpec => ({ claim, settings: written[claim]! })),
  ),
]);

/** A claim of which nothing more is said. */
export function asWritten(claim: ClaimName): ClaimSpec {
  return { claim, settings: z.strictObject(invariants[claim].parameters).parse({}) };
}

export function judgeOf(world: World, { claim, settings }: ClaimSpec): RunningJudge {
  return (invariants[claim] as Invariant).judge(world, settings as never);
}
