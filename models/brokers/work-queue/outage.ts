/** What a crash takes from a work queue, or an operator, and what a recovery brings back. */
import { alteredOnDisk } from '../../altered.ts';
import type { CauseId } from '../../causes.ts';
import type { AttemptId, CopyId } from '../../message.ts';
import type { CrashScope } from '../../node.ts';
import type { World } from '../../world.ts';
import type { Durability } from './durability.ts';
import type { Expiry } from './expiry.ts';
import type { Subscription, WorkQueueState } from './parts.ts';
import type { Subscriptions } from './subscriptions.ts';

export class Outage {
  /** Where the disk was lost: what a backup has of it, why the rest is gone, and how much that was. */
  lostDisk: { readonly kept: ReadonlySet<CopyId>; readonly loss: CauseId; gone: number } | undefined;
  private readonly world: World;
  private readonly states: readonly WorkQueueState[];
  private readonly durability: Durability;
  private readonly expiry: Expiry;
  private readonly subscriptions: Subscriptions;

  constructor(world: World, states: readonly WorkQueueState[], durability: Durability, expiry: Expiry, subscriptions: Subscriptions) {
    this.world = world;
    this.states = states;
    this.durability = durability;
    this.expiry = expiry;
    this.subscriptions = subscriptions;
  }

  /** What was in flight is ready again. A dead broker judges nothing: limits are looked at when it has recovered. */
  returnUnsettled(subscription: Subscription, cause: CauseId): void {
    const { deliveries, ledger } = this.world;
    const { queue } = subscription;
    for (const delivery of inReturnOrder(subscription, this.world)) {
      const copy = deliveries.copyOf(delivery);
      this.subscriptions.closeDelivery(delivery);
      queue.inFlight--;
      ledger.requeued(copy, cause);
      queue.ready.giveBack(copy, queue.spec.requeue);
    }
  }

  /** What was only in memory is gone; after a host crash, what was not synced too. */
  loseFromStorage(scope: CrashScope, cause: CauseId): void {
    const { copies, ledger, causes } = this.world;
    const by = causes.by(cause);
    const { unconfirmed, undone } = this.durability.crashed(scope);
    for (const attempt of unconfirmed) this.loseConfirm(attempt, cause);
    for (const copy of undone) {
      if (['acknowledged', 'deadLettered'].includes(ledger.buckets.of(copy))) this.resurrect(copy, by);
      else copies.release(copy);
    }
    for (const state of this.states) {
      for (const copy of state.ready.all()) {
        this.expiry.disarm(copy);
        if (this.survives(copy, scope)) {
          if (scope === 'host' && this.durability.isAltered(copy)) alteredOnDisk(this.world, copy, this.durability.whyLost(copy, by));
          continue;
        }
        state.ready.remove(copy);
        if (scope === 'disk') this.lostDisk!.gone++;
        ledger.dropped(copy, scope === 'disk' ? this.lostDisk!.loss : this.durability.whyLost(copy, by));
        copies.release(copy);
      }
    }
  }

  private survives(copy: CopyId, scope: CrashScope): boolean {
    if (scope === 'disk') return this.lostDisk!.kept.has(copy);
    return scope === 'process' ? this.durability.isDurable(copy) : this.durability.isSynced(copy) && !this.durability.isRefused(copy);
  }

  /** An operator throws away what is ready. @returns how much that was */
  purge(state: WorkQueueState, cause: CauseId): number {
    const purged = state.ready.all();
    for (const copy of purged) {
      state.ready.remove(copy);
      this.expiry.disarm(copy);
      this.world.ledger.dropped(copy, cause);
      this.durability.remove(copy);
    }
    return purged.length;
  }

  /** The log was read again: expiries run again, and what had been delivered too often before the crash is found. */
  recover(tooOften: (copy: CopyId) => void): void {
    const { copies } = this.world;
    this.durability.restarted();
    const spent: CopyId[] = [];
    for (const state of this.states) {
      for (const copy of state.ready.all()) {
        if (copies.deliveries[copy]! < (state.spec.deliveryLimit ?? Infinity)) {
          this.expiry.arm(copy, state);
        } else {
          state.ready.remove(copy);
          spent.push(copy);
        }
      }
    }
    // Only now, when all of them are out of their lines: dead letters enter other lines, and crowd others out of those.
    for (const copy of spent) tooOften(copy);
  }

  /** A publish that was not stored yet. */
  loseAttempt(attempt: AttemptId, cause: CauseId): void {
    this.world.ledger.attemptLost(attempt, cause);
    this.world.attempts.release(attempt);
  }

  /** A publish that was stored, and whose publisher will not hear of that. */
  loseConfirm(attempt: AttemptId, cause: CauseId): void {
    this.world.ledger.confirmLost(attempt, cause);
    this.world.attempts.release(attempt);
  }

  private resurrect(copy: CopyId, by: string): void {
    const { copies, ledger } = this.world;
    const state = this.states.find((each) => each.id === copies.queue[copy])!;
    ledger.rewound(copy, this.durability.whyUndone(copy, by));
    if (this.durability.isAltered(copy)) alteredOnDisk(this.world, copy, this.durability.whyLost(copy, by));
    copies.removedInLog[copy] = 0;
    state.ready.giveBack(copy, 'original');
  }
}

/** From the newest to the oldest, each goes in front of the one before, so that no place has to be searched. */
export function inReturnOrder(subscription: Subscription, world: World): ReturnType<Subscription['unsettled']> {
  const unsettled = subscription.unsettled(world.deliveries);
  return subscription.queue.spec.requeue === 'tail' ? unsettled : unsettled.reverse();
}
