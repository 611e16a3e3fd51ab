/** Brokers with one bug each, which the suite must find: those planted for the guarantees, and RabbitMQ with some of its own. */
import { type BrokerModels, brokerModels } from '../../models/brokers/index.ts';
import { RabbitMQ } from '../../models/brokers/rabbitmq/rabbitmq.ts';
import { MirroredQueue } from '../../models/brokers/rabbitmq/mirrored-queue.ts';
import type { Consumer } from '../../models/brokers/rabbitmq/consumer.ts';
import type { CauseId } from '../../models/causes.ts';
import type { AttemptId, ConnectionId, CopyId, DeliveryId } from '../../models/message.ts';
import type { CrashScope, NodeId } from '../../models/node.ts';
import { type DestinationId, overhead, reply, settlement, type Settlement } from '../../models/protocol.ts';
import type { ReadyQueue } from '../../models/ready-queue.ts';
import type { World } from '../../models/world.ts';
import { modelsWith as rabbitModelsWith } from '../planted-bugs/rabbitmq.ts';
import { modelsWith, plantedBugs } from '../planted-bugs.ts';

export interface Canary {
  readonly name: string;
  /** The subject that it is planted in. */
  readonly subject: string;
  readonly models: BrokerModels;
  /** How the suite finds it. */
  readonly foundAs: RegExp;
}

/** True for each third message of a producer. */
const isThird = ({ messages, copies }: World, copy: CopyId): boolean => messages.ordinal[copies.messageOf(copy)]! % 3 === 0;

/** What of a queue is nobody else's business. */
interface Insides {
  ready: ReadyQueue;
  nextCopy(): CopyId;
  putBack(copy: CopyId, isLost: boolean): void;
  journal: { survives(copy: CopyId): boolean };
  group: { onElectionDue(): void };
}

function queuesOf(broker: RabbitMQ): Insides[] {
  return (broker as unknown as { lines: Insides[] }).lines;
}

class KeepsWhatWasAcknowledged extends RabbitMQ {
  protected override onSettlementArrived(delivery: DeliveryId, verdict: Settlement): void {
    const { deliveries } = this.world;
    if (verdict === settlement.acknowledge && isThird(this.world, deliveries.copyOf(delivery))) deliveries.release(delivery);
    else super.onSettlementArrived(delivery, verdict);
  }
}

class TakesRejectsForAcknowledgements extends RabbitMQ {
  protected override onSettlementArrived(delivery: DeliveryId, verdict: Settlement): void {
    super.onSettlementArrived(delivery, verdict === settlement.reject ? settlement.acknowledge : verdict);
  }
}

class LosesInSilence extends RabbitMQ {
  override deadLetterOrDrop(...[queue, copy]: Parameters<RabbitMQ['deadLetterOrDrop']>): void {
    queue.retire(copy);
  }
}

class ForgetsWhatADeadConsumerHeld extends RabbitMQ {
  override disconnected(): void {}
}

class FlagsNothing extends RabbitMQ {
  override sendDelivery(consumer: Consumer, delivery: DeliveryId, from: NodeId): void {
    this.world.deliveries.redelivered[delivery] = 0;
    super.sendDelivery(consumer, delivery, from);
  }
}

class CountsOneTooMany extends RabbitMQ {
  override held(): number {
    return super.held() + (this.world.ledger.totals.redelivered > 0 ? 1 : 0);
  }
}

class ConfirmsWhatComes extends RabbitMQ {
  protected override onPublishArrived(attempt: AttemptId, destination: DestinationId): void {
    const { network, attempts, protocol } = this.world;
    attempts.hold(attempt);
    network.sendToClient(attempts.connection[attempt] as ConnectionId, overhead.reply, protocol.replyArrived, attempt, reply.confirmed);
    super.onPublishArrived(attempt, destination);
  }
}

class ForgetsDeliveries extends RabbitMQ {
  override sendDelivery(consumer: Consumer, delivery: DeliveryId, from: NodeId): void {
    if (isThird(this.world, this.world.deliveries.copyOf(delivery)) && this.world.deliveries.number[delivery] === 1) this.world.deliveries.release(delivery);
    else super.sendDelivery(consumer, delivery, from);
  }
}

class OverlooksPrefetch extends RabbitMQ {
  override sendDelivery(consumer: Consumer, delivery: DeliveryId, from: NodeId): void {
    super.sendDelivery(consumer, delivery, from);
    consumer.credit++;
  }
}

class LeadsWithNothing extends MirroredQueue {
  protected override crashed(scope: CrashScope, cause: CauseId): AttemptId[] {
    for (const { has } of this.mirrors.members()) has.clear();
    return super.crashed(scope, cause);
  }
}

/** A bug that sits in the queues. */
function inQueues(plant: (queue: Insides) => void): typeof RabbitMQ {
  return class extends RabbitMQ {
    constructor(...parts: ConstructorParameters<typeof RabbitMQ>) {
      super(...parts);
      for (const queue of queuesOf(this)) plant(queue);
    }
  };
}

const servesTheYoungest = inQueues((queue) => {
  const { nextCopy } = queue;
  queue.nextCopy = () => queue.ready.all().at(-1) ?? nextCopy.call(queue);
});
const putsBackAtTheTail = inQueues((queue) => (queue.putBack = (copy) => queue.ready.giveBack(copy, 'tail')));
const keepsNothingOverACrash = inQueues((queue) => (queue.journal.survives = () => false));
const electsNobody = inQueues((queue) => (queue.group.onElectionDue = () => {}));

const rabbit = (name: string, subject: string, broker: typeof RabbitMQ, foundAs: RegExp): Canary => ({
  name, subject, foundAs, models: { ...brokerModels, rabbitmq: { ...brokerModels.rabbitmq, build: (world, of, spec) => new broker(world, of, spec) } },
});

const classic = 'RabbitMQ 3.10, classic, 1 node';
const quorum = 'RabbitMQ 4.3, quorum, 3 nodes';
const mirrored = 'RabbitMQ 3.10, mirrored, 3 nodes';

/** No subject has leases, a slow write before a confirm, or a second queue for dead letters. */
const outOfReach = ['forgets leases'];

export const canaries: readonly Canary[] = [
  ...plantedBugs.filter(({ name, broker }, index) => !outOfReach.includes(name) && plantedBugs.findIndex((other) => other.broker === broker) === index)
    .map(({ name, broker }): Canary => ({ name, subject: 'work queue', models: modelsWith(broker), foundAs: /./ })),
  ...[classic, quorum].flatMap((subject) => [
    rabbit('keeps what was acknowledged', subject, KeepsWhatWasAcknowledged, /never comes to rest|not settled|stuck|drained/),
    rabbit('takes rejects for acknowledgements', subject, TakesRejectsForAcknowledgements, /as after an acknowledgement/),
    rabbit('loses in silence what it cannot keep', subject, LosesInSilence, /the ledger counts/),
    rabbit('forgets what a dead consumer held', subject, ForgetsWhatADeadConsumerHeld, /drained|not settled|at rest/),
    rabbit('flags no redelivery', subject, FlagsNothing, /not flagged/),
    rabbit('counts one too many', subject, CountsOneTooMany, /the ledger counts/),
    rabbit('confirms whatever comes', subject, ConfirmsWhatComes, /at-least-once|exactly-once-effect/),
    rabbit('forgets to send deliveries', subject, ForgetsDeliveries, /drained|at rest/),
    rabbit('overlooks the prefetch', subject, OverlooksPrefetch, /asked for/),
    rabbit('serves the youngest first', subject, servesTheYoungest, /before its turn/),
    rabbit('puts back at the tail', subject, putsBackAtTheTail, /before its turn/),
  ]),
  rabbit('keeps nothing over a crash', classic, keepsNothingOverACrash, /at-least-once|exactly-once-effect|confirm-means-durable/),
  { name: 'leads with nothing', subject: mirrored, models: rabbitModelsWith({ mirrored: LeadsWithNothing }), foundAs: /at-least-once|exactly-once-effect/ },
  rabbit('elects nobody', quorum, electsNobody, /rest|drained/),
];
