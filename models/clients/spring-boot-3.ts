import type { ClientPreset } from './preset.ts';

const container = 'spring-amqp 3.2.12, AbstractMessageListenerContainer';
const boot = 'Spring Boot 3.4, RabbitProperties';

export const springBoot3: ClientPreset = {
  standsFor: 'Spring Boot 3.4 and 3.5 with Spring AMQP 3.2: RabbitTemplate and SimpleMessageListenerContainer',
  about: 'Acknowledges when the listener returns, gives back at once what it throws for, and so redelivers a poison message for ever.',
  publishing: [
    { setting: 'confirm', value: 'none', called: 'spring.rabbitmq.publisher-confirm-type: none', source: boot },
    { setting: 'unconnected', value: 'fail', called: 'AmqpConnectException', source: 'spring-amqp 3.2.12, RabbitTemplate' },
    { setting: 'retry', value: 'none', called: 'spring.rabbitmq.template.retry.enabled: false', source: boot },
  ],
  producing: [
    { setting: 'reconnect', value: 'on-demand', called: 'createConnection when the cached one is closed', source: 'spring-amqp 3.2.12, CachingConnectionFactory' },
  ],
  consuming: [
    { setting: 'acknowledge', value: 'after-work', called: 'acknowledge-mode: auto', source: container },
    { setting: 'prefetch', value: 250, called: 'prefetch (DEFAULT_PREFETCH_COUNT)', source: container },
    { setting: 'concurrency', value: 1, called: 'one consumer, one thread; count is listener.simple.concurrency', source: 'spring-amqp 3.2.12, SimpleMessageListenerContainer' },
    { setting: 'failure.then', value: 'requeue', called: 'default-requeue-rejected: true', source: container },
    {
      setting: 'reconnect', value: { linear: { initial: '0', step: '5s', max: '5s' } },
      called: 'recoveryInterval 5000 ms, after a first restart at once', source: 'spring-amqp 3.2.12, SimpleMessageListenerContainer',
    },
  ],
  options: [
    { called: '`listener.simple.retry.enabled: true` (stateless: 3 attempts, 1 s apart, then RejectAndDontRequeueRecoverer)', write: '`failure: { then: reject, retry: { fixed: { delay: 1s }, attempts: 3 } }`' },
    { called: '`default-requeue-rejected: false`', write: '`failure: { then: reject }`' },
    { called: '`template.retry.enabled: true`', write: '`retry: { fixed: { delay: 1s }, attempts: 3 }`' },
    { called: '`publisher-confirm-type: correlated`', write: '`confirm: { timeout: 5s }`: how long to wait is the application\'s' },
    { called: '`acknowledge-mode: none`', write: '`acknowledge: automatic`' },
  ],
  leftOut: [
    'One connection for all listeners of an application: here each worker has one.',
    'Stateful retries, `maxConcurrentConsumers`, and transactions (`channelTransacted`).',
    'The container stops when a queue is missing (`missing-queues-fatal`): here queues are always there.',
  ],
};
