/** Dead letters of a quorum queue that must arrive: what of them is replicated, and the worker on the leader's node that publishes them. */
import type { EventType } from '../../../sim/simulation.ts';
import type { Nanos } from '../../../sim/units.ts';
import type { CopyId, QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import { causeOf } from './dead-letters.ts';
import { DeadLetterWorker } from './dead-letter-worker.ts';
import { Discards } from './discards.ts';
import type { Letters } from './letters.ts';
import { operation } from './mailbox.ts';
import type { QueueHost, RabbitQueue } from './queue.ts';

export interface DeadLetterParts {
  readonly letters: Letters;
  /** `dead_letter_worker_consumer_prefetch`. */
  readonly prefetch: number;
  /** `dead_letter_worker_publisher_confirm_timeout`. */
  readonly timeout: Nanos;
  readonly due: EventType<QueueId, number>;
}

export class QuorumDeadLetters {
  readonly discards: Discards;
  worker: DeadLetterWorker;
  private readonly host: QueueHost;
  private readonly queue: RabbitQueue;
  private readonly parts: DeadLetterParts;
  /** Workers so far; the queue serves the one with this number, once it has heard of it. */
  private workers = 0;
  private served = 0;

  constructor(host: QueueHost, queue: RabbitQueue, parts: DeadLetterParts, node: NodeId) {
    this.host = host;
    this.queue = queue;
    this.parts = parts;
    this.discards = new Discards(host.world, parts.prefetch);
    this.worker = this.startOn(node);
  }

  private startOn(node: NodeId): DeadLetterWorker {
    const { host: { world, copies }, queue: source, parts: { letters, timeout, due } } = this;
    return new DeadLetterWorker(node, {
      world, copies, letters, source, timeout, due,
      settled: (copy, into) => {
        this.discards.confirmed(copy, into);
        source.ask(node, operation.settleDiscard, copy, 0);
      },
    });
  }

  /** The worker of the leader before is ended, also where that does not know yet that it leads no more. */
  onLeader(node: NodeId): void {
    if (this.worker.isAlive) this.worker.end();
    this.worker = this.startOn(node);
    this.queue.ask(node, operation.checkOutDiscards, ++this.workers, 0);
  }

  onCheckedOut(worker: number): void {
    if (worker !== this.workers) return;
    this.served = worker;
    this.discards.returnAll();
  }

  onSettled(copy: CopyId): void {
    const { ledger, causes } = this.host.world;
    const settled = this.discards.settle(copy);
    if (settled === undefined) return;
    this.host.world.sim.trace.reached('broker.deadLettered');
    ledger.deadLettered(copy, settled.into, causes.of(causeOf[settled.reason]));
    this.discards.forget(copy);
    this.queue.retire(copy);
  }

  /** Something was applied: the worker gets what it has room for. */
  serve(): void {
    if (!this.worker.isAlive || this.served !== this.workers) return;
    for (let next = this.discards.checkOut(); next !== undefined; next = this.discards.checkOut()) this.worker.take(...next);
  }

  tellAgain(): void {
    this.parts.letters.tellAgain();
  }

  /** All that waits, and from now on nothing does: the queue begins anew, and its worker with it. */
  takeAll(): readonly CopyId[] {
    if (this.worker.isAlive) this.onLeader(this.worker.node);
    return [...this.discards.drain().keys()];
  }

  crashed(node: NodeId): void {
    if (node === this.worker.node && this.worker.isAlive) this.worker.end();
  }
}
