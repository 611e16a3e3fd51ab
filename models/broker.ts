/** A running broker. It imports nothing of the world, so that the world may hold it. */
import type { Bytes } from '../sim/units.ts';
import type { Restorable } from './backup.ts';
import type { PolicyChange } from './brokers/rabbitmq/settings.ts';
import type { QueueChange } from './brokers/work-queue/settings.ts';
import type { CauseId } from './causes.ts';
import type { CopyId, QueueId } from './message.ts';
import type { NodeId, Resident } from './node.ts';
import type { BrokerPort } from './protocol.ts';
import type { Slowness } from './slowness.ts';

/** Where a copy is at this instant: its nodes, by whether a loss of their power would leave it. */
export interface Holding {
  readonly synced: readonly NodeId[];
  readonly unsynced: readonly NodeId[];
  /** What its queue claims of a copy whose publish it confirms: on so many disks, and on so many nodes. */
  readonly claimed: { readonly disks: number; readonly nodes: number };
}

/** What a queue promises as configured; the ledger's judges ask for it. Where limits are changed in the midst of a run, the loosest so far hold. */
export interface QueueGuarantees {
  readonly queue: QueueId;
  /** A copy is delivered at most this often. */
  readonly deliveriesMax: number;
  /** So many may be ready in it, and so many bytes; Infinity is none. */
  readonly lengthMax: number;
  readonly bytesMax: Bytes;
  /** One consumer alone is served at a time. */
  readonly isExclusive: boolean;
  /** Where its dead letters go. */
  readonly deadLetter: QueueId | undefined;
  /** What nobody takes becomes a dead letter after a while: it does not rest there. */
  readonly expires: boolean;
  holding(copy: CopyId): Holding;
}

/** Something that changes what a user may do, until it is taken back under the same name. */
export interface Change {
  /** The fault. */
  readonly by: string;
  /** Called at each refusal that comes of it. */
  readonly onRefused: () => void;
}

/** Permissions that a user has instead of its own; those that are not said stay. */
export interface Restriction {
  readonly configure?: string | undefined;
  readonly write?: string | undefined;
  readonly read?: string | undefined;
}

/** What faults change about users, who have to be there. */
export interface UserKnobs {
  /** The credential that its clients have is refused, until undefined gives it back. */
  rotateCredential(user: string, name: string, change: Change | undefined): void;
  /** It has other permissions, or none at all. */
  restrict(user: string, name: string, change: (Change & { readonly to: Restriction | undefined }) | undefined): void;
}

/** A node that is drained takes no connections, closes those that it has, and leads nothing that others can lead. */
export interface Maintenance {
  /** @param by who drains it, until it is revived by the same or starts again */
  drain(node: NodeId, by: string, cause: CauseId): void;
  revive(node: NodeId, by: string): void;
}

/** What faults turn of a disk. */
export interface BrokerDisk {
  /** Of its writes and syncs. */
  readonly slowness: Slowness;
  /** No more than that is free on it, until the same name gives it back (undefined). Left out where nobody looks at that. */
  fill?(name: string, free: Bytes | undefined): void;
  /** A bit of a copy's record is not what was written. False of one that is not on it; left out where a recovery is not modelled down to that. */
  flip?(copy: CopyId, cause: CauseId): boolean;
}

/** Told how many messages it was that are thrown away, when it is done; not at all where nobody can do it. */
type OnDone = (messages: number) => void;

/** What an operator does to queues. Left out is what a broker has not. */
export interface Operator {
  /** What is ready in a queue is thrown away; what consumers hold stays. */
  purge(queue: QueueId, cause: CauseId, onDone: OnDone): void;
  /** A queue is gone with all that is in it, and its consumers are cancelled. */
  delete?(queue: QueueId, cause: CauseId, onDone: OnDone): void;
  /** What was deleted for that cause is declared again. */
  declare?(queue: QueueId, cause: CauseId): void;
  /** A policy of RabbitMQ applies besides those of the settings, until undefined takes it back. @returns queues of which something changed */
  setPolicy?(by: string, policy: PolicyChange | undefined): number;
  /** Settings of a queue are others, until undefined takes them back. */
  configure?(queue: QueueId, by: string, settings: QueueChange | undefined): void;
  /** Who leads a queue hands over to another member. False where nobody leads, or nobody else could. */
  transferLeadership?(queue: QueueId): boolean;
}

export interface Broker extends Resident {
  /** Undefined where nodes cannot be drained. */
  readonly maintenance?: Maintenance;
  /** Undefined where everybody may do everything. */
  readonly users?: UserKnobs | undefined;
  readonly port: BrokerPort;
  readonly nodes: readonly NodeId[];
  readonly queues: readonly QueueId[];
  guarantees(): readonly QueueGuarantees[];
  /** Copies still inside, ready or in flight: one side of the balance, of which the ledger has the other. */
  held(): number;
  /** Nothing is being written, synced or confirmed, and no publisher is held back. */
  isIdle(): boolean;
  /** The disk of one of its nodes. */
  diskOf(node: NodeId): BrokerDisk;
  /** What an operator orders. */
  readonly operator: Operator;
  /** Of a node: bytes in its memory. */
  memoryUsed(node: NodeId): Bytes;
  /** What of it can be backed up, and restored onto new disks. */
  readonly restorable: Restorable;
}
