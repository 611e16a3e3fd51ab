/**
 * What formulas, checks and warnings may know of a broker, whichever it is: the nearest generic work queue. What is different
 * about it is said in words, so that nobody takes a prediction for more than it is.
 */
import type { Destination } from '../protocol.ts';
import type { QueueSpec, WorkQueueSpec } from './work-queue/settings.ts';

export interface BrokerView extends Pick<WorkQueueSpec, 'storage' | 'processing' | 'backpressure' | 'recovery'> {
  readonly nodes: number;
  /** Its work takes time, besides that of its disk. */
  readonly canBeSlowed: boolean;
  /** It knows what a process does that is told to stop. */
  readonly stopsInOrder: boolean;
  /** It looks at how much of its disk is free. */
  readonly looksAtDisk: boolean;
  readonly queues: Readonly<Record<string, QueueSpec>>;
  /** Queues that are logs: each worker reads all of one. */
  readonly logs: readonly string[];
  /** Names besides those of queues that can be published to. */
  readonly exchanges: readonly string[];
  /** Queues that a publish to an exchange goes to. */
  routes(to: Destination): readonly string[];
  /** How it differs from what is said here, where that changes waiting times. */
  readonly unlike: readonly string[];
}
