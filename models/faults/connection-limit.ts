import type { z } from 'zod';
import { count } from '../settings.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('connection-limit', 'A broker\'s node takes no more connections than that: its file descriptors have run out, or a limit is reached. Who is connected stays.', {
  target: struck(), limit: count(0, 1_000_000).describe('Connections that a node holds at most.'),
});
type Spec = z.output<typeof schema>;

/** As PagerDuty's on 2025-08-28, when 4.2 million producers came in an hour; RabbitMQ has `connection_max`. */
export const connectionLimit: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['broker'],
  label: (spec) => `at most ${spec.limit} connections`,
  target: (spec) => spec.target,
  counts: 'connections refused',
  begin({ world: { nodes } }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) nodes.limitConnections(node, strike.key, spec.limit, () => strike.changed++);
  },
  end({ world: { nodes } }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) nodes.limitConnections(node, strike.key, undefined, () => {});
  },
};
