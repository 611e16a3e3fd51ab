import { z } from 'zod';
import type { NodeId } from '../node.ts';
import { Scope } from '../paths.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('partial-partition', 'Some nodes do not see each other, and others see both: no node can tell who is right.', {
  target: struck(),
  shape: z.enum(['bridge', 'majorities-ring']).default('bridge')
    .describe('bridge: two halves that only one node sees both of; majorities-ring: each node sees a majority, and no two the same.'),
});
type Spec = z.output<typeof schema>;

/** Partitions that are not complete (Alquraan et al., OSDI 2018; Alfatafta et al., TOCS 2023); Jepsen's bridge and majorities-ring. */
export const partialPartition: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['broker'],
  label: ({ shape }) => (shape === 'bridge' ? 'partition with a bridge' : 'ring of majorities'),
  target: (spec) => spec.target,
  counts: 'connections cut',
  begin({ world: { network } }, spec, strike) {
    unseen(strike.nodesOf(spec.target), spec.shape).forEach(([one, other], index) => {
      strike.changed += network.paths.cut(`${strike.key}/${index}>`, strike.id, new Scope([one], [other]));
      network.paths.cut(`${strike.key}/${index}<`, strike.id, new Scope([other], [one]));
    });
  },
  end({ world: { network } }, spec, strike) {
    unseen(strike.nodesOf(spec.target), spec.shape).forEach((_, index) => ['>', '<'].forEach((suffix) => network.paths.mend(`${strike.key}/${index}${suffix}`)));
  },
};

/** Pairs that do not see each other, in the order of the nodes; the bridge is the one in the middle. */
function unseen(nodes: readonly NodeId[], shape: Spec['shape']): (readonly [NodeId, NodeId])[] {
  const middle = nodes.length >> 1;
  const reach = (middle + 1) >> 1;
  const pairs = nodes.flatMap((one, place) => nodes.slice(place + 1).map((other, further) => ({ one, other, place, otherPlace: place + 1 + further })));
  return pairs.filter(({ place, otherPlace }) => {
    if (shape === 'bridge') return place < middle && otherPlace > middle;
    const apart = otherPlace - place;
    return Math.min(apart, nodes.length - apart) > reach;
  }).map(({ one, other }) => [one, other]);
}
