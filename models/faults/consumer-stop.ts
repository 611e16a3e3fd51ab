import { z } from 'zod';
import { duration } from '../settings.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('consumer-stop', 'Workers are told to end, as for a deployment: they take nothing more, handle what they have, settle it and close; when the fault ends they are started again.', {
  target: struck(),
  grace: duration().prefault('30s').describe('Who is not through by then is killed: 30 s, as terminationGracePeriodSeconds of Kubernetes.'),
  prefetched: z.enum(['handled', 'returned']).default('handled').describe('What was delivered and not begun is handled, too, or goes back to its queue.'),
});
type Spec = z.output<typeof schema>;

/** Who is not through when the fault ends is killed then. */
export const consumerStop: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers'],
  label: () => 'stop of consumers',
  target: (spec) => spec.target,
  counts: 'workers told to end',
  begin({ world, consumers }, { target, grace, prefetched }, strike) {
    const cause = world.causes.of('stop', strike.id);
    for (const node of strike.nodesOf(target)) if (consumers.stops.begin(node, { reason: strike.key, cause, grace, prefetched })) strike.changed++;
  },
  end({ consumers }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) consumers.stops.over(node, strike.key);
  },
};
