import type { z } from 'zod';
import { factor, target } from '../settings.ts';
import { type FaultModel, faultSchema } from './fault.ts';

const schema = faultSchema('burst', 'Messages come that many times as fast to these producers.', { target: target(), factor: factor() });
type Spec = z.output<typeof schema>;

/** Messages come `factor` times as fast to these producers. */
export const burst: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers'],
  label: (spec) => `burst ×${spec.factor}`,
  target: (spec) => spec.target,
  counts: 'producers sped up',
  begin({ world, producers }, spec, strike) {
    strike.changed += producers.speedUp(world.nodes.resolve(spec.target), spec.factor);
  },
  end({ world, producers }, spec) {
    producers.speedUp(world.nodes.resolve(spec.target), 1 / spec.factor);
  },
};
