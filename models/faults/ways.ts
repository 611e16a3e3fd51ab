/** The ways between two sets of nodes, as faults of the network name them. */
import { z } from 'zod';
import type { NodeId } from '../node.ts';
import { Scope } from '../paths.ts';
import { type Strike, struck } from './fault.ts';

/** A set of nodes: one target or several. */
const side = () => z.union([struck().transform((one) => [one]), z.array(struck()).min(1).max(10_000)]);

export const wayFields = { between: z.tuple([side(), side()]), direction: z.enum(['both', 'one']).default('both') };
export interface WaySpec {
  readonly between: readonly [readonly string[], readonly string[]];
  /** one: from the first set to the second. */
  readonly direction: 'both' | 'one';
}

export function between({ between: [first, second], direction }: WaySpec): string {
  return `${first.join(', ')} ${direction === 'both' ? '↔' : '→'} ${second.join(', ')}`;
}

/** One for each direction, by a suffix for what is turned under its name. */
export function waysOf({ between: sides, direction }: WaySpec, strike: Strike): readonly (readonly [suffix: string, scope: Scope])[] {
  const [first, second] = sides.map((side) => side.flatMap((each) => strike.nodesOf(each))) as [NodeId[], NodeId[]];
  const there = ['>', new Scope(first, second)] as const;
  return direction === 'one' ? [there] : [there, ['<', new Scope(second, first)]];
}

/** Turns a knob of each way; connections are counted once, whichever directions it turns. */
export function turn(spec: WaySpec, strike: Strike, knob: (suffix: string, scope: Scope) => number): void {
  const concerned = waysOf(spec, strike).map(([suffix, scope]) => knob(suffix, scope));
  strike.changed += concerned[0]!;
}
