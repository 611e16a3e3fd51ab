import type { ClientPreset } from './preset.ts';

export const amqplib2: ClientPreset = {
  standsFor: 'amqplib 2.0 for Node, as 0.10 and 1 without their recovery options',
  about: 'Never connects again by itself, and takes whatever the broker has: no reconnection, no prefetch.',
  publishing: [
    { setting: 'confirm', value: 'none', called: 'createChannel (createConfirmChannel has confirms)', source: 'amqplib 2.0, lib/channel_model.js' },
    { setting: 'unconnected', value: 'fail', called: 'IllegalOperationError: Channel closed', source: 'amqplib 2.0, lib/channel.js' },
    { setting: 'retry', value: 'none', called: 'nothing is sent again', source: 'amqplib 2.0, lib/channel.js' },
  ],
  producing: [
    { setting: 'reconnect', value: 'none', called: 'connect (connectWithRecoveryPromise, since 1.1, does)', source: 'amqplib 2.0, lib/connect.js, CHANGELOG.md' },
  ],
  consuming: [
    { setting: 'acknowledge', value: 'after-work', called: 'consume with noAck: false, and ack by the application', source: 'amqplib 2.0, lib/api_args.js' },
    { setting: 'prefetch', value: 'unlimited', called: 'no basic.qos unless prefetch is called', source: 'amqplib 2.0, lib/channel_model.js' },
    { setting: 'failure.then', value: 'requeue', called: 'nack with requeue: true, its default', source: 'amqplib 2.0, lib/channel_model.js' },
    { setting: 'reconnect', value: 'none', called: 'connect (connectWithRecoveryPromise, since 1.1, does)', source: 'amqplib 2.0, lib/connect.js, CHANGELOG.md' },
  ],
  options: [
    { called: '`connectWithRecoveryPromise` (100 ms × 2 up to 30 s, ± 20 %)', write: '`reconnect: { exponential: { initial: 100ms, max: 30s } }`, without its jitter' },
    { called: '`channel.prefetch(10)`', write: '`prefetch: 10`' },
    { called: '`createConfirmChannel`', write: '`confirm: {}`' },
  ],
  leftOut: [
    '`publish` that returns false when its stream is full, and `drain`: what is not sent yet stands in the buffer of the socket.',
    'The process that ends with an `error` event nobody listens to: say so with `crashes`, a fault or a supervisor\'s `reconnect`.',
    'A handler that neither acknowledges nor rejects.',
  ],
};
