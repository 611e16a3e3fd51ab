import type { z } from 'zod';
import { Chosen, chosenFields } from './chosen.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('handler-throws', 'Handlings that begin meanwhile fail, of chosen messages: once, so many times, or always.', {
  target: struck(), ...chosenFields,
});
type Spec = z.output<typeof schema>;

/** The handler runs for its service time and throws; what follows is as for any failure of it. */
export const handlerThrows: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers'],
  label: () => 'handler throws',
  target: (spec) => spec.target,
  counts: 'handlings that threw',
  begin({ world, consumers }, spec, strike) {
    const chosen = new Chosen(world, spec, strike);
    const cause = world.causes.of('handler-failed', strike.id);
    consumers.troubles.begin(strike.key, strike.nodesOf(spec.target), (handling) => {
      if (!chosen.hit(handling.message)) return;
      strike.changed++;
      handling.fails = cause;
    });
  },
  end({ consumers }, _spec, strike) {
    consumers.troubles.end(strike.key);
  },
};
