import { z } from 'zod';
import { duration } from '../settings.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('clock-skew', 'The wall clock of a node of RabbitMQ jumps, or runs too fast or too slowly, and is set right when the fault ends.', {
  target: struck(),
  direction: z.enum(['forward', 'back']).default('forward').describe('Ahead of the right time, or behind it.'),
  jump: duration().default(0).describe('At once.'),
  drift: z.number().min(0).max(500_000).default(0).describe('Parts per million by which it runs too fast, or too slowly.'),
});
type Spec = z.output<typeof schema>;

/** Whoever counts on the time that passes does not notice; times to live are counted by the clock. */
export const clockSkew: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['broker'],
  label: ({ direction, drift }) => (drift > 0 ? 'clock drifts' : `clock jumps ${direction}`),
  target: (spec) => spec.target,
  counts: 'clocks set wrong',
  begin({ world }, spec, strike) {
    const sign = spec.direction === 'forward' ? 1 : -1;
    for (const node of strike.nodesOf(spec.target)) {
      world.clocks.set(node, strike.key, { jump: sign * spec.jump, drift: (sign * spec.drift) / 1e6 });
      strike.changed++;
    }
  },
  end({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) world.clocks.set(node, strike.key, undefined);
  },
};
