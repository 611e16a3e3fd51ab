import type { z } from 'zod';
import { factor } from '../settings.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('burst', 'Messages come that many times as fast to these producers.', { target: struck(), factor: factor() });
type Spec = z.output<typeof schema>;

/** Messages come `factor` times as fast to these producers. */
export const burst: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers'],
  label: (spec) => `burst ×${spec.factor}`,
  target: (spec) => spec.target,
  counts: 'producers sped up',
  begin({ producers }, spec, strike) {
    strike.changed += producers.speedUp(strike.nodesOf(spec.target), spec.factor);
  },
  end({ producers }, spec, strike) {
    producers.speedUp(strike.nodesOf(spec.target), 1 / spec.factor);
  },
};
