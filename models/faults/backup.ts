import { z } from 'zod';
import { backupKinds } from '../backup.ts';
import { bandwidth, factor, positiveDuration, target } from '../settings.ts';
import type { World } from '../world.ts';
import { type FaultModel, selfTimedSchema } from './fault.ts';

const schema = selfTimedSchema('backup', 'All nodes of a broker are backed up, once or again and again, for a fault restore to begin anew from.', {
  target: target(),
  of: z.enum(backupKinds)
    .describe('stopped: nodes are stopped in order, copied and started, as RabbitMQ\'s guide asks for; snapshot: of the disks of running nodes at one instant, which is what a loss of power would leave; definitions: exchanges, queues and bindings alone, no message.'),
  every: positiveDuration().optional().describe('Again after so long, from the time of `at` on; one that is due while the one before is copied is left out.'),
  bandwidth: bandwidth().optional().describe('How fast a node\'s data is copied, nodes side by side: 100 MB/s unless told, which is a judgement (a disk, or a link of 1 Gbit/s).'),
  slows: factor().min(1).optional().describe('Writes and syncs of the disks take that many times as long while a snapshot is copied; no longer unless told.'),
});
type Spec = z.output<typeof schema>;

/** Bytes per second. */
export const bandwidthUnlessTold = 100e6;

/** Sets aside what is on the disks of a broker. It can be restored from when all of it is copied. */
export const backup: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['broker'],
  label: (spec) => (spec.of === 'stopped' ? 'backup of stopped nodes' : spec.of === 'snapshot' ? 'disk snapshot' : 'export of definitions'),
  target: (spec) => spec.target,
  counts: 'nodes backed up',
  begin({ world }, spec, strike) {
    const { nodes, restorable } = world.brokers.get(spec.target)!;
    if (world.recoveries.isBeingRestored(spec.target) || !isPossible(world, spec)) return;
    strike.changed += nodes.length;
    if (spec.of === 'definitions') {
      world.recoveries.begun(strike.key, spec.target, 'definitions', undefined);
      return;
    }
    const cause = world.causes.of('stop', strike.id);
    if (spec.of === 'stopped') for (const node of nodes) world.nodes.crash(node, 'stop', strike.key, cause);
    else slowDisks(world, spec, true);
    world.recoveries.begun(strike.key, spec.target, spec.of, restorable.save(spec.of));
  },
  lasts({ world }, spec, strike) {
    const bytes = world.recoveries.backups.find(({ key }) => key === strike.key)?.bytes ?? 0;
    return Math.round((bytes / (spec.bandwidth ?? bandwidthUnlessTold)) * 1e9);
  },
  end({ world }, spec, strike) {
    if (strike.changed === 0) return;
    // Healed before all of it was copied, it is none.
    if (world.sim.now === strike.until) world.recoveries.finished(strike.key);
    else world.recoveries.abandoned(strike.key);
    if (spec.of === 'stopped') for (const node of world.brokers.get(spec.target)!.nodes) world.nodes.restart(node, strike.key);
    else if (spec.of === 'snapshot') slowDisks(world, spec, false);
  },
};

/** Definitions are exported by a node that runs; what stands still cannot be stopped in order. */
function isPossible({ nodes, brokers, sim }: World, { target: broker, of }: Spec): boolean {
  const all = brokers.get(broker)!.nodes;
  if (of === 'definitions') return all.some((node) => nodes.isUp(node));
  return of === 'snapshot' || all.every((node) => nodes.pausedUntil(node) <= sim.now);
}

function slowDisks({ brokers }: World, { target: name, slows = 1 }: Spec, isBegun: boolean): void {
  const broker = brokers.get(name)!;
  for (const node of broker.nodes) {
    if (isBegun) broker.diskOf(node).slowness.slow(slows);
    else broker.diskOf(node).slowness.unslow(slows);
  }
}
