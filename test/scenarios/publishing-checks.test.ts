/** What is told of publishes that RabbitMQ refuses, drops, or takes otherwise than they are written. */
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../scenarios/load.ts';

function told(producer: string, version = '4.2', config = ''): string[] {
  const loaded = parseScenario(`faultline: 1
name: publishes
brokers:
  mq:
    kind: rabbitmq
    version: '${version}'
    config: { ${config} }
    exchanges: { events: { type: topic } }
    queues: { jobs: {}, safe: { arguments: { x-queue-type: quorum } } }
    bindings: [{ source: events, destination: jobs, routing_key: 'order.#' }]
producers: { web: { arrivals: { poisson: { rate: 1/s } }, confirm: {}, ${producer} } }
consumers: { w: { subscribe: mq/jobs, service: 1ms }, v: { subscribe: mq/safe, service: 1ms } }
`, 'test.yaml');
  return (loaded.ok ? loaded.warnings : loaded.problems).map(({ path, message }) => `${path}: ${message}`).filter((line) => line.startsWith('producers'));
}

describe('publishes to RabbitMQ', () => {
  it.each<[string, string[], string?, string?]>([
    ['publish: mq/jobs', []],
    ['publish: mq/events, routingKey: order.new', []],
    ['publish: mq/events, routingKey: orders.new', ['producers.web.publish: no queue is bound to events for the routing key "orders.new"']],
    ['publish: mq/events', ['producers.web.publish: no queue is bound to events for an empty routing key']],
    ['publish: mq/jobs, size: 17MiB', ['producers.web.size: messages are larger than max_message_size, 16.8 MB']],
    ['publish: mq/jobs, size: 17MiB', [], '3.13'],
    ['publish: mq/jobs, size: 17MiB', [], '4.2', 'max_message_size: 20MiB'],
    ['publish: mq/jobs, deliveryMode: transient', []],
    ['publish: mq/safe, deliveryMode: transient', ['producers.web.deliveryMode: this changes nothing: safe keeps every message on disk']],
  ])('%s', (producer, expected, version, config) => {
    expect(told(producer, version, config)).toEqual(expected);
  });
});
