import type { z } from 'zod';
import { bandwidth as rate } from '../settings.ts';
import { anybody, type FaultModel, faultSchema } from './fault.ts';
import { between, turn, wayFields } from './ways.ts';

const schema = faultSchema('bandwidth', 'Each connection between two sets of nodes gets no more than so many bytes per second through.', {
  ...wayFields, leaves: rate().describe('Of each connection and direction; what is sent waits for its turn on the line.'),
});
type Spec = z.output<typeof schema>;

/** A line that is full of something else, a limit of a hypervisor. Small segments with a pause after each are the same: size ÷ pause. */
export const bandwidth: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: (spec) => `${Math.round(spec.leaves / 1000)} kB/s`,
  target: between,
  counts: 'connections throttled',
  begin({ world }, spec, strike) {
    turn(spec, strike, (suffix, scope) => world.network.paths.throttle(`${strike.key}${suffix}`, strike.id, scope, spec.leaves));
  },
  end({ world }, _spec, strike) {
    for (const suffix of ['>', '<']) world.network.paths.turnBack(`${strike.key}${suffix}`);
  },
};
