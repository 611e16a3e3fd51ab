/** What one node says to another about a queue: more than the two integers of an event, kept until it arrives or is dropped. */
import { Fifo } from '../../../sim/fifo.ts';
import type { QueueId } from '../../message.ts';

export interface Frame {
  readonly queue: QueueId;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

export class Frames {
  private readonly frames: Frame[] = [];
  private readonly free = new Fifo();

  create(queue: QueueId, kind: number, a: number, b: number): number {
    const id = this.free.size > 0 ? this.free.shift() : this.frames.length;
    this.frames[id] = { queue, kind, a, b };
    return id;
  }

  take(id: number): Frame {
    this.free.push(id);
    return this.frames[id]!;
  }
}
