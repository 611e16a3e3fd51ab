import type { z } from 'zod';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('torn-write', 'Whoever loses power meanwhile had a write half done: of the first record that did not reach the disk (orders-mq.0.disk) a part is there.', { target: struck() });
type Spec = z.output<typeof schema>;

/** Turns what a crash of the host leaves (`crash` with `scope: host`); where everything was synced there is nothing to tear. */
export const tornWrite: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['disk'],
  label: () => 'torn write',
  target: (spec) => spec.target,
  counts: 'records torn',
  begin({ world }, spec, strike) {
    const cause = world.causes.of('torn', strike.id);
    for (const node of strike.nodesOf(spec.target)) world.disks.of(node).tears.set(strike.key, { cause, onTorn: () => strike.changed++ });
  },
  end({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) world.disks.of(node).tears.delete(strike.key);
  },
};
