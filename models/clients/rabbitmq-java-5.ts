import type { ClientPreset } from './preset.ts';

const factory = 'amqp-client 5.35, ConnectionFactory';
const recovery = 'amqp-client 5.35, AutorecoveringConnection';

export const rabbitmqJava5: ClientPreset = {
  standsFor: 'RabbitMQ\'s Java client, amqp-client 5',
  about: 'Connects again every 5 s, and consumes again; publishes meanwhile throw, and nothing is sent again.',
  publishing: [
    { setting: 'confirm', value: 'none', called: 'no confirmSelect unless called', source: 'amqp-client 5.35, Channel' },
    { setting: 'unconnected', value: 'fail', called: 'AlreadyClosedException', source: recovery },
    { setting: 'retry', value: 'none', called: 'unconfirmed publishes are the application\'s', source: recovery },
  ],
  producing: [
    { setting: 'reconnect', value: { fixed: { delay: '5s' } }, called: 'automaticRecovery: true, networkRecoveryInterval 5000 ms, also before the first attempt', source: `${factory}, AutorecoveringConnection` },
  ],
  consuming: [
    { setting: 'acknowledge', value: 'after-work', called: 'basicConsume with autoAck: false, and basicAck by the application', source: 'amqp-client 5.35, Channel' },
    { setting: 'prefetch', value: 'unlimited', called: 'no basic.qos unless basicQos is called', source: 'amqp-client 5.35, Channel' },
    { setting: 'reconnect', value: { fixed: { delay: '5s' } }, called: 'automaticRecovery and topologyRecovery: true', source: factory },
  ],
  options: [
    { called: '`setAutomaticRecoveryEnabled(false)`', write: '`reconnect: none`' },
    { called: '`confirmSelect` with `waitForConfirms(5000)`', write: '`confirm: { timeout: 5s }`, `maxUnconfirmed: 1`' },
  ],
  leftOut: ['What a consumer that throws does: its channel is closed, by DefaultExceptionHandler. Say with `failure` what the application does.'],
};
