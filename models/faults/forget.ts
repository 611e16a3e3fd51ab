import type { z } from 'zod';
import { type FaultModel, selfTimedSchema, struck } from './fault.ts';

const schema = selfTimedSchema('forget', 'Idempotency stores of these consumers lose what they know: a cache that is emptied, a table that is truncated.', { target: struck() });
type Spec = z.output<typeof schema>;

/** What was done before it and comes again takes effect again. */
export const forget: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers'],
  label: () => 'idempotency store emptied',
  target: (spec) => spec.target,
  counts: 'entries forgotten',
  begin({ consumers }, spec, strike) {
    strike.changed += consumers.forget(strike.nodesOf(spec.target));
  },
  // What was forgotten stays so.
  end() {},
  lasts: () => 0,
};
