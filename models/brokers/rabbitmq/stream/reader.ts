/** Who reads a stream: each worker for itself, from where it says whenever it connects. */
import type { Nanos } from '../../../../sim/units.ts';
import type { Copies, CopyId, QueueId } from '../../../message.ts';
import type { OffsetSpec } from '../../../offset.ts';
import { ReadyQueue } from '../../../ready-queue.ts';
import type { Subscriber } from '../../../world.ts';
import type { Consumer } from '../consumer.ts';
import type { Rereading, StreamLog } from './stream-log.ts';

export class StreamReader {
  readonly worker: number;
  /** What its group reads is one branch of each message. */
  readonly branch: QueueId;
  /** What it has not read, by offset. */
  readonly unread: ReadyQueue;
  /** Its subscription, while it is there. */
  consumer: Consumer | undefined;
  private readonly subscriber: Subscriber | undefined;

  /** @param subscriber undefined: nobody reads it, and what comes waits for ever */
  constructor(copies: Copies, worker: number, branch: QueueId, subscriber: Subscriber | undefined) {
    this.worker = worker;
    this.branch = branch;
    this.unread = new ReadyQueue(copies, 1);
    this.subscriber = subscriber;
  }

  get rereading(): Rereading {
    return rereadingOf(this.subscriber?.offset ?? 'next');
  }

  /** Where it begins when it connects now; an offset that is not there any more, or not yet, is the nearest one (rabbitmq.com/docs/streams). */
  startOf(log: StreamLog, now: Nanos): number {
    const offset = this.subscriber!.offset ?? 'next';
    if (offset === 'next') return log.end;
    if (offset === 'first') return log.first;
    if (offset === 'last') return Math.max(log.first, log.lastChunk);
    if (typeof offset === 'object') return log.since(now - offset.since);
    const wanted = offset === 'stored' ? this.subscriber!.handledUpTo + 1 : offset;
    return Math.min(Math.max(wanted, log.first), log.end);
  }

  /** What stands before that offset and was not read. */
  unreadBefore(offset: number, copies: Copies): CopyId[] {
    return this.unread.all().filter((copy) => copies.position[copy]! < offset);
  }

  unreadFrom(offset: number, copies: Copies): CopyId[] {
    return this.unread.all().filter((copy) => copies.position[copy]! >= offset);
  }
}

function rereadingOf(offset: OffsetSpec): Rereading {
  if (offset === 'last') return 'last chunk';
  return offset === 'next' || offset === 'stored' ? 'nothing' : 'all';
}

/** What a stream has to keep so that all its readers can. */
export function rereadingOfAll(readers: readonly StreamReader[]): Rereading {
  const wanted = new Set(readers.map(({ rereading }) => rereading));
  return wanted.has('all') ? 'all' : wanted.has('last chunk') ? 'last chunk' : 'nothing';
}
