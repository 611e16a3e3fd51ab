import type { z } from 'zod';
import { firstNameOf } from '../target.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('wipe', 'A node of a broker loses its host and its disk, and comes back when the fault ends under the same name, with nothing.', { target: struck() });
type Spec = z.output<typeof schema>;

/** What no other node has is gone at once. Who is being restored from a backup has lost its disk already. */
export const wipe: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['broker'],
  label: () => 'loss of the disk',
  target: (spec) => spec.target,
  counts: 'nodes that lost their disks',
  begin({ world }, spec, strike) {
    const causes = { loss: world.causes.of('wiped', strike.id), crash: world.causes.of('crash', strike.id) };
    for (const node of strike.nodesOf(spec.target)) {
      if (world.recoveries.isBeingRestored(firstNameOf(world.nodes.name(node))!)) continue;
      if (world.brokerAt(node)!.restorable.wipe(node, strike.key, causes)) strike.changed++;
    }
  },
  end({ world: { nodes } }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) nodes.restart(node, strike.key);
  },
};
