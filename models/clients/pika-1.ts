import type { ClientPreset } from './preset.ts';

export const pika1: ClientPreset = {
  standsFor: 'pika 1.3 and 1.4, BlockingConnection',
  about: 'Never connects again by itself; a publish without a connection raises.',
  publishing: [
    { setting: 'confirm', value: 'none', called: 'no confirm_delivery unless called', source: 'pika 1.4, BlockingChannel' },
    { setting: 'unconnected', value: 'fail', called: 'ChannelWrongStateError', source: 'pika 1.4, pika/channel.py' },
    { setting: 'retry', value: 'none', called: 'nothing is sent again', source: 'pika 1.4, BlockingChannel' },
  ],
  producing: [{ setting: 'reconnect', value: 'none', called: 'the application connects again', source: 'pika 1.4, BlockingConnection' }],
  consuming: [
    { setting: 'acknowledge', value: 'after-work', called: 'basic_consume with auto_ack=False, and basic_ack by the application', source: 'pika 1.4, BlockingChannel' },
    { setting: 'prefetch', value: 'unlimited', called: 'no basic.qos unless basic_qos is called', source: 'pika 1.4, BlockingChannel' },
    { setting: 'reconnect', value: 'none', called: 'the application connects again', source: 'pika 1.4, BlockingConnection' },
  ],
  options: [
    { called: '`basic_qos(prefetch_count=1)`', write: '`prefetch: 1`' },
    { called: '`confirm_delivery`, after which `basic_publish` waits', write: '`confirm: {}`, `maxUnconfirmed: 1`' },
  ],
  leftOut: ['Heartbeats that a callback holds up, since one thread does everything: pause the worker to see what that does.'],
};
