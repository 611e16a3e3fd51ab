import { z } from 'zod';
import type { NodeId } from '../node.ts';
import { duration } from '../settings.ts';
import { Chosen, chosenFields } from './chosen.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('outbox-crash', 'A producer\'s process dies between its database and the broker, and is started again.', {
  target: struck(),
  point: z.enum(['before-publish', 'after-publish'])
    .describe('before-publish: the transaction is committed, and nothing is published; after-publish: it is published, and nobody has noted that.'),
  ...chosenFields,
  restart: duration().default(5e9).describe('How long the process is down.'),
});
type Spec = z.output<typeof schema>;

/** Two writes that are not one: what dies in between is lost, or, with an outbox, comes late or twice. */
export const outboxCrash: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers'],
  label: ({ point }) => `crash ${point.replace('-', ' ')}`,
  target: (spec) => spec.target,
  counts: 'processes killed',
  begin({ world, producers, steps }, spec, strike) {
    const chosen = new Chosen(world, spec, strike);
    const cause = world.causes.of('crash', strike.id);
    const kill = (node: NodeId): void => {
      world.nodes.crash(node, 'process', strike.key, cause);
      strike.changed++;
      steps.after(spec.restart, strike, () => world.nodes.restart(node, strike.key));
    };
    producers.interferences.set(strike.key, {
      on: new Set(strike.nodesOf(spec.target)),
      dies: (message) => (chosen.hit(message) ? { when: spec.point, cause, kill } : undefined),
    });
  },
  end({ world: { nodes }, producers, steps }, spec, strike) {
    producers.interferences.delete(strike.key);
    steps.stop(strike);
    for (const node of strike.nodesOf(spec.target)) nodes.restart(node, strike.key);
  },
};
