import type { z } from 'zod';
import { type FaultModel, faultSchema } from './fault.ts';
import { loseAcknowledgements, loseNoMore, lostFrameFields } from './lost-frames.ts';

const schema = faultSchema('ack-lost', 'The work is done, and its acknowledgement is lost just before it reaches the broker, and with it the connection.', lostFrameFields);
type Spec = z.output<typeof schema>;

/** What was done is delivered again. */
export const ackLost: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers'],
  label: () => 'acknowledgements lost',
  target: (spec) => spec.target,
  counts: 'acknowledgements lost',
  begin: loseAcknowledgements,
  end: (_site, _spec, strike) => loseNoMore(strike),
};
