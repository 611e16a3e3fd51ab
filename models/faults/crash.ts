import { z } from 'zod';
import { type PowerLoss, unsyncedModes } from '../power-loss.ts';
import type { World } from '../world.ts';
import { anybody, type FaultModel, faultSchema, type Strike, struck } from './fault.ts';

/** process: what the operating system was given survives; host: what was not synced to disk is lost too. */
const schema = faultSchema('crash', 'The process dies, alone or with its host, and starts again when the fault ends.', {
  target: struck(), scope: z.enum(['process', 'host']).default('process'),
  unsynced: z.enum(unsyncedModes).optional().describe('With its host: what of a broker that was not synced is on the disk all the same; all-lost when absent.'),
});
type Spec = z.output<typeof schema>;

/** The process dies, alone or with its host, and starts again when the fault ends. */
export const crash: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: (spec) => (spec.scope === 'host' ? 'host crash' : 'crash'),
  target: (spec) => spec.target,
  counts: 'processes killed',
  begin({ world }, spec, strike) {
    const cause = world.causes.of('crash', strike.id);
    const powerLoss = powerLossOf(world, spec, strike);
    for (const node of strike.nodesOf(spec.target)) {
      const disk = world.disks.of(node);
      disk.powerLoss = powerLoss;
      if (world.nodes.crash(node, spec.scope, strike.key, cause)) strike.changed++;
      disk.powerLoss = undefined;
    }
  },
  end({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) world.nodes.restart(node, strike.key);
  },
};

function powerLossOf({ sim }: World, { unsynced: mode }: Spec, { draws }: Strike): PowerLoss | undefined {
  return mode === undefined ? undefined : { mode, draws: sim.stream(`${draws}/unsynced`) };
}
