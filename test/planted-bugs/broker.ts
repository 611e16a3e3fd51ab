/** Brokers with one bug each outside their queues: routing, dead letters, timeouts. */
import type { DeathReason } from '../../models/brokers/rabbitmq/copies.ts';
import type { RabbitQueue } from '../../models/brokers/rabbitmq/queue.ts';
import { RabbitMQ } from '../../models/brokers/rabbitmq/rabbitmq.ts';
import type { RabbitmqSpec } from '../../models/brokers/rabbitmq/settings.ts';
import type { CopyId } from '../../models/message.ts';
import { misbehaved, type RabbitBug } from './rabbitmq.ts';

type Arguments = ConstructorParameters<typeof RabbitMQ>;

class DeadLettersAndLoses extends RabbitMQ {
  protected override sendDeadLetter(_into: CopyId, target: RabbitQueue): void {
    misbehaved(this.world);
    target.coming--;
  }
}

class DropsInsteadOfDeadLettering extends RabbitMQ {
  private rejected = 0;
  override deadLetterOrDrop(queue: RabbitQueue, copy: CopyId, reason: DeathReason): void {
    if (++this.rejected % 2 === 0) {
      super.deadLetterOrDrop(queue, copy, reason);
      return;
    }
    misbehaved(this.world);
    this.world.ledger.dropped(copy, this.world.causes.of(reason));
    queue.retire(copy);
  }
}

class SeesNoCycles extends RabbitMQ {
  override deadLetterOrDrop(queue: RabbitQueue, copy: CopyId, reason: DeathReason): void {
    if (this.copies.deaths(copy).length > 0) misbehaved(this.world);
    this.copies.setDeaths(copy, []);
    super.deadLetterOrDrop(queue, copy, reason);
  }
}

class LosesReturns extends RabbitMQ {
  constructor(...args: Arguments) {
    super(...args);
    const { destination } = this.port;
    Object.assign(this.port, {
      destination: (of: Parameters<typeof destination>[0]) => {
        if (of.mandatory) misbehaved(this.world);
        return destination({ ...of, mandatory: false });
      },
    });
  }
}

class IgnoresAlternateExchanges extends RabbitMQ {
  constructor(world: Arguments[0], name: string, spec: RabbitmqSpec, types: Arguments[3]) {
    const exchanges = Object.fromEntries(Object.entries(spec.exchanges).map(([key, { type }]) => [key, { type, arguments: {} }]));
    super(world, name, { ...spec, exchanges }, types);
    misbehaved(world);
  }
}

class NeverTimesConsumersOut extends RabbitMQ {
  constructor(world: Arguments[0], name: string, spec: RabbitmqSpec, types: Arguments[3]) {
    super(world, name, { ...spec, config: { ...spec.config, consumer_timeout: Infinity } }, types);
    misbehaved(world);
  }
}

const letters = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' };
const rejects = { failure: { poison: { every: 7 }, then: 'reject' as const } };
const lost = { publish: 'mq/events', routingKey: 'nobody', arrivals: { constant: { rate: '20/s' } }, messages: 10, confirm: {} };

export const brokerBugs: readonly RabbitBug[] = [
  { name: 'dead-letters and loses', claim: 'conservation', broker: DeadLettersAndLoses, setting: { queues: { jobs: { arguments: letters }, dead: {} }, consumer: rejects }, tried: ['broker.deadLettered'] },
  {
    name: 'drops every other message instead of dead-lettering it', claim: 'dead-letter-complete', broker: DropsInsteadOfDeadLettering, tried: ['broker.deadLettered'],
    setting: { queues: { jobs: { arguments: letters }, dead: {} }, consumer: rejects },
  },
  {
    name: 'does not see that dead letters go round in a circle', claim: 'drained', broker: SeesNoCycles, tried: ['broker.expired', 'broker.deadLettered'],
    setting: {
      queues: {
        jobs: { arguments: { ...letters, 'x-message-ttl': 1000 } }, dead: { arguments: { 'x-message-ttl': 1000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'jobs' } },
      },
      consumer: { count: 1, prefetch: 1, service: '10s' }, faults: [],
    },
  },
  {
    name: 'does not return what is mandatory', claim: 'at-least-once', broker: LosesReturns, tried: ['broker.unroutable'],
    setting: { broker: { exchanges: { events: { type: 'topic' } } }, producers: { lost: { ...lost, mandatory: true } } },
  },
  {
    name: 'ignores alternate exchanges', claim: 'at-least-once', broker: IgnoresAlternateExchanges, tried: ['node.crashed.process'],
    setting: {
      broker: {
        exchanges: { events: { type: 'topic', arguments: { 'alternate-exchange': 'rest' } }, rest: { type: 'fanout' } }, bindings: [{ source: 'rest', destination: 'jobs' }],
      },
      producers: { lost },
    },
  },
  {
    name: 'never times consumers out', claim: 'no-stuck-message', broker: NeverTimesConsumersOut, tried: ['broker.redelivered'],
    setting: {
      broker: { config: { consumer_timeout: 1000, channel_tick_interval: 1000 } },
      faults: [{ kind: 'slow', target: 'consumers.workers.0', factor: 100_000, at: '300ms', for: '200ms' }],
    },
  },
];
