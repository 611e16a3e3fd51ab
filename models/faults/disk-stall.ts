import type { z } from 'zod';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('disk-stall', 'A disk (orders-mq.0.disk) does nothing: what it is told to write or sync is done when the fault has ended.', { target: struck() });
type Spec = z.output<typeof schema>;

/** As FoundationDB's simulated disks stall, and cloud disks whose credits are used up. What was under way when it began comes to its end. */
export const diskStall: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['disk'],
  label: () => 'disk stalled',
  target: (spec) => spec.target,
  knowsItsEnd: true,
  counts: 'disks stalled',
  begin({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) {
      world.brokerAt(node)!.diskOf(node).slowness.stall(strike.until);
      strike.changed++;
    }
  },
  // Its end was known.
  end() {},
};
