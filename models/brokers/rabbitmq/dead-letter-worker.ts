/**
 * The process that publishes the dead letters of one quorum queue, on the node of its leader, and waits for confirms
 * (rabbit_fifo_dlx_worker at 3.10.8, 3.13.7 and 4.2.9). A letter is settled when every queue that it was routed to has it. What
 * was not, because nobody answered, somebody refused, or there was no route, is tried again when a timer fires; never by itself where a
 * replicated queue is to take it, since its client sends again. A circle counts as no route: such a letter stays for ever.
 *
 * Another leader means another worker: it begins with everything that was not settled, so that some of it arrives twice.
 */
import { type EventHandle, noEvent } from '../../../sim/event-list.ts';
import type { EventType } from '../../../sim/simulation.ts';
import type { Nanos } from '../../../sim/units.ts';
import { type CopyId, none, type QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { World } from '../../world.ts';
import { type Death, type DeathReason, isCycle, type RabbitCopies, withDeath } from './copies.ts';
import type { Letter, Letters, LetterSender } from './letters.ts';
import { operation } from './mailbox.ts';
import type { RabbitQueue } from './queue.ts';

export interface WorkerParts {
  readonly world: World;
  readonly copies: RabbitCopies;
  readonly letters: Letters;
  readonly source: RabbitQueue;
  /** `dead_letter_worker_publisher_confirm_timeout`. */
  readonly timeout: Nanos;
  readonly due: EventType<QueueId, number>;
  /** Every target has it. `into` is the letter in the first of them. */
  settled(copy: CopyId, into: CopyId): void;
}

interface Pending {
  readonly copy: CopyId;
  readonly deaths: readonly Death[];
  readonly unsettled: Set<RabbitQueue>;
  readonly rejected: Set<RabbitQueue>;
  /** With the copy that each of them has, which is held. */
  readonly settled: Map<RabbitQueue, CopyId>;
  publishedAt: Nanos | undefined;
}

export class DeadLetterWorker implements LetterSender {
  readonly node: NodeId;
  isAlive = true;
  private readonly parts: WorkerParts;
  private readonly pending = new Map<CopyId, Pending>();
  private timer: EventHandle = noEvent;

  constructor(node: NodeId, parts: WorkerParts) {
    this.node = node;
    this.parts = parts;
  }

  take(copy: CopyId, reason: DeathReason): void {
    const { copies, source } = this.parts;
    const deaths = withDeath(copies.deaths(copy), source.name, reason);
    const pending: Pending = { copy, deaths, unsettled: new Set(), rejected: new Set(), settled: new Map(), publishedAt: undefined };
    this.pending.set(copy, pending);
    const targets = this.targetsOf(pending);
    const open = targets.filter(({ name }) => !isCycle(deaths, name));
    if (open.length > 0) this.publish(pending, open, open);
    else this.parts.world.sim.trace.reached('deadLetter.kept');
    this.setTimer();
  }

  answered({ copy, target, into }: Letter, isTaken: boolean): void {
    const pending = this.pending.get(copy);
    if (pending === undefined || pending.settled.has(target)) return;
    pending.unsettled.delete(target);
    if (!isTaken) {
      pending.rejected.add(target);
      return;
    }
    pending.rejected.delete(target);
    pending.settled.set(target, into as CopyId);
    this.parts.world.copies.hold(into as CopyId);
    if (pending.unsettled.size === 0 && pending.rejected.size === 0) this.settle(pending);
  }

  private settle(pending: Pending): void {
    const [first] = this.targetsOf(pending).filter((target) => pending.settled.has(target));
    this.pending.delete(pending.copy);
    if (this.pending.size === 0) this.cancelTimer();
    this.parts.settled(pending.copy, pending.settled.get(first!)!);
    this.letGo(pending);
  }

  private targetsOf({ copy }: Pending): readonly RabbitQueue[] {
    return this.parts.letters.routeOf(this.parts.source, copy, this.node);
  }

  private publish(pending: Pending, targets: readonly RabbitQueue[], unsettled: readonly RabbitQueue[]): void {
    const { world: { sim }, letters } = this.parts;
    pending.publishedAt = sim.now;
    pending.rejected.clear();
    pending.unsettled.clear();
    for (const target of unsettled) pending.unsettled.add(target);
    for (const target of targets) target.ask(this.node, operation.letter, letters.create(this, pending.copy, target, pending.deaths), pending.copy);
  }

  // ---- once more

  onDue(): void {
    const { world: { sim }, timeout } = this.parts;
    this.timer = noEvent;
    for (const pending of this.pending.values()) {
      if (pending.publishedAt === undefined || pending.publishedAt + timeout <= sim.now) this.publishAgain(pending);
    }
    this.setTimer();
  }

  private publishAgain(pending: Pending): void {
    const unsettled = this.targetsOf(pending).filter((target) => !pending.settled.has(target));
    const isResentAnyway = (target: RabbitQueue): boolean => pending.unsettled.has(target) && target.rules.type !== 'classic';
    const targets = unsettled.filter((target) => !isResentAnyway(target) && !isCycle(pending.deaths, target.name));
    if (targets.length === 0) return;
    this.parts.world.sim.trace.reached('deadLetter.again');
    this.publish(pending, targets, unsettled);
  }

  private setTimer(): void {
    const { world: { sim, nodes }, timeout, due, source } = this.parts;
    if (this.pending.size === 0 || sim.isPending(this.timer)) return;
    this.timer = sim.after(timeout, due, source.id, none, nodes.owner(this.node));
  }

  private cancelTimer(): void {
    this.parts.world.sim.cancel(this.timer);
    this.timer = noEvent;
  }

  /** Its leader leads no more, or its node died: nobody waits for these letters now. */
  end(): void {
    this.isAlive = false;
    this.cancelTimer();
    for (const pending of this.pending.values()) this.letGo(pending);
    this.pending.clear();
    this.parts.letters.tellAgain();
  }

  private letGo({ settled }: Pending): void {
    for (const into of settled.values()) this.parts.world.copies.release(into);
  }
}
