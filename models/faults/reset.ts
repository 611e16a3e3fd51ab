import type { z } from 'zod';
import { anybody, type FaultModel, selfTimedSchema } from './fault.ts';
import { between, wayFields, waysOf } from './ways.ts';

const schema = selfTimedSchema('reset', 'Connections between two sets of nodes are reset: what is on its way is lost, and both ends hear of it at once.', {
  between: wayFields.between,
});
type Spec = z.output<typeof schema>;

/** An RST of a firewall or of a proxy that restarts. Nothing keeps them from connecting again. */
export const reset: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: () => 'reset',
  target: (spec) => between({ ...spec, direction: 'both' }),
  counts: 'connections reset',
  begin({ world }, spec, strike) {
    for (const [, scope] of waysOf({ ...spec, direction: 'one' }, strike)) strike.changed += world.network.paths.break(strike.id, scope);
  },
  end() {},
  lasts: () => 0,
};
