import type { z } from 'zod';
import { none } from '../message.ts';
import { Chosen, chosenFields } from './chosen.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('producer-per-request', 'An application makes a new client for each message and never closes it: its broker has one more connection, by which nothing goes.', {
  target: struck(), ...chosenFields,
});
type Spec = z.output<typeof schema>;

/**
 * As PagerDuty's on 2025-08-28: 4.2 million new producers an hour, 84 times as many as usual, until brokers had no memory left. The connections
 * stay until either process ends; the fault's end is the release that mends the application, whose processes are new ones. Each takes memory of a
 * RabbitMQ node (`resources.connection`), and counts for a `connection-limit`; opening them costs nothing here.
 */
export const producerPerRequest: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers'],
  label: () => 'a client for each message',
  target: (spec) => spec.target,
  counts: 'connections left open',
  begin({ world, producers, sessions }, spec, strike) {
    const { nodes, network } = world;
    const chosen = new Chosen(world, spec, strike);
    const byNode = new Map(sessions.of(strike.nodesOf(spec.target)).map((session) => [session.node, session]));
    producers.interferences.set(strike.key, {
      on: new Set(byNode.keys()),
      sees(message, node) {
        const session = byNode.get(node)!;
        if (!session.isOpen || session.connection === none || !chosen.hit(message)) return;
        const { server } = network.book.all[session.connection]!;
        if (nodes.isFull(server, () => network.book.heldAt(server))) return;
        network.book.openAndForget(node, server);
        strike.changed++;
      },
    });
  },
  end({ world: { network }, producers }, spec, strike) {
    producers.interferences.delete(strike.key);
    for (const node of strike.nodesOf(spec.target)) network.book.died(node);
  },
};
