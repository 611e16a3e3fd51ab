import { z } from 'zod';
import { formatDuration } from '../../sim/units.ts';
import { distribution } from '../../sim/distribution.ts';
import type { NodeId } from '../node.ts';
import { durations } from '../settings.ts';
import { anybody, type FaultModel, faultSchema } from './fault.ts';
import { between, side } from './partition.ts';

const schema = faultSchema('latency', 'Each packet between two sets of nodes takes that much longer, or only those from the first set to the second.', { between: z.tuple([side(), side()]), direction: z.enum(['both', 'one']).default('both'), add: durations() });
type Spec = z.output<typeof schema>;

/** Each frame between the two sets takes that much longer; one: only those from the first set to the second. */
export const latency: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: (spec) => `+${formatDuration(distribution(spec.add).mean)}`,
  target: between,
  counts: 'connections slowed',
  begin({ world }, spec, strike) {
    const [first, second] = spec.between.map((side) => side.flatMap((each) => strike.nodesOf(each))) as [NodeId[], NodeId[]];
    strike.changed += world.network.delay(`${strike.draws}>`, strike.id, first, second, spec.add);
    if (spec.direction === 'both') world.network.delay(`${strike.draws}<`, strike.id, second, first, spec.add);
  },
  end({ world }, _spec, strike) {
    world.network.undelay(`${strike.draws}>`);
    world.network.undelay(`${strike.draws}<`);
  },
};
