import { z } from 'zod';
import { Chosen, chosenFields } from './chosen.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('hanging-handler', 'Handlings that begin meanwhile, of chosen messages, go on only when the fault ends.', {
  target: struck(), ...chosenFields,
  heartbeats: z.enum(['thread', 'event-loop']).default('thread')
    .describe('thread: a thread of their own sends them, and the connection stays; event-loop: the handler keeps the one thread that there is, and nothing else happens in its process.'),
});
type Spec = z.output<typeof schema>;

/** A call without a timeout, or a lock that nobody lets go. With heartbeats: event-loop the whole process stands still with it, and its peers miss it. */
export const hangingHandler: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers'],
  label: ({ heartbeats }) => (heartbeats === 'thread' ? 'handler hangs' : 'event loop blocked'),
  target: (spec) => spec.target,
  knowsItsEnd: true,
  counts: 'handlings that hung',
  begin({ world, consumers: { troubles } }, spec, strike) {
    const chosen = new Chosen(world, spec, strike);
    troubles.begin(strike.key, strike.nodesOf(spec.target), (handling) => {
      if (!chosen.hit(handling.message)) return;
      strike.changed++;
      handling.adds += strike.until - world.sim.now;
      if (spec.heartbeats === 'event-loop') troubles.stall(handling.node, strike.until);
    });
  },
  end({ consumers }, _spec, strike) {
    consumers.troubles.end(strike.key);
  },
};
