import type { z } from 'zod';
import type { ConnectionId } from '../message.ts';
import { type FaultModel, selfTimedSchema, struck } from './fault.ts';
import { breakConnection } from './lost-frames.ts';

const schema = selfTimedSchema('reconnect-storm', 'All these clients lose their connections at one instant, and come again as their own rule says.', { target: struck() });
type Spec = z.output<typeof schema>;

/** A load balancer that is replaced, a proxy that restarts. */
export const reconnectStorm: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers', 'consumers'],
  label: () => 'reconnect storm',
  target: (spec) => spec.target,
  counts: 'connections broken',
  begin({ world, sessions }, spec, strike) {
    const cause = world.causes.of('connection-lost', strike.id);
    for (const { connection, life } of sessions.openAt(strike.nodesOf(spec.target))) {
      strike.changed++;
      breakConnection(world, connection as ConnectionId, life, 'client', cause);
    }
  },
  // Nothing keeps them away.
  end() {},
  lasts: () => 0,
};
