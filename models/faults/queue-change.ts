import type { z } from 'zod';
import { changeableSchema } from '../brokers/work-queue/settings.ts';
import { queuePath } from '../settings.ts';
import { type FaultModel, faultSchema } from './fault.ts';
import { queueOf } from './queue-of.ts';

const schema = faultSchema('queue-change', 'An operator changes settings of a work queue while it is in use, and changes them back when the fault ends.', {
  queue: queuePath(), set: changeableSchema.refine((set) => Object.keys(set).length > 0, { error: 'at least one setting is wanted' }).describe('Settings of the queue, as they are then.'),
});
type Spec = z.output<typeof schema>;

export const queueChange: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: [],
  label: () => 'change of settings',
  target: (spec) => spec.queue,
  counts: 'settings changed',
  begin({ world }, spec, strike) {
    const { operator, queue } = queueOf(world, spec);
    operator.configure!(queue, strike.key, spec.set);
    strike.changed += Object.keys(spec.set).length;
  },
  end({ world }, spec, strike) {
    const { operator, queue } = queueOf(world, spec);
    operator.configure!(queue, strike.key, undefined);
  },
};
