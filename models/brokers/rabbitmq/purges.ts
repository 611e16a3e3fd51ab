/**
 * Operators who empty a queue: what is ready goes, and is no dead letter; what consumers hold stays (rabbit_fifo `#purge{}`,
 * rabbit_variable_queue `purge`). An order takes its turn among what is asked of the queue.
 */
import type { CauseId } from '../../causes.ts';
import type { Ledger } from '../../ledger.ts';
import type { CopyId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import { operation, type Operation } from './mailbox.ts';

interface Order {
  readonly cause: CauseId;
  readonly onPurged: (messages: number) => void;
}

/** A queue, as far as that is concerned. */
interface Purged {
  readonly leader: NodeId | undefined;
  readonly waiting: number;
  ask(from: NodeId, kind: Operation, a: number, b: number): void;
  retire(copy: CopyId): void;
}

export class Purges {
  private readonly orders: Order[] = [];
  private readonly ledger: Ledger;
  private readonly queue: Purged;
  private readonly takeHead: () => CopyId;

  constructor(ledger: Ledger, queue: Purged, takeHead: () => CopyId) {
    this.ledger = ledger;
    this.queue = queue;
    this.takeHead = takeHead;
  }

  /** At the node that leads the queue; where none does, the operator is told so, and that is all. @param onPurged told how much it was */
  ask(cause: CauseId, onPurged: Order['onPurged']): void {
    const { leader } = this.queue;
    if (leader !== undefined) this.queue.ask(leader, operation.purge, this.orders.push({ cause, onPurged }) - 1, 0);
  }

  perform(order: number): void {
    const { cause, onPurged } = this.orders[order]!;
    onPurged(this.queue.waiting);
    while (this.queue.waiting > 0) {
      const copy = this.takeHead();
      this.ledger.dropped(copy, cause);
      this.queue.retire(copy);
    }
  }
}
