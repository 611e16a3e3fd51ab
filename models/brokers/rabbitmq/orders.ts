/**
 * What an operator orders of a queue takes its turn among what is asked of it. Purge: what is ready goes, and is no dead letter; what
 * consumers hold stays (rabbit_fifo `#purge{}`, rabbit_variable_queue `purge`). Delete: everything goes, consumers are cancelled, and
 * until the queue is declared again nothing is routed to it. Who published what a deleted queue did not store yet has it confirmed
 * all the same (rabbit_channel, `eol` of a queue).
 */
import type { CauseId } from '../../causes.ts';
import type { AttemptId, CopyId, DeliveryId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import { reply } from '../../protocol.ts';
import type { World } from '../../world.ts';
import type { Consumer } from './consumer.ts';
import { operation, type Operation } from './mailbox.ts';
import type { Turns } from './turns.ts';

interface Order {
  readonly cause: CauseId;
  /** Told how many messages it was. */
  readonly onDone: (messages: number) => void;
  /** The queue is declared again before it was deleted: its messages are gone, and it is there. */
  isOver: boolean;
}

/** A queue, as far as that is concerned. */
interface Ordered {
  readonly leader: NodeId | undefined;
  readonly waiting: number;
  readonly turns: Turns;
  inFlight: number;
  ask(from: NodeId, kind: Operation, a: number, b: number): void;
  closeDelivery(delivery: DeliveryId): void;
  retire(copy: CopyId): void;
  lose(kind: number, a: number, cause: CauseId): void;
}

interface OrderHost {
  readonly world: World;
  readonly nodes: readonly NodeId[];
  consumer(id: number): Consumer | undefined;
  forget(consumer: Consumer): void;
  cancel(consumer: Consumer, cause: CauseId): void;
  answer(attempt: AttemptId, answer: typeof reply.confirmed, from: NodeId): void;
}

export class Orders {
  /** Why the queue is not there; undefined while it is. */
  deletedBy: CauseId | undefined;
  /** Told of a publish that came too late. */
  onTurnedAway: (attempt: AttemptId) => void = () => {};
  /** Those of its dead letters that wait until they arrived, and from now on none does. */
  takeDiscards: () => readonly CopyId[] = () => [];
  private readonly orders: Order[] = [];
  private readonly host: OrderHost;
  private readonly queue: Ordered;
  private readonly takeHead: () => CopyId;

  constructor(host: OrderHost, queue: Ordered, takeHead: () => CopyId) {
    this.host = host;
    this.queue = queue;
    this.takeHead = takeHead;
  }

  /** At the node that leads the queue; where none does, the operator is told so, and that is all. */
  ask(kind: typeof operation.purge | typeof operation.delete, cause: CauseId, onDone: (messages: number) => void): void {
    const { leader } = this.queue;
    if (leader !== undefined && this.deletedBy === undefined) this.queue.ask(leader, kind, this.orders.push({ cause, onDone, isOver: false }) - 1, 0);
  }

  /** What was deleted for that cause is there again, and what is to be deleted will be. */
  declare(cause: CauseId): void {
    for (const order of this.orders) if (order.cause === cause) order.isOver = true;
    if (this.deletedBy === cause) this.deletedBy = undefined;
  }

  perform(kind: Operation, order: number): void {
    const { cause, onDone, isOver } = this.orders[order]!;
    if (kind === operation.delete) {
      this.host.world.sim.trace.reached('queue.deleted');
      onDone(this.dropHeld(cause) + this.dropReady(cause));
      if (!isOver) this.deletedBy = cause;
    } else {
      onDone(this.dropReady(cause));
    }
  }

  private dropReady(cause: CauseId): number {
    const messages = this.queue.waiting;
    while (this.queue.waiting > 0) this.drop(this.takeHead(), cause);
    return messages;
  }

  /** What consumers hold, who are cancelled, and what waits to be a dead letter. */
  private dropHeld(cause: CauseId): number {
    const { deliveries } = this.host.world;
    let messages = 0;
    for (const consumer of this.queue.turns.removeAll()) {
      for (const delivery of consumer.unsettled(deliveries)) {
        const copy = deliveries.copyOf(delivery);
        this.queue.closeDelivery(delivery);
        this.queue.inFlight--;
        this.drop(copy, cause);
        messages++;
      }
      this.cancel(consumer, cause);
    }
    const discarded = this.takeDiscards();
    for (const copy of discarded) this.drop(copy, cause);
    return messages + discarded.length;
  }

  private drop(copy: CopyId, cause: CauseId): void {
    this.host.world.ledger.dropped(copy, cause);
    this.queue.retire(copy);
  }

  private cancel(consumer: Consumer, cause: CauseId): void {
    this.host.cancel(consumer, cause);
    consumer.isOpen = false;
    this.host.forget(consumer);
  }

  /** It was on its way to a queue that is deleted. What settles a delivery of it comes too late, as to any. */
  turnsAway(kind: Operation): boolean {
    return this.deletedBy !== undefined && (kind === operation.publish || kind === operation.subscribe || kind === operation.deadLetter || kind === operation.letter);
  }

  turnAway(kind: Operation, a: number): void {
    const cause = this.deletedBy!;
    this.host.world.sim.trace.reached('queue.turnedAway');
    if (kind === operation.subscribe) {
      const consumer = this.host.consumer(a);
      if (consumer !== undefined) this.cancel(consumer, cause);
    } else if (kind === operation.publish) {
      const attempt = a as AttemptId;
      this.onTurnedAway(attempt);
      this.host.world.ledger.attemptLost(attempt, cause);
      this.host.answer(attempt, reply.confirmed, this.queue.leader ?? this.host.nodes[0]!);
    } else {
      this.queue.lose(kind, a, cause);
    }
  }
}
