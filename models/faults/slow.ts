import type { z } from 'zod';
import { factor } from '../settings.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('slow', 'Handling, a broker\'s processing, or the writes and syncs of a disk (orders-mq.0.disk) take that many times as long.', { target: struck(), factor: factor() });
type Spec = z.output<typeof schema>;

const diskSuffix = '.disk';

/**
 * Service times of consumers, processing times of a broker, or (`orders-mq.0.disk`) writes and syncs take `factor` times
 * as long. Work under way is not touched.
 */
export const slow: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers', 'broker', 'disk'],
  label: (spec) => `slow ×${spec.factor}`,
  target: (spec) => spec.target,
  counts: 'nodes slowed',
  begin({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) {
      if (spec.target.endsWith(diskSuffix)) world.brokerAt(node)!.diskOf(node).slowness.slow(spec.factor);
      else world.nodes.slow(node, spec.factor);
      strike.changed++;
    }
  },
  end({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) {
      if (spec.target.endsWith(diskSuffix)) world.brokerAt(node)!.diskOf(node).slowness.unslow(spec.factor);
      else world.nodes.unslow(node, spec.factor);
    }
  },
};
