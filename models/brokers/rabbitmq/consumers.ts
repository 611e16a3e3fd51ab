/** Consumers of all queues of a broker: by number, and by the connection that each came by. */
import type { ConnectionId, QueueId, WorkerId } from '../../message.ts';
import { Subscription } from '../../subscription.ts';
import type { World } from '../../world.ts';
import type { Consumer } from './turns.ts';

export class Consumers {
  /** A closed one that holds nothing leaves a hole: its number may still stand in a line or in a mailbox. */
  private readonly all: (Consumer | undefined)[] = [];
  private readonly byConnection = new Map<ConnectionId, Consumer>();
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** @param mostHeld what the queue's type makes of an unlimited prefetch */
  open(worker: WorkerId, queue: QueueId, connection: ConnectionId, mostHeld: number): Consumer {
    const { prefetch, automatic, priority } = this.world.subscribers[worker]!;
    const credit = automatic ? Infinity : Math.min(prefetch, mostHeld);
    const consumer: Consumer = new Subscription(this.all.length, worker, queue, connection, this.world.network.session(connection), credit, automatic, priority);
    this.all.push(consumer);
    this.byConnection.set(connection, consumer);
    return consumer;
  }

  of(id: number): Consumer | undefined {
    return this.all[id];
  }

  /** Its channel is closed: nothing is delivered to it any more. */
  close(connection: ConnectionId): Consumer | undefined {
    const consumer = this.byConnection.get(connection);
    if (consumer === undefined) return undefined;
    this.byConnection.delete(connection);
    consumer.isOpen = false;
    return consumer;
  }

  /** Those that a condition holds for are taken for gone by their queue: what their channels know of that is another matter. */
  suspendWhere(condition: (consumer: Consumer) => boolean): Consumer[] {
    const meant = [...this.byConnection.values()].filter(condition);
    for (const consumer of meant) consumer.isOpen = false;
    return meant;
  }

  suspendedOf(queue: QueueId): Consumer[] {
    return [...this.byConnection.values()].filter((consumer) => consumer.queue === queue && !consumer.isOpen);
  }

  /** Closes those that a condition holds for. */
  closeWhere(condition: (consumer: Consumer) => boolean): Consumer[] {
    return [...this.byConnection].filter(([, consumer]) => condition(consumer)).map(([connection]) => this.close(connection)!);
  }

  forget(consumer: Consumer): void {
    if (!consumer.isOpen && !consumer.hasUnsettled) this.all[consumer.id] = undefined;
  }
}
