/**
 * A channel that misses a queue's node nacks what that queue had not answered (rabbit_queue_type `handle_down`, rabbit_channel
 * `send_confirms_and_nacks`, 3.10 to 4.3). That says nothing of whether the message was stored: a durable queue has it again.
 */
import { expect, it } from 'vitest';
import { order, run } from './cluster-system.ts';

const producer = { messages: 1, confirm: { timeout: '50s' } };
/** It is stored at 10 ms and synced a millisecond later; before that its node is stopped, which writes it. */
const stopped = (target: string) => [{ kind: 'stop', target, at: '10500us', for: '1s' }] as const;

it('a nack of a queue whose node went away leaves the outcome unknown', () => {
  const { lines, system } = run({ broker: { nodes: 2 }, jobs: { node: 1 }, producer, faults: stopped('mq.1') }, 'stored', 'refusal-received');
  expect(order(lines)).toEqual(['stored 1', 'refusal-received 1 (unavailable)']);
  expect(system.world.ledger.totals).toMatchObject({ refused: 0, unknown: 1, handled: 0 });
});

it('what it had stored takes effect afterwards', () => {
  // The consumer came first, to mq.0, and the producer to mq.1.
  const consumers = { workers: { subscribe: 'mq/jobs', service: '5ms' } };
  const { lines, system } = run({ broker: { nodes: 2 }, producer, consumers, faults: stopped('mq.0') }, 'refusal-received', 'acknowledged');
  expect(order(lines)).toEqual(['refusal-received 1 (unavailable)', 'acknowledged 1']);
  expect(system.world.ledger.totals).toMatchObject({ refused: 0, unknown: 1, handled: 1 });
});

it('a full queue refuses for good', () => {
  const { lines, system } = run({ jobs: { arguments: { 'x-max-length': 0, 'x-overflow': 'reject-publish' } }, producer }, 'refusal-received');
  expect(order(lines)).toEqual(['refusal-received 1 (full)']);
  expect(system.world.ledger.totals).toMatchObject({ refused: 1, unknown: 0 });
});
