import type { z } from 'zod';
import { bandwidth, duration, target } from '../settings.ts';
import type { Recovery } from '../recoveries.ts';
import type { World } from '../world.ts';
import { bandwidthUnlessTold } from './backup.ts';
import { type FaultModel, selfTimedSchema, type Strike } from './fault.ts';

const schema = selfTimedSchema('restore', 'All nodes of a broker lose their hosts and disks, and new ones begin anew from the last backup that was finished.', {
  target: target(),
  after: duration().prefault('15m').describe('Until somebody has noticed, decided, and has new nodes of the same names. A judgement.'),
  bandwidth: bandwidth().optional().describe('How fast the backup is copied to each node: 100 MB/s unless told, which is a judgement (a disk, or a link of 1 Gbit/s).'),
});
type Spec = z.output<typeof schema>;

/** The disks are lost at once; the nodes start when the backup is there, and serve when they have booted. */
export const restore: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['broker'],
  label: () => 'loss of the disks, restore',
  target: (spec) => spec.target,
  counts: 'nodes lost with their disks',
  begin({ world }, spec, strike) {
    if (world.recoveries.isBeingRestored(spec.target)) return;
    const causes = { loss: world.causes.of('not-in-backup', strike.id), crash: world.causes.of('crash', strike.id) };
    strike.changed += world.recoveries.lost(strike.key, spec.target, world.brokers.get(spec.target)!.restorable, causes);
  },
  lasts({ world }, spec, strike) {
    const bytes = recoveryOf(world, strike)?.backup?.bytes ?? 0;
    return spec.after + Math.round((bytes / (spec.bandwidth ?? bandwidthUnlessTold)) * 1e9);
  },
  end({ world }, spec, strike) {
    const recovery = recoveryOf(world, strike);
    // Healed before somebody was through with it.
    const isCut = world.sim.now < strike.until;
    if (recovery !== undefined) world.recoveries.restored(recovery, world.brokers.get(spec.target)!.restorable, isCut);
  },
};

function recoveryOf({ recoveries }: World, { key }: Strike): Recovery | undefined {
  return recoveries.all.find((each) => each.key === key);
}
