import { z } from 'zod';
import { chosenFields } from './chosen.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';
import { loseNoMore, refuseAcknowledgements } from './lost-frames.ts';

const schema = faultSchema('wrong-ack', 'A worker on RabbitMQ acknowledges what its channel does not know, and the channel is closed for that.', {
  target: struck(), ...chosenFields,
  mistake: z.enum(['wrong-tag', 'other-channel', 'twice']).default('wrong-tag')
    .describe('wrong-tag, other-channel: that delivery is not acknowledged; twice: it is, and the second time closes the channel.'),
});
type Spec = z.output<typeof schema>;

/** PRECONDITION_FAILED - unknown delivery tag (rabbitmq-server, rabbit_channel.erl, collect_acks): what was unsettled on the channel is delivered again. */
export const wrongAck: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers'],
  label: ({ mistake }) => (mistake === 'twice' ? 'acknowledged twice' : `acknowledged by a ${mistake === 'wrong-tag' ? 'wrong tag' : 'tag of another channel'}`),
  target: (spec) => spec.target,
  counts: 'channels closed',
  begin: (site, spec, strike) => refuseAcknowledgements(site, spec, strike, spec.mistake === 'twice'),
  end: (_site, _spec, strike) => loseNoMore(strike),
};
