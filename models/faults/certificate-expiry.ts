import type { z } from 'zod';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('certificate-expiry', 'The certificate of a RabbitMQ node that speaks TLS has run out: nobody comes in any more, and who is connected stays.', { target: struck() });
type Spec = z.output<typeof schema>;

/** A client finds it when it connects, and at no other time: so it shows at the next restart of anybody. The work of a handshake that fails is left out. */
export const certificateExpiry: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['broker'],
  label: () => 'certificate run out',
  target: (spec) => spec.target,
  counts: 'connections refused',
  begin({ world: { nodes } }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) nodes.limitConnections(node, strike.key, 0, () => strike.changed++);
  },
  end({ world: { nodes } }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) nodes.limitConnections(node, strike.key, undefined, () => {});
  },
};
