/**
 * What formulas, checks and warnings may know of a broker, whichever it is: the nearest generic work queue. What is different
 * about it is said in words, so that nobody takes a prediction for more than it is.
 */
import type { Nanos } from '../../sim/units.ts';
import type { Destination } from '../protocol.ts';
import type { QueueSpec, WorkQueueSpec } from './work-queue/settings.ts';

/** A queue would be led twice, after so many nanoseconds without a word between its nodes. */
export interface UnmodelledSplit {
  readonly queue: string;
  /** Infinity where partitions are modelled. */
  readonly partition: Nanos;
  readonly pause: Nanos;
}

/** What can go wrong with disks: kinds of faults, and `unsynced` of a crash. */
export const diskFaults = ['unsynced', 'torn-write', 'io-error', 'bit-flip', 'misdirected-write'] as const;
export type DiskFault = (typeof diskFaults)[number];

/** What an operator may order of a queue: kinds of faults. */
export const queueOrders = ['purge', 'queue-change', 'queue-delete', 'leadership-transfer'] as const;
export type QueueOrder = (typeof queueOrders)[number];

export interface BrokerView extends Pick<WorkQueueSpec, 'storage' | 'processing' | 'backpressure' | 'recovery'> {
  readonly nodes: number;
  /** Its work takes time, besides that of its disk. */
  readonly canBeSlowed: boolean;
  /** It knows what a process does that is told to stop, or to drain first. */
  readonly stopsInOrder: boolean;
  /** It looks at how much of its disk is free. */
  readonly looksAtDisk: boolean;
  /** It reads a wall clock. */
  readonly readsClock: boolean;
  /** Its connections are encrypted: it has a certificate. */
  readonly speaksTls: boolean;
  /** It knows what it does then. */
  readonly diskFaults: readonly DiskFault[];
  /** Where nodes that do not see each other for that long would come to what is not modelled; undefined where all of it is. */
  readonly unmodelledSplit: UnmodelledSplit | undefined;
  readonly queues: Readonly<Record<string, QueueSpec>>;
  /** Queues that are logs: each worker reads all of one. */
  readonly logs: readonly string[];
  /** Settings of its queues come from policies, which can be set while they are in use. */
  readonly hasPolicies: boolean;
  /** What can be ordered of a queue. */
  readonly orders: Readonly<Record<string, readonly QueueOrder[]>>;
  /** Names besides those of queues that can be published to. */
  readonly exchanges: readonly string[];
  /** Queues that a publish to an exchange goes to. */
  routes(to: Destination): readonly string[];
  /** How it differs from what is said here, where that changes waiting times. */
  readonly unlike: readonly string[];
}
