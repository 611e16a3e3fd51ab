import type { z } from 'zod';
import { target } from '../settings.ts';
import { type FaultModel, faultSchema } from './fault.ts';

const schema = faultSchema('stop', 'The process is stopped in order, as for an upgrade: it closes its connections, writes what it has, and starts again when the fault ends.', { target: target() });
type Spec = z.output<typeof schema>;

/** The process closes its connections, writes what it has, and starts again when the fault ends. What stands still or is down cannot. */
export const stop: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  label: () => 'stop',
  target: (spec) => spec.target,
  counts: 'processes stopped in order',
  begin({ world: { nodes, causes, sim } }, spec, strike) {
    const cause = causes.of('stop', strike.id);
    for (const node of nodes.resolve(spec.target)) {
      if (!nodes.isUp(node) || nodes.pausedUntil(node) > sim.now) continue;
      nodes.crash(node, 'stop', strike.key, cause);
      strike.changed++;
    }
  },
  end({ world: { nodes } }, spec, strike) {
    for (const node of nodes.resolve(spec.target)) nodes.restart(node, strike.key);
  },
};
