import { z } from 'zod';
import type { NodeId } from '../node.ts';
import { anybody, type FaultModel, faultSchema, struck } from './fault.ts';

/** A set of nodes: one target or several. */
export const side = () => z.union([struck().transform((one) => [one]), z.array(struck()).min(1).max(10_000)]);

export function between(spec: { between: readonly [readonly string[], readonly string[]]; direction: 'both' | 'one' }): string {
  const [first, second] = spec.between;
  return `${first.join(', ')} ${spec.direction === 'both' ? '↔' : '→'} ${second.join(', ')}`;
}

const schema = faultSchema('partition', 'No packet passes between two sets of nodes, or none from the first set to the second.', { between: z.tuple([side(), side()]), direction: z.enum(['both', 'one']).default('both') });
type Spec = z.output<typeof schema>;

/**
 * No packet passes between two sets; one: only those from the first set to the second are lost. Frames already on the
 * wire still arrive. What is sent meanwhile waits for the retransmission after the end, or for the connection to be
 * given up.
 */
export const partition: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: (spec) => (spec.direction === 'both' ? 'partition' : 'one-way partition'),
  target: between,
  counts: 'connections cut',
  begin({ world }, spec, strike) {
    const [first, second] = spec.between.map((side) => side.flatMap((each) => strike.nodesOf(each))) as [NodeId[], NodeId[]];
    strike.changed += world.network.cut(`${strike.key}>`, strike.id, first, second);
    if (spec.direction === 'both') world.network.cut(`${strike.key}<`, strike.id, second, first);
  },
  end({ world }, _spec, strike) {
    world.network.mend(`${strike.key}>`);
    world.network.mend(`${strike.key}<`);
  },
};
