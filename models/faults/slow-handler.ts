import type { z } from 'zod';
import { distribution } from '../../sim/distribution.ts';
import { formatDuration } from '../../sim/units.ts';
import { durations } from '../settings.ts';
import { Chosen, chosenFields } from './chosen.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('slow-handler', 'Handlings that begin meanwhile take longer by a random duration.', {
  target: struck(), add: durations(), ...chosenFields,
});
type Spec = z.output<typeof schema>;

/** As slow, which multiplies; this adds, as a dependency that answers late does. */
export const slowHandler: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers'],
  label: (spec) => `handler +${formatDuration(distribution(spec.add).mean)}`,
  target: (spec) => spec.target,
  counts: 'handlings slowed',
  begin({ world, consumers }, spec, strike) {
    const chosen = new Chosen(world, spec, strike);
    const draw = distribution(spec.add).sampler(world.sim.stream(`${strike.draws}/add`));
    consumers.troubles.begin(strike.key, strike.nodesOf(spec.target), (handling) => {
      if (!chosen.hit(handling.message)) return;
      strike.changed++;
      handling.adds += Math.round(draw());
    });
  },
  end({ consumers }, _spec, strike) {
    consumers.troubles.end(strike.key);
  },
};
