import type { z } from 'zod';
import { anybody, type FaultModel, faultSchema } from './fault.ts';
import { between, turn, wayFields } from './ways.ts';

const schema = faultSchema('partition', 'No packet passes between two sets of nodes, or none from the first set to the second.', wayFields);
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
    turn(spec, strike, (suffix, scope) => world.network.paths.cut(`${strike.key}${suffix}`, strike.id, scope));
  },
  end({ world }, _spec, strike) {
    for (const suffix of ['>', '<']) world.network.paths.mend(`${strike.key}${suffix}`);
  },
};
