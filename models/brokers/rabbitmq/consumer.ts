/** A consumer as its queue knows it: what it may still be sent by its own prefetch, and by that of the channel that it shares. */
import type { ConnectionId, QueueId, WorkerId } from '../../message.ts';
import { Subscription } from '../../subscription.ts';
import type { ChannelLimit } from './channel-limit.ts';

export class Consumer extends Subscription<QueueId> {
  /** Of its channel: basic.qos with `global`. */
  readonly limit: ChannelLimit<Consumer> | undefined;
  /** Its channel had no room: it does not ask again before it is told to. */
  isSuspended = false;
  /** It wants nothing more, and settles what it has (basic.cancel). */
  isCancelled = false;

  constructor(
    id: number, worker: WorkerId, queue: QueueId, connection: ConnectionId, life: number, credit: number, isAutomatic: boolean, priority: number, limit: ChannelLimit<Consumer> | undefined,
  ) {
    super(id, worker, queue, connection, life, credit, isAutomatic, priority);
    this.limit = limit;
  }

  /** It may stand in line. */
  get hasRoom(): boolean {
    return this.credit > 0 && !this.isSuspended && !this.isCancelled;
  }

  /** Asked when it is its turn. Where its channel says no, it is told when to ask again. */
  maySend(): boolean {
    if (!this.hasRoom) return false;
    this.isSuspended = this.limit !== undefined && !this.limit.allows(this);
    return !this.isSuspended;
  }
}
