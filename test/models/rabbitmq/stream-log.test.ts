/** What a stream keeps, piece by piece: segments (osiris_log), chunks, what may be read again, and what the kernel has written back. */
import { describe, expect, it } from 'vitest';
import { PageCache, writtenBackAt } from '../../../models/brokers/rabbitmq/page-cache.ts';
import { Retention } from '../../../models/brokers/rabbitmq/stream/retention.ts';
import { type Rereading, StreamLog } from '../../../models/brokers/rabbitmq/stream/stream-log.ts';
import { Messages, type PublisherId } from '../../../models/message.ts';
import type { DestinationId } from '../../../models/protocol.ts';

const unlimited = { segmentBytes: 100, bytesMax: Infinity, ageMax: Infinity };

/** A chunk of one message of 50 bytes at each of these seconds. */
function retained(rules: Partial<typeof unlimited>, seconds: readonly number[]): number {
  const retention = new Retention({ ...unlimited, ...rules });
  seconds.forEach((second, offset) => {
    retention.chunkBegins(offset, second);
    retention.added(50, second);
  });
  return retention.first;
}

describe('segments', () => {
  const six = [1, 2, 3, 4, 5, 6, 7];

  it.each<[string, Partial<typeof unlimited>, number]>([
    ['without a limit all stay', {}, 0],
    ['two full ones fit beside the new one', { bytesMax: 200 }, 2],
    ['one fits', { bytesMax: 199 }, 4],
    ['none fits, and the one that is written to stays', { bytesMax: 1 }, 6],
    ['those whose last chunk is older go', { ageMax: 4 }, 2],
    ['one that is as old as it may be stays', { ageMax: 5 }, 0],
    ['all are too old but the one that is written to', { ageMax: 0 }, 6],
    ['the stricter of two limits holds', { bytesMax: 199, ageMax: 5 }, 4],
  ])('%s', (_, rules, first) => {
    expect(retained(rules, six)).toBe(first);
  });

  it('are full with 256 000 chunks, however small', () => {
    expect(retained({ segmentBytes: Infinity, bytesMax: 1 }, Array.from({ length: 256_001 }, (__, offset) => offset))).toBe(256_000);
  });

  it('shrink when what was committed is gone', () => {
    const retention = new Retention({ ...unlimited, bytesMax: 100 });
    for (let offset = 0; offset < 3; offset++) {
      retention.chunkBegins(offset, offset);
      retention.added(50, offset);
    }
    retention.cut(1, 100);
    // One of 50 bytes is left, so that another fits in its segment, and both beside the next.
    for (let offset = 1; offset < 3; offset++) {
      retention.chunkBegins(offset, 10);
      retention.added(50, 10);
    }
    expect(retention.first).toBe(0);
    retention.cut(0, 150);
    expect(retention.first).toBe(0);
  });
});

describe('a log', () => {
  function log(rereading: Rereading, times: readonly number[]) {
    const messages = new Messages();
    const written = new StreamLog(messages, rereading, unlimited);
    times.forEach((at, index) => {
      const message = messages.create(0 as PublisherId, index, index, -1, 50, 0, at);
      written.append({ message, destination: 0 as DestinationId, bytes: 50, origin: undefined, at, index: index + 1 });
      messages.release(message);
    });
    return { written, messages };
  }

  it('has what came at one instant as a chunk, as far as a batch goes', () => {
    expect(log('all', [1, 1, 2, 3, 3]).written.lastChunk).toBe(3);
    expect(log('all', new Array<number>(8193).fill(1)).written.lastChunk).toBe(8192);
  });

  it('holds what somebody may read again', () => {
    expect((['all', 'last chunk', 'nothing'] as const).map((rereading) => log(rereading, [1, 2, 3, 3]).messages.alive)).toEqual([4, 2, 0]);
  });

  it('is found in by time', () => {
    const { written } = log('all', [1, 2, 2, 3]);
    expect([0, 1, 2, 3, 4].map((at) => written.since(at))).toEqual([0, 0, 1, 3, 4]);
  });

  it('goes back, and lets go of what is gone', () => {
    const { written, messages } = log('all', [1, 2, 3, 4]);
    expect(written.rolledBack(2)).toBe(2);
    expect([written.end, messages.alive]).toEqual([2, 2]);
    expect(written.rolledBack(2)).toBe(2);
    const unheld = log('nothing', [1, 2, 3, 4]);
    expect([unheld.written.rolledBack(3), unheld.messages.alive]).toEqual([3, 0]);
  });

  it('has room again for what is gone', () => {
    const messages = new Messages();
    const written = new StreamLog(messages, 'all', { ...unlimited, bytesMax: 100 });
    let index = 0;
    const append = (count: number): void => {
      for (; count > 0; count--) {
        const message = messages.create(0 as PublisherId, index, index, -1, 50, 0, index);
        written.append({ message, destination: 0 as DestinationId, bytes: 50, origin: undefined, at: ++index, index });
      }
    };
    append(4);
    written.rolledBack(1);
    index = 1;
    // Two fill the segment again, and two another: both fit beside the next.
    append(3);
    expect([written.first, written.end]).toEqual([0, 4]);
    append(1);
    expect(written.first).toBe(2);
  });

  it('forgets places that nothing can be lost from, unless somebody reads there', () => {
    const read = log('all', [1, 2, 3, 4]).written;
    read.forget(3);
    expect(read.at(0).index).toBe(1);
    const unread = log('nothing', [1, 2, 3, 4]).written;
    unread.forget(3);
    expect(unread.at(3).index).toBe(4);
    expect(unread.rolledBack(0)).toBe(3);
  });
});

describe('the kernel', () => {
  const second = 1e9;

  it('looks every 5 s for what is 30 s old', () => {
    expect([0, 1, 4, 5, 5.5].map((at) => writtenBackAt(at * second) / second)).toEqual([30, 35, 35, 35, 40]);
  });

  it('has on disk what was written by then, as far as it was not cut since', () => {
    const pages = new PageCache();
    pages.written(5, 1 * second);
    pages.written(7, 2 * second);
    pages.written(9, 6 * second);
    expect([34, 35, 39, 40].map((at) => pages.durable(at * second))).toEqual([0, 7, 7, 9]);
    pages.cut(8);
    expect(pages.durable(41 * second)).toBe(8);
    pages.written(20, 42 * second);
    pages.cut(12);
    expect([pages.durable(70 * second), pages.durable(75 * second)]).toEqual([8, 12]);
    pages.replaced(30);
    expect(pages.durable(0)).toBe(30);
  });
});
