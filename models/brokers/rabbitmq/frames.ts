/** What one node says to another about a queue: more than the two integers of an event, kept until it arrives or is dropped. */
import { Fifo } from '../../../sim/fifo.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { AttemptId, CopyId, QueueId } from '../../message.ts';
import { overhead } from '../../protocol.ts';
import type { World } from '../../world.ts';
import { operation } from './mailbox.ts';

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

/** On the wire, from one node to another. */
export function bytesOf({ attempts, messages, copies }: World, kind: number, a: number, b: number): Bytes {
  if (kind === operation.publish) return messages.size[attempts.messageOf(a as AttemptId)]! + overhead.publish;
  if (kind === operation.letter) return copies.size[b as CopyId]! + overhead.publish;
  return kind === operation.deadLetter ? copies.size[a as CopyId]! + overhead.publish : overhead.settlement;
}
