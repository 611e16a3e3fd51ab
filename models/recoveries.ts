/**
 * Backups that were taken, and recoveries from them: what each cost, as it is told in the result.
 *
 * The recovery point is the instant that the restored state stands for; how long before the loss it lies is what a recovery point
 * objective (RPO) bounds. What that cost is counted in confirmed messages that were never handled. The recovery time, from the loss until
 * the broker serves again, is what a recovery time objective (RTO) bounds; until the backlog is drained it takes longer.
 */
import type { Simulation } from '../sim/simulation.ts';
import type { Bytes, Nanos } from '../sim/units.ts';
import type { BackupKind, LossCauses, Restorable, Saved } from './backup.ts';
import { marks } from './branches.ts';
import type { Broker } from './broker.ts';
import { inFlight, ready } from './buckets.ts';
import type { CauseId } from './causes.ts';
import type { Judge } from './judge.ts';
import type { Ledger } from './ledger.ts';
import { type DeliveryId, type MessageId, none, type QueueId } from './message.ts';

export interface TakenBackup {
  /** The strike of the fault that took it. */
  readonly key: string;
  readonly broker: string;
  readonly of: BackupKind;
  readonly takenAt: Nanos;
  readonly messages: number;
  readonly bytes: Bytes;
  /** Undefined while it is copied, and for ever when the disks were lost meanwhile. */
  finishedAt: Nanos | undefined;
  /** Undefined for definitions, and once a later one took its place. */
  saved: Saved | undefined;
}

export interface Recovery {
  readonly key: string;
  readonly broker: string;
  /** What it is made from; undefined: there was nothing. */
  readonly backup: TakenBackup | undefined;
  /** Of what was lost with the disks, and of what the backup has. */
  readonly cause: CauseId;
  readonly source: CauseId;
  readonly lostAt: Nanos;
  /** Copies that were lost with the disks; that were in the backup and had left; that were in it and there still. */
  gone: number;
  again: number;
  kept: number;
  /** The backup was on the new disks, and nodes began to start. */
  startedAt: Nanos | undefined;
  servesAt: Nanos | undefined;
  /** Everything that was published before it served again had been handled, and nothing was ready any more. */
  drainedAt: Nanos | undefined;
  /** The measured phase ended before the operator was through: its times are too short. */
  isCut: boolean;
  /** Confirmed messages that were never handled, since they were lost with the disks; those of them published before the backup; when the oldest was. */
  lost: number;
  lostBefore: number;
  oldestLost: Nanos;
  /** Effects that what came back had beyond the first of its message, and those that an idempotency store held back. */
  duplicates: number;
  heldBack: number;
}

export class Recoveries {
  readonly judge: Judge = { handled: (delivery, effects) => this.handled(delivery, effects), closed: (message) => this.closed(message) };
  readonly backups: TakenBackup[] = [];
  readonly all: Recovery[] = [];
  private readonly sim: Simulation;
  private readonly ledger: Ledger;
  private readonly brokers: ReadonlyMap<string, Broker>;

  constructor(sim: Simulation, ledger: Ledger, brokers: ReadonlyMap<string, Broker>) {
    this.sim = sim;
    this.ledger = ledger;
    this.brokers = brokers;
  }

  // ---- backups

  begun(key: string, broker: string, of: BackupKind, saved: Saved | undefined): TakenBackup {
    const { messages, bytes } = saved ?? { messages: 0, bytes: 0 };
    const backup: TakenBackup = { key, broker, of, takenAt: this.sim.now, messages, bytes, finishedAt: undefined, saved };
    this.backups.push(backup);
    return backup;
  }

  /** It can be restored from now on. Older ones with messages are not needed any more. */
  finished(key: string): void {
    const backup = this.backups.find((each) => each.key === key);
    if (backup === undefined || this.isVoid(backup)) return;
    backup.finishedAt = this.sim.now;
    if (backup.of === 'definitions') return;
    for (const each of this.backups) if (each !== backup && each.broker === backup.broker && each.finishedAt !== undefined) this.letGo(each);
  }

  /** Nobody goes on copying it. */
  abandoned(key: string): void {
    const backup = this.backups.find((each) => each.key === key);
    if (backup !== undefined) this.letGo(backup);
  }

  /** The most recent one with messages, or at least with definitions. */
  private latest(broker: string): TakenBackup | undefined {
    const usable = this.backups.filter((each) => each.broker === broker && each.finishedAt !== undefined);
    return usable.findLast(({ saved }) => saved !== undefined) ?? usable.at(-1);
  }

  /** What was being copied went with the disks. */
  private isVoid({ broker, takenAt }: TakenBackup): boolean {
    return this.all.some((recovery) => recovery.broker === broker && recovery.lostAt >= takenAt);
  }

  private letGo(backup: TakenBackup): void {
    backup.saved?.release();
    backup.saved = undefined;
  }

  // ---- recoveries

  isBeingRestored(broker: string): boolean {
    return this.all.some((each) => each.broker === broker && each.startedAt === undefined);
  }

  /** The disks of a broker are lost now. @returns nodes that were up */
  lost(key: string, broker: string, restorable: Restorable, causes: LossCauses): number {
    const backup = this.latest(broker);
    const recovery: Recovery = {
      key, broker, backup, cause: causes.loss, source: this.ledger.causes.of('backup', faultOf(backup?.key ?? key)), lostAt: this.sim.now, gone: 0, again: 0, kept: 0, startedAt: undefined, servesAt: undefined, drainedAt: undefined, isCut: false,
      lost: 0, lostBefore: 0, oldestLost: Infinity, duplicates: 0, heldBack: 0,
    };
    this.all.push(recovery);
    const { nodes, gone } = restorable.loseDisks(backup?.saved, key, causes);
    recovery.gone = gone;
    for (const each of this.backups) if (each.broker === broker && each.finishedAt === undefined) this.letGo(each);
    return nodes;
  }

  /** The new disks have what the backup has. */
  restored(recovery: Recovery, restorable: Restorable, isCut: boolean): void {
    const { backup, key, source } = recovery;
    const { again, kept } = restorable.bringBack(backup?.saved, this.all.indexOf(recovery), key, source);
    Object.assign(recovery, { again, kept, isCut, startedAt: this.sim.now });
    restorable.onServing = () => this.served(recovery.broker, restorable);
  }

  /** That of an earlier loss ends with it, too. */
  private served(broker: string, restorable: Restorable): void {
    if (!restorable.isServing) return;
    for (const recovery of this.all.filter((each) => each.broker === broker && each.servesAt === undefined)) {
      recovery.servesAt = this.sim.now;
      this.lookAtBacklog(recovery);
    }
    restorable.onServing = () => {};
  }

  // ---- what became of messages

  private handled(delivery: DeliveryId, effects: number): void {
    const { copies, deliveries, messages } = this.ledger;
    const copy = deliveries.copyOf(delivery);
    const number = copies.recovery[copy]!;
    if (number !== none) {
      if (effects > 1) this.all[number]!.duplicates++;
      else if (effects === 0) this.all[number]!.heldBack++;
    }
    for (const recovery of this.all) {
      const { servesAt, broker } = recovery;
      if (servesAt === undefined || !this.isOf(broker, copies.queue[copy] as QueueId)) continue;
      const isFirst = effects === 1 || this.all[number] === recovery;
      // What had waited is still being handled: the backlog was not drained before.
      if (isFirst && messages.createdAt[copies.messageOf(copy)]! <= servesAt) recovery.drainedAt = undefined;
      if (recovery.drainedAt === undefined) this.lookAtBacklog(recovery);
    }
  }

  private lookAtBacklog(recovery: Recovery): void {
    const { queues } = this.brokers.get(recovery.broker)!;
    const isEmpty = queues.every((queue) => this.ledger.queues[queue]!.parking || this.ledger.queues[queue]!.ready.value === 0);
    if (isEmpty) recovery.drainedAt = this.sim.now;
  }

  private closed(message: MessageId): void {
    const { branches, messages } = this.ledger;
    if (!this.ledger.isConfirmed(message)) return;
    const losses = new Set<Recovery>();
    for (let branch = 0; branch < branches.count(message); branch++) {
      const loss = branches.lastLoss(message, branch);
      if (loss === undefined || branches.effects(message, branch) > 0 || branches.has(message, branch, marks.held)) continue;
      const recovery = this.all.find(({ cause, lostAt }) => cause === loss.cause && lostAt === loss.at);
      if (recovery !== undefined) losses.add(recovery);
    }
    for (const recovery of losses) {
      const createdAt = messages.createdAt[message]!;
      recovery.lost++;
      if (recovery.backup !== undefined && createdAt <= recovery.backup.takenAt) recovery.lostBefore++;
      recovery.oldestLost = Math.min(recovery.oldestLost, createdAt);
    }
  }

  /** At the end of a run: something that was published before the broker served again is still there. */
  isBehind({ broker, servesAt }: Recovery): boolean {
    const { copies, messages, buckets } = this.ledger;
    for (const copy of copies.ids()) {
      const bucket = buckets.numberOf(copy);
      const isWork = (bucket === ready || bucket === inFlight) && !buckets.queueOf(copy).parking;
      if (isWork && this.isOf(broker, copies.queue[copy] as QueueId) && messages.createdAt[copies.messageOf(copy)]! <= servesAt!) return true;
    }
    return false;
  }

  /** The recovery that something with that cause happened in: the last one by then. */
  behind(cause: CauseId): Recovery | undefined {
    return this.all.findLast((each) => each.cause === cause || each.source === cause);
  }

  private isOf(broker: string, queue: QueueId): boolean {
    return this.brokers.get(broker)!.queues.includes(queue);
  }
}

/** F2 of F2.1: which fault a strike is of. */
export function faultOf(key: string): string {
  return key.slice(0, key.lastIndexOf('.'));
}
