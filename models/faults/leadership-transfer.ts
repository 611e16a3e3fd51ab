import type { z } from 'zod';
import { queuePath } from '../settings.ts';
import { queueOf } from './queue-of.ts';
import { type FaultModel, selfTimedSchema } from './fault.ts';

const schema = selfTimedSchema('leadership-transfer', 'Who leads a quorum queue hands over to another member, as when leaders are spread evenly again.', { queue: queuePath() });
type Spec = z.output<typeof schema>;

/** It is over when the other one is asked: how long the queue has no leader then is what its members make of it. */
export const leadershipTransfer: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: [],
  label: () => 'transfer of leadership',
  target: (spec) => spec.queue,
  counts: 'leaders asked to hand over',
  begin({ world }, spec, strike) {
    const { operator, queue } = queueOf(world, spec);
    if (operator.transferLeadership!(queue)) strike.changed++;
  },
  end() {},
  lasts: () => 0,
};
