import type { z } from 'zod';
import { formatDuration } from '../../sim/units.ts';
import { distribution } from '../../sim/distribution.ts';
import { durations } from '../settings.ts';
import { anybody, type FaultModel, faultSchema } from './fault.ts';
import { between, turn, wayFields } from './ways.ts';

const schema = faultSchema('latency', 'Each packet between two sets of nodes takes that much longer, or only those from the first set to the second.', { ...wayFields, add: durations() });
type Spec = z.output<typeof schema>;

/** Each frame between the two sets takes that much longer; one: only those from the first set to the second. */
export const latency: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: (spec) => `+${formatDuration(distribution(spec.add).mean)}`,
  target: between,
  counts: 'connections slowed',
  begin({ world }, spec, strike) {
    turn(spec, strike, (suffix, scope) => world.network.paths.delay(`${strike.draws}${suffix}`, strike.id, scope, spec.add));
  },
  end({ world }, _spec, strike) {
    for (const suffix of ['>', '<']) world.network.paths.turnBack(`${strike.draws}${suffix}`);
  },
};
