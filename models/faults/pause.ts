import type { z } from 'zod';
import { anybody, type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('pause', 'The process stands still: nothing is handled, what arrives waits, and timers are all due when it goes on.', { target: struck() });
type Spec = z.output<typeof schema>;

/** The process stands still: nothing is handled, what arrives waits, and timers are all due when it goes on. */
export const pause: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: () => 'pause',
  target: (spec) => spec.target,
  knowsItsEnd: true,
  counts: 'processes stopped',
  begin({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) {
      if (!world.nodes.isUp(node)) continue;
      world.nodes.pause(node, strike.until);
      strike.changed++;
    }
  },
  /** Nothing to turn back: the end was known, and everything that was postponed is due then. */
  end() {},
};
