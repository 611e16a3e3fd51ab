import type { z } from 'zod';
import { selectorSchema } from '../selector.ts';
import { target } from '../settings.ts';
import { type FaultModel, faultSchema } from './fault.ts';

const schema = faultSchema('poison', 'What these producers publish meanwhile, or those messages of it that are selected, fails at every handling.', { target: target(), messages: selectorSchema.optional() });
type Spec = z.output<typeof schema>;

/** What these producers publish meanwhile, or those of it that `messages` selects, fails at every handling. */
export const poison: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers'],
  label: () => 'poison',
  target: (spec) => spec.target,
  counts: 'messages poisoned',
  begin({ world, producers }, spec, strike) {
    producers.poison(strike.draws, world.nodes.resolve(spec.target), spec.messages, () => strike.changed++);
  },
  end({ producers }, _spec, strike) {
    producers.unpoison(strike.draws);
  },
};
