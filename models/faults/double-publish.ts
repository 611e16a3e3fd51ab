import type { z } from 'zod';
import { distribution } from '../../sim/distribution.ts';
import { durations } from '../settings.ts';
import { Chosen, chosenFields } from './chosen.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('double-publish', 'The application publishes the same message once more: a form that is sent twice, an outbox that is read twice.', {
  target: struck(), ...chosenFields, after: durations().prefault('0').describe('How long after the first time.'),
});
type Spec = z.output<typeof schema>;

/** The same message, so that whoever handles it can know it: no retry, and nothing that a broker or a client library can tell. */
export const doublePublish: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers'],
  label: () => 'published twice',
  target: (spec) => spec.target,
  counts: 'messages published twice',
  begin({ world, producers }, spec, strike) {
    const chosen = new Chosen(world, spec, strike);
    const draw = distribution(spec.after).sampler(world.sim.stream(`${strike.draws}/after`));
    producers.interferences.set(strike.key, {
      on: new Set(strike.nodesOf(spec.target)),
      again(message) {
        if (!chosen.hit(message)) return undefined;
        strike.changed++;
        return Math.round(draw());
      },
    });
  },
  end({ producers }, _spec, strike) {
    producers.interferences.delete(strike.key);
  },
};
