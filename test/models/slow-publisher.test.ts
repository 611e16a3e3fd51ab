import { describe, expect, it } from 'vitest';
import { told } from './small-system.ts';

const lifecycle = { states: { slow: { serviceFactor: 3 } }, rates: {} };
const serialise = { perMessage: '1ms', perByte: '1us' };

describe('a publisher that is slow', () => {
  it('serialises slowly', () => {
    const producer = { messages: 1, size: '1000B', serialise };
    expect(told({ producer }, 'sent')).toEqual(['12 sent 1']);
    expect(told({ producer: { ...producer, lifecycle } }, 'sent')).toEqual(['16 sent 1']);
  });

  it('serialises slowly what it publishes onward', () => {
    const consumer = { service: '5ms', publish: [{ to: 'mq/next', size: '1000B', serialise }] };
    const sent = (more: object) => told({ queues: { next: {} }, producer: { messages: 1 }, consumer: { ...consumer, ...more } }, 'sent');
    // Published at 10, there at 12; 5 ms of work and 2 ms of serialising, and three times that.
    expect(sent({})).toEqual(['10 sent 1', '19 sent workers.0-1']);
    expect(sent({ lifecycle })).toEqual(['10 sent 1', '33 sent workers.0-1']);
  });
});
