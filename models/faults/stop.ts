import { z } from 'zod';
import { type FaultModel, faultSchema, struck } from './fault.ts';

/** application: as rabbitmqctl stop_app does, the process stays, which only its peers can tell; process: as for an upgrade. */
const schema = faultSchema(
  'stop', 'It is stopped in order, as for an upgrade: it closes its connections, writes what it has, and starts again when the fault ends.',
  { target: struck(), scope: z.enum(['application', 'process']).default('process') },
);
type Spec = z.output<typeof schema>;

/** It closes its connections, writes what it has, and starts again when the fault ends. What stands still or is down cannot. */
export const stop: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['broker'],
  label: (spec) => (spec.scope === 'application' ? 'stop of the application' : 'stop'),
  target: (spec) => spec.target,
  counts: 'nodes stopped in order',
  begin({ world: { nodes, causes, sim } }, spec, strike) {
    const cause = causes.of('stop', strike.id);
    for (const node of strike.nodesOf(spec.target)) {
      if (!nodes.isUp(node) || nodes.pausedUntil(node) > sim.now) continue;
      nodes.crash(node, spec.scope === 'application' ? 'application' : 'stop', strike.key, cause);
      strike.changed++;
    }
  },
  end({ world: { nodes } }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) nodes.restart(node, strike.key);
  },
};
