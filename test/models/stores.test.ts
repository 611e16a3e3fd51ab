/** Columns that are forgotten when a store grows lose what is written to them, without a word. */
import { describe, expect, it } from 'vitest';
import { Attempts, Copies, Deliveries, Messages } from '../../models/message.ts';
import { createScenario } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { driveToQuiet } from './driven.ts';
import { smallSystem } from './small-system.ts';

const many = 300;

function columnsOf(store: object): [string, number][] {
  return Object.entries(store).filter(([, column]) => ArrayBuffer.isView(column)).map(([name, column]) => [name, (column as Uint8Array).length]);
}

describe('every column grows', () => {
  const messages = new Messages();
  const attempts = new Attempts(messages);
  const copies = new Copies(messages);
  const deliveries = new Deliveries(copies);
  for (let each = 0; each < many; each++) {
    const message = messages.create(0 as never, each, each, 0, 100, 0, 0);
    attempts.create(message, 1, 0 as never, 0);
    const copy = copies.create(message, -1, 0 as never, 100, 0, 0);
    deliveries.create(copy, 0 as never, 1, 0 as never, 0, 0);
  }

  it.each(Object.entries({ messages, attempts, copies, deliveries }))('of %s', (_name, store) => {
    expect(columnsOf(store).length).toBeGreaterThan(5);
    for (const [column, length] of columnsOf(store)) expect([column, length]).toEqual([column, 512]);
  });

  it('of the books', () => {
    // All of them are in the queue at once.
    const producer = { messages: many, arrivals: { constant: { rate: '1000/s' } } } as const;
    const { system } = driveToQuiet(createScenario(smallSystem({ producer, consumer: 'none', phases: { measure: '1s', drain: '1s' } })));
    const { ledger } = system.world;
    for (const books of [ledger['outcomes'], ledger.branches, ledger.buckets]) {
      expect(columnsOf(books).length).toBeGreaterThan(0);
      for (const [column, length] of columnsOf(books)) expect([column, length >= many]).toEqual([column, true]);
    }
  });
});

it('a thousand messages under way at once come through, each once', () => {
  const producer = { messages: 1000, arrivals: { constant: { rate: '100000/s' } }, confirm: { timeout: '10s' }, retry: { fixed: { delay: '1s' } } } as const;
  const consumer = { count: 3, prefetch: 'unlimited', service: '5ms', idempotency: {} } as const;
  const parts = { broker: { storage: { sync: '500ms' } }, jobs: { lease: '1h', ttl: '1h', priorities: 2 }, producer, consumer, phases: { measure: '5s', drain: '10s' } };
  const { messages, attempts, deliveries, ended } = runScenario(createScenario(smallSystem(parts)));
  expect(messages).toMatchObject({ published: 1000, confirmed: 1000, handled: 1000, effects: 1000, duplicates: 0, deduplicated: 0 });
  expect([attempts.sent, deliveries.sent, ended.reason]).toEqual([1000, 1000, 'drained']);
});
