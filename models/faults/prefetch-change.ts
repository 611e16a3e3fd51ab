import { z } from 'zod';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('prefetch-change', 'Workers are configured with another prefetch, which each of them has from its next connection on.', {
  target: struck(), prefetch: z.int().min(1).max(65_535),
});
type Spec = z.output<typeof schema>;

/** A broker gives a consumer the credit that it asks for as it comes. */
export const prefetchChange: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers'],
  label: ({ prefetch }) => `prefetch ${prefetch}`,
  target: (spec) => spec.target,
  counts: 'workers configured',
  begin({ consumers }, spec, strike) {
    strike.changed += consumers.configure(strike.nodesOf(spec.target), strike.key, spec.prefetch);
  },
  end({ consumers }, spec, strike) {
    consumers.configure(strike.nodesOf(spec.target), strike.key, undefined);
  },
};
