import type { z } from 'zod';
import { type FaultModel, faultSchema } from './fault.ts';
import { loseConfirms, loseNoMore, lostFrameFields } from './lost-frames.ts';

const schema = faultSchema('confirm-lost', 'The broker has stored it, and its confirm is lost just before it reaches these clients, and with it the connection.', lostFrameFields);
type Spec = z.output<typeof schema>;

/** The outcome stays unknown, and whoever tries again doubles. */
export const confirmLost: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers', 'consumers'],
  label: () => 'confirms lost',
  target: (spec) => spec.target,
  counts: 'confirms lost',
  begin: loseConfirms,
  end: (_site, _spec, strike) => loseNoMore(strike),
};
