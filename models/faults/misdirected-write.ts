import { z } from 'zod';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('misdirected-write', 'Writes to a disk (orders-mq.0.disk) land in the place of other records, which shows when the disk is read after its host died.', {
  target: struck(), share: z.number().gt(0).max(1).default(0.01).describe('Of the records that are written meanwhile, each for itself.'),
});
type Spec = z.output<typeof schema>;

/** Two records are wrong then: the one that was written, and the one in whose place it is. The page cache has both as they should be. */
export const misdirectedWrite: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['disk'],
  label: () => 'misdirected writes',
  target: (spec) => spec.target,
  counts: 'writes misdirected',
  begin({ world }, { target, share }, strike) {
    const cause = world.causes.of('misdirected', strike.id);
    const draws = world.sim.stream(`${strike.draws}/writes`);
    const hits = (): boolean => {
      if (draws.double() >= share) return false;
      world.sim.trace.reached('disk.misdirected');
      strike.changed++;
      return true;
    };
    for (const node of strike.nodesOf(target)) world.disks.of(node).misdirections.set(strike.key, { cause, hits, below: (records) => draws.below(records) });
  },
  // What is wrong by then stays so.
  end({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) world.disks.of(node).misdirections.delete(strike.key);
  },
};
