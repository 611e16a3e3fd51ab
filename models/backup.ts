/**
 * Backups of a broker: what of it can be set aside, and how it begins anew from that when all its disks are lost.
 *
 * A backup holds the copies that are in it, and so their messages, until a later one takes its place: what comes back is known by them.
 */
import type { Bytes } from '../sim/units.ts';
import type { CauseId } from './causes.ts';
import type { NodeId } from './node.ts';

/**
 * stopped: of nodes that are stopped in order for it; snapshot: of the disks of running nodes at one instant, which is what a loss of power
 * would leave; definitions: exchanges, queues and bindings alone.
 */
export const backupKinds = ['stopped', 'snapshot', 'definitions'] as const;
export type BackupKind = (typeof backupKinds)[number];

/** What was on the disks of all nodes of a broker. */
export interface Saved {
  /** Messages in it. */
  readonly messages: number;
  /** On the node that has the most. */
  readonly bytes: Bytes;
  /** Nobody will ask for it any more. */
  release(): void;
}

/** Why what is gone for good is gone, and what was under way. */
export interface LossCauses {
  readonly loss: CauseId;
  readonly crash: CauseId;
}

/** A broker that can be backed up and restored, all its nodes together. */
export interface Restorable {
  save(of: Exclude<BackupKind, 'definitions'>): Saved;
  /** All nodes lose their hosts and their disks. What is not in the backup is gone. @returns nodes that were up, and copies that are gone */
  loseDisks(saved: Saved | undefined, reason: string, causes: LossCauses): { readonly nodes: number; readonly gone: number };
  /** The backup is on the new disks, and nodes start. @returns copies that are there again though they had left, and that were there still */
  bringBack(saved: Saved | undefined, recovery: number, reason: string, cause: CauseId): { readonly again: number; readonly kept: number };
  /** One node loses its host and its disk, and begins anew with nothing; what no other node has is gone. False when it had lost them already. */
  wipe(node: NodeId, reason: string, causes: LossCauses): boolean;
  /** All its nodes take connections, and all its queues publishes. */
  readonly isServing: boolean;
  /** Told whenever that may have become so. */
  onServing: () => void;
}
