/** Credit of channels at a classic queue. */
import { longer } from '../../../sim/slot-store.ts';
import type { AttemptId, ConnectionId, QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { Brake, Flow } from './flow.ts';

export class QueueCredit implements Brake {
  home: NodeId;
  /** By connection: what its channel may still send, and what the queue has to take before it grants more. */
  private credit = new Float64Array(0);
  private untilMore = new Float64Array(0);
  private readonly queue: QueueId;
  private readonly flow: Flow;

  constructor(queue: QueueId, home: NodeId, flow: Flow) {
    this.queue = queue;
    this.home = home;
    this.flow = flow;
    flow.add(queue, this);
  }

  /** The queue's process is another one, on that node: all channels begin with it anew. */
  moveTo(home: NodeId): void {
    this.home = home;
    for (let connection = 0; connection < this.credit.length; connection++) this.forget(connection as ConnectionId);
  }

  /** A channel on that node sends the queue a publish. One that does not see the queue's node is told so at once, and owes it nothing. */
  sent(connection: ConnectionId, from: NodeId): void {
    if (from !== this.home && !this.flow.sees(from, this.home)) return;
    if (connection >= this.credit.length) this.grow(connection);
    if (this.credit[connection]!-- === 1) this.flow.block(connection);
  }

  /** The queue's process takes a publish out of its mailbox. */
  took(attempt: AttemptId): void {
    const connection = this.flow.publisherOf(attempt);
    if (connection === undefined || --this.untilMore[connection]! > 0) return;
    const { initial, more } = this.flow;
    this.untilMore[connection] = more;
    // What a new leader took over was sent to the old one, on that one's credit.
    if (this.credit[connection]! > 0) this.credit[connection] = Math.min(initial, this.credit[connection]! + more);
    else this.flow.release(this.home, connection, this.queue);
  }

  released(connection: ConnectionId): void {
    const { initial, more } = this.flow;
    const before = this.credit[connection]!;
    this.credit[connection] = Math.min(initial, before + more);
    if (before <= 0 && this.credit[connection]! > 0) this.flow.unblock(connection);
  }

  forget(connection: ConnectionId): void {
    if (connection >= this.credit.length) return;
    const before = this.credit[connection]!;
    this.credit[connection] = this.flow.initial;
    this.untilMore[connection] = this.flow.more;
    if (before <= 0) this.flow.unblock(connection);
  }

  private grow(connection: number): void {
    const known = this.credit.length;
    let length = Math.max(64, known);
    while (length <= connection) length *= 2;
    this.credit = longer(this.credit, length).fill(this.flow.initial, known);
    this.untilMore = longer(this.untilMore, length).fill(this.flow.more, known);
  }
}
