/** What an operator of RabbitMQ orders: at queues, by `rabbitmqctl` and `rabbitmq-queues`. */
import type { Operator } from '../../broker.ts';
import type { CauseId } from '../../causes.ts';
import type { QueueId } from '../../message.ts';
import { operation } from './mailbox.ts';
import type { RabbitQueue } from './queue.ts';
import { QuorumQueue } from './quorum-queue.ts';

export class RabbitOperator implements Operator {
  private readonly byQueue: readonly RabbitQueue[];

  constructor(byQueue: readonly RabbitQueue[]) {
    this.byQueue = byQueue;
  }

  purge(queue: QueueId, cause: CauseId, onDone: (messages: number) => void): void {
    this.byQueue[queue]!.orders.ask(operation.purge, cause, onDone);
  }

  delete(queue: QueueId, cause: CauseId, onDone: (messages: number) => void): void {
    this.byQueue[queue]!.orders.ask(operation.delete, cause, onDone);
  }

  declare(queue: QueueId, cause: CauseId): void {
    this.byQueue[queue]!.orders.declare(cause);
  }

  /** As `rabbitmq-queues rebalance quorum` does where a node leads too many. */
  transferLeadership(queue: QueueId): boolean {
    const line = this.byQueue[queue]!;
    return line instanceof QuorumQueue && line.group.transfer();
  }
}
