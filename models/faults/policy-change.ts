import type { z } from 'zod';
import { policyChangeSchema } from '../brokers/rabbitmq/settings.ts';
import { target } from '../settings.ts';
import { type FaultModel, faultSchema } from './fault.ts';

const schema = faultSchema('policy-change', 'An operator sets a policy of RabbitMQ, which is cleared when the fault ends: other lengths, times to live or delivery limits.', {
  target: target(), policy: policyChangeSchema.describe('As in policies, without a name.'),
});
type Spec = z.output<typeof schema>;

export const policyChange: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['broker'],
  label: () => 'change of a policy',
  target: (spec) => spec.target,
  counts: 'queues of which something changed',
  begin({ world }, spec, strike) {
    strike.changed += world.brokers.get(spec.target)!.operator.setPolicy!(strike.key, spec.policy);
  },
  end({ world }, spec, strike) {
    world.brokers.get(spec.target)!.operator.setPolicy!(strike.key, undefined);
  },
};
