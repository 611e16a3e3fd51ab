/**
 * What of a queue is on the disks of its nodes, as a backup takes it and a restore gives it back. A copy that is still in its queue
 * stays what it is; one that has left it comes back as a copy of its own.
 */
import type { BackupKind, LossCauses } from '../../../backup.ts';
import type { Holding } from '../../../broker.ts';
import type { CauseId } from '../../../causes.ts';
import { broughtBack, type CopyId, none, type QueueId } from '../../../message.ts';
import type { DestinationId } from '../../../protocol.ts';
import type { ReadyQueue } from '../../../ready-queue.ts';
import type { World } from '../../../world.ts';
import type { Death, DeathReason, RabbitCopies } from '../copies.ts';
import type { Turns } from '../turns.ts';

export interface SavedCopy {
  /** Held, so that its number means no other. */
  readonly copy: CopyId;
  readonly priority: number;
  readonly redelivered: number;
  readonly returns: number;
  readonly deaths: readonly Death[];
  /** It stands before those that never were delivered. */
  readonly cameBack: boolean;
  /** It waits until its dead letter arrived; why it died. */
  readonly discarded?: DeathReason;
}

export interface SavedQueue {
  /** In the order in which they would be there. */
  readonly copies: readonly SavedCopy[];
  readonly messages: number;
  /** Of a stream: its place in the replicated log. */
  readonly index?: number;
  release(): void;
}

export interface BroughtBack {
  readonly again: number;
  readonly kept: number;
}

export interface QueueDisk {
  holding(copy: CopyId): Holding;
  save(of: Exclude<BackupKind, 'definitions'>): SavedQueue;
  /** The disks of all its nodes are about to be lost. */
  losing(saved: SavedQueue | undefined, causes: LossCauses): void;
  /** They are. @returns copies that are gone */
  lost(): number;
  bringBack(saved: SavedQueue, recovery: number, cause: CauseId): BroughtBack;
}

/** What of a queue its disk looks at. */
export interface OnDisk {
  readonly id: QueueId;
  readonly ready: ReadyQueue;
  readonly turns: Turns;
}

export interface DiskHost {
  readonly world: World;
  readonly copies: RabbitCopies;
}

export function saveCopy({ world, copies }: DiskHost, copy: CopyId, cameBack = false): SavedCopy {
  world.copies.hold(copy);
  return { copy, priority: world.copies.priority[copy]!, redelivered: copies.redelivered[copy]!, returns: copies.returns[copy]!, deaths: copies.deaths(copy), cameBack };
}

/** What its consumers have not settled. */
export function heldBy({ world: { deliveries } }: DiskHost, { turns }: OnDisk): CopyId[] {
  return turns.all.flatMap((consumer) => consumer.unsettled(deliveries).map((delivery) => deliveries.copyOf(delivery)));
}

export function savedCopies({ world }: DiskHost, copies: readonly SavedCopy[]): SavedQueue {
  return { copies, messages: copies.length, release: () => { for (const { copy } of copies) world.copies.release(copy); } };
}

/** It is in its queue still. */
export function isThere({ world }: DiskHost, { copy }: SavedCopy): boolean {
  return world.ledger.buckets.of(copy) === 'ready';
}

/** The copy that stands for it from now on: itself, or a new one. */
export function takeOver(host: DiskHost, queue: QueueId, saved: SavedCopy, recovery: number, cause: CauseId): CopyId {
  const { world: { ledger }, copies } = host;
  const isKept = isThere(host, saved);
  const copy = isKept ? saved.copy : recreate(host, queue, saved, recovery);
  copies.redelivered[copy] = saved.redelivered;
  copies.returns[copy] = saved.returns;
  copies.setDeaths(copy, saved.deaths);
  if (isKept) ledger.keptByBackup(copy, cause);
  else ledger.broughtBack(copy, saved.copy, cause);
  return copy;
}

function recreate({ world: { copies, sim }, copies: known }: DiskHost, queue: QueueId, { copy: from, priority }: SavedCopy, recovery: number): CopyId {
  // A dead letter stays one.
  const attempt = copies.attempt[from] === none ? none : broughtBack;
  const copy = copies.create(copies.messageOf(from), attempt, queue, copies.size[from]!, priority, sim.now);
  known.open(copy, known.destination[from] as DestinationId, known.persistent[from] === 1);
  copies.origin[copy] = copies.origin[from]!;
  copies.position[copy] = copies.position[from]!;
  copies.expiresAt[copy] = copies.expiresAt[from]!;
  copies.recovery[copy] = recovery;
  return copy;
}
