/** What happens to copies, queues, nodes and faults: what a fault can wait for besides the moments of messages. */
import type { MessageId, QueueId } from './message.ts';
import type { NodeId } from './node.ts';

export const occurrenceNames = [
  'stored', 'redelivered', 'dead-lettered', 'dropped', 'leader-elected', 'node-down', 'node-up', 'fault-begins', 'fault-ends',
] as const;
export type OccurrenceName = (typeof occurrenceNames)[number];

/** A log that ends before what was committed: judges hear of that, and no fault waits for it. */
type Told = OccurrenceName | 'log-rolled-back';

/** What is known of one of them. */
export interface Occurrence {
  /** Where: a node of the broker, or the one that went or came. */
  readonly node?: NodeId | undefined;
  readonly queue?: QueueId;
  /** Of a leader of a replicated log. */
  readonly term?: number | undefined;
  /** Of a log: what is gone of it, in entries. */
  readonly entries?: number;
  readonly message?: MessageId;
  /** F1, F2, … */
  readonly fault?: string;
}
type Listener = (what: Occurrence) => void;

export class Occurrences {
  private readonly listeners = new Map<Told, readonly Listener[]>();

  tell(name: Told, what: Occurrence): void {
    for (const listener of this.listeners.get(name) ?? []) listener(what);
  }

  /** The returned function ends it. */
  listen(name: Told, listener: Listener): () => void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    return () => this.listeners.set(name, this.listeners.get(name)!.filter((other) => other !== listener));
  }
}
