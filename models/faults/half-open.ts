import type { z } from 'zod';
import { positiveDuration } from '../settings.ts';
import { type FaultModel, selfTimedSchema } from './fault.ts';
import { between, wayFields, waysOf } from './ways.ts';

const schema = selfTimedSchema('half-open', 'Connections between clients and a broker that are open now are forgotten on their way: each end takes them for open, and nothing arrives; new ones work.', {
  ...wayFields,
  giveUp: positiveDuration().default(924.6e9)
    .describe('How long who has sent something waits for an answer of TCP: 924.6 s unless told, as Linux does (tcp_retries2 = 15). Heartbeats notice sooner.'),
});
type Spec = z.output<typeof schema>;

/**
 * A NAT, a firewall or a load balancer that lost its table, or a peer that is gone without a word; with direction: one, what the
 * second set sends still arrives. The fault is over at once: what was forgotten stays so.
 */
export const halfOpen: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers', 'consumers', 'broker'],
  label: ({ direction }) => (direction === 'both' ? 'half-open' : 'half-open one way'),
  target: between,
  counts: 'connections forgotten',
  begin({ world }, spec, strike) {
    strike.changed += world.network.sever(waysOf(spec, strike).map(([, scope]) => scope), strike.id, spec.giveUp);
  },
  end() {},
  lasts: () => 0,
};
