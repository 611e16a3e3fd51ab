import type { z } from 'zod';
import { bytes } from '../settings.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('disk-full', 'Something else fills a broker\'s disk (orders-mq.0.disk): so little is left free.', {
  target: struck(), leaves: bytes().default(0).describe('Free bytes that are left; a broker that wants more stops to take publishes.'),
});
type Spec = z.output<typeof schema>;

/** Something else fills a broker's disk. Writes go on: what is there is the reserve that the broker's alarm guards. */
export const diskFull: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['disk'],
  label: () => 'disk full',
  target: (spec) => spec.target,
  counts: 'disks filled',
  begin({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) {
      world.brokerAt(node)!.diskOf(node).fill?.(strike.key, spec.leaves);
      strike.changed++;
    }
  },
  end({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) world.brokerAt(node)!.diskOf(node).fill?.(strike.key, undefined);
  },
};
