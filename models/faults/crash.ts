import { z } from 'zod';
import { target } from '../settings.ts';
import { anybody, type FaultModel, faultSchema } from './fault.ts';

/** process: what the operating system was given survives; host: what was not synced to disk is lost too. */
const schema = faultSchema('crash', 'The process dies, alone or with its host, and starts again when the fault ends.', { target: target(), scope: z.enum(['process', 'host']).default('process') });
type Spec = z.output<typeof schema>;

/** The process dies, alone or with its host, and starts again when the fault ends. */
export const crash: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: (spec) => (spec.scope === 'host' ? 'host crash' : 'crash'),
  target: (spec) => spec.target,
  counts: 'processes killed',
  begin({ world }, spec, strike) {
    const cause = world.causes.of('crash', strike.id);
    for (const node of world.nodes.resolve(spec.target)) if (world.nodes.crash(node, spec.scope, strike.key, cause)) strike.changed++;
  },
  end({ world }, spec, strike) {
    for (const node of world.nodes.resolve(spec.target)) world.nodes.restart(node, strike.key);
  },
};
