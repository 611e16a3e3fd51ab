/**
 * Length limits of quorum queues that refuse: channels are told one hop after the queue went above its limit, and again when it is
 * well below, so that a queue holds more than its limit (rabbit_fifo `evaluate_limit`, recorded at 3.10.8).
 */
import type { EventType } from '../../../sim/simulation.ts';
import type { QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { Peers } from '../../peers.ts';
import { overhead } from '../../protocol.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { QueueRules } from './routing/queue-rules.ts';

/** A queue that refused publishes takes them again at this share of its limit (`LOW_LIMIT`). */
const lowLimit = 0.8;

/** A queue with what counts towards its limit. */
export interface Limited {
  readonly id: QueueId;
  readonly rules: QueueRules;
  readonly counted: number;
  readonly countedBytes: Bytes;
}

export class QuorumRefusals {
  /** Nodes whose channels were told to refuse publishes. */
  private readonly refusing = new Set<NodeId>();
  private isOver = false;
  private readonly queue: Limited;
  private readonly peers: Peers;
  private readonly told: EventType<QueueId, NodeId>;

  constructor(queue: Limited, peers: Peers, told: EventType<QueueId, NodeId>) {
    this.queue = queue;
    this.peers = peers;
    this.told = told;
  }

  isRefusedAt(node: NodeId): boolean {
    return this.refusing.has(node);
  }

  /** Something was applied: the limit is looked at again. */
  look(leader: NodeId, nodes: readonly NodeId[]): void {
    const { rules, counted, countedBytes } = this.queue;
    if (rules.overflow === 'drop-head') return;
    const isAbove = counted > rules.maxLength || countedBytes > rules.maxBytes;
    const isBelow = counted <= lowLimit * rules.maxLength && countedBytes <= lowLimit * rules.maxBytes;
    if (this.isOver ? !isBelow : !isAbove) return;
    this.isOver = !this.isOver;
    for (const node of nodes) this.tell(leader, node);
  }

  tell(leader: NodeId, channels: NodeId): void {
    if (this.refusing.has(channels) !== this.isOver) this.peers.send(leader, channels, overhead.reply, this.told, this.queue.id, channels);
  }

  onTold(node: NodeId): void {
    if (this.isOver) this.refusing.add(node);
    else this.refusing.delete(node);
  }

  /** Its channels are gone, and what they were told with them. */
  crashed(node: NodeId): void {
    this.refusing.delete(node);
  }
}
