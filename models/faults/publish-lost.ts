import type { z } from 'zod';
import { type FaultModel, faultSchema } from './fault.ts';
import { losePublishes, loseNoMore, lostFrameFields } from './lost-frames.ts';

const schema = faultSchema('publish-lost', 'What these clients publish is lost just before it reaches the broker, and with it the connection.', lostFrameFields);
type Spec = z.output<typeof schema>;

/** Without confirms the publisher takes what was lost for published. */
export const publishLost: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers', 'consumers'],
  label: () => 'publishes lost',
  target: (spec) => spec.target,
  counts: 'publishes lost',
  begin: losePublishes,
  end: (_site, _spec, strike) => loseNoMore(strike),
};
