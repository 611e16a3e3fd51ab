/**
 * What channels have asked of a quorum queue that it has not applied: above `quorum_commands_soft_limit` a publish blocks its channel, until
 * fewer are left (rabbit_fifo_client `enqueue` and `handle_ra_event` at 4.2.9; the same at 3.10.8 and 4.3.5). Settlements count, and
 * block nobody. Left out: that a channel above the limit keeps its settlements back and sends them together.
 */
import { longer } from '../../../sim/slot-store.ts';
import type { ConnectionId, QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { Brake, Flow } from './flow.ts';

export class SoftLimit implements Brake {
  readonly home: NodeId | undefined = undefined;
  /** By connection: commands that are not applied; 1 while there are too many; 1 while its channel is blocked. */
  private outstanding = new Int32Array(64);
  private isSlow = new Uint8Array(64);
  private isBlocked = new Uint8Array(64);
  private readonly queue: QueueId;
  private readonly flow: Flow;
  private readonly limit: number;
  private readonly nodeOf: (connection: ConnectionId) => NodeId;

  constructor(queue: QueueId, flow: Flow, limit: number, nodeOf: (connection: ConnectionId) => NodeId) {
    this.queue = queue;
    this.flow = flow;
    this.limit = limit;
    this.nodeOf = nodeOf;
    flow.add(queue, this);
  }

  published(connection: ConnectionId): void {
    const wasSlow = this.asked(connection);
    if (wasSlow || this.isSlow[connection] === 0 || this.isBlocked[connection] === 1) return;
    this.isBlocked[connection] = 1;
    this.flow.block(connection);
  }

  /** A channel sends a command. @returns whether too many were outstanding before */
  asked(connection: ConnectionId): boolean {
    if (connection >= this.outstanding.length) this.grow(connection);
    const wasSlow = this.isSlow[connection] === 1;
    this.isSlow[connection] = this.outstanding[connection]!++ >= this.limit ? 1 : 0;
    return wasSlow;
  }

  applied(connection: ConnectionId): void {
    if (this.outstanding[connection] === 0 || --this.outstanding[connection]! >= this.limit || this.isSlow[connection] === 0) return;
    this.isSlow[connection] = 0;
    if (this.isBlocked[connection] === 1) this.flow.release(this.nodeOf(connection), connection, this.queue);
  }

  released(connection: ConnectionId): void {
    if (this.isBlocked[connection] === 0 || this.isSlow[connection] === 1) return;
    this.isBlocked[connection] = 0;
    this.flow.unblock(connection);
  }

  forget(connection: ConnectionId): void {
    if (connection >= this.outstanding.length) return;
    this.outstanding[connection] = 0;
    this.isSlow[connection] = 0;
    this.isBlocked[connection] = 0;
  }

  private grow(connection: number): void {
    let { length } = this.outstanding;
    while (length <= connection) length *= 2;
    this.outstanding = longer(this.outstanding, length);
    this.isSlow = longer(this.isSlow, length);
    this.isBlocked = longer(this.isBlocked, length);
  }
}
