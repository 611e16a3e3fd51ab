import { z } from 'zod';
import { poisonous } from '../handler-troubles.ts';
import { selectorSchema } from '../selector.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

/** What a bad message does. */
const poisons = ['fails', 'kills', 'undecodable'] as const;
const badness = { fails: poisonous.fails, kills: poisonous.kills, undecodable: poisonous.unreadable };

const schema = faultSchema('poison', 'What these producers publish meanwhile, or those messages of it that are selected, fails at every handling.', {
  target: struck(), messages: selectorSchema.optional(),
  does: z.enum(poisons).default('fails').describe('fails: the handler throws; kills: its process dies with it, and is started again after 5 s; undecodable: nobody can read it, so it is rejected before a handler sees it.'),
});
type Spec = z.output<typeof schema>;

/** What these producers publish meanwhile, or those of it that `messages` selects, fails at every handling. */
export const poison: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers'],
  label: () => 'poison',
  target: (spec) => spec.target,
  counts: 'messages poisoned',
  begin({ producers }, spec, strike) {
    producers.poison(strike.draws, strike.nodesOf(spec.target), spec.messages, badness[spec.does], () => strike.changed++);
  },
  end({ producers }, _spec, strike) {
    producers.unpoison(strike.draws);
  },
};
