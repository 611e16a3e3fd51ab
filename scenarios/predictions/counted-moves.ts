/** How the messages of a queue moved from state to state, as the ledger counted it. */
import type { System } from '../../models/build.ts';
import { acknowledged, deadLettered, dropped, inFlight, ready } from '../../models/buckets.ts';
import { deliveriesTold, type Lives } from '../../models/lives.ts';
import type { QueueId } from '../../models/message.ts';

/** `moves.get(from).get(to)`: counts, or probabilities. A row without entries is not there. */
export type Moves = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Ready after so many deliveries. */
export function readyState(deliveries: number): string {
  return deliveries === 0 ? 'ready' : `ready after ${deliveries}`;
}

/** Delivered for the nth time. */
export function deliveryState(nth: number): string {
  return `delivery ${nth}`;
}

/** Deliveries told apart; all further ones are the last. */
export const roundsTold = 8;

export function countedMoves(queue: string, { world, publishers }: System): Moves {
  const id = world.ledger.queues.findIndex(({ name }) => name === queue) as QueueId;
  const { lives, stored } = world.ledger.queues[id]!;
  const moves = new Map<string, Map<string, number>>();
  const add = (from: string, to: string, count: number): void => {
    if (count <= 0) return;
    const row = moves.get(from) ?? new Map<string, number>();
    moves.set(from, row.set(to, (row.get(to) ?? 0) + count));
  };
  addPublishing(add, publishers.to(id), world.ledger.unstored);
  const inside = new Map<string, number>();
  for (let deliveries = 0; deliveries <= deliveriesTold; deliveries++) addRound(add, inside, lives, deliveries, stored);
  for (const [state, count] of inside) add(state, 'unfinished', count);
  return moves;
}

type Add = (from: string, to: string, count: number) => void;

function addPublishing(add: Add, publishers: ReturnType<System['publishers']['to']>, unstored: System['world']['ledger']['unstored']): void {
  const published = [...new Set(publishers.map(({ group }) => group))].reduce((sum, group) => sum + group.published, 0);
  const fates = publishers.map(({ id }) => unstored.of(id));
  const [refused, lost, unfinished] = (['refused', 'lost', 'unfinished'] as const).map((fate) => fates.reduce((sum, counts) => sum + counts[fate], 0)) as [number, number, number];
  add('published', readyState(0), published - refused - lost - unfinished);
  add('published', 'refused', refused);
  add('published', 'lost', lost);
  add('published', 'unfinished', unfinished);
}

/** What copies did that had been delivered so often; `inside` gathers what came to a state and did not leave it. */
function addRound(add: Add, inside: Map<string, number>, lives: Lives, deliveries: number, stored: number): void {
  const round = Math.min(deliveries, roundsTold);
  const waiting = readyState(round);
  const leave = (from: string, to: string, count: number): void => {
    add(from, to, count);
    inside.set(from, (inside.get(from) ?? 0) - count);
  };
  const come = (to: string, count: number): void => { inside.set(to, (inside.get(to) ?? 0) + count); };
  come(waiting, (deliveries === 0 ? stored : lives.count(inFlight, ready, deliveries)) + lives.count(acknowledged, ready, deliveries) + lives.count(deadLettered, ready, deliveries));
  leave(waiting, 'dead-lettered', lives.count(ready, deadLettered, deliveries));
  leave(waiting, 'lost', lives.count(ready, dropped, deliveries));
  if (deliveries === 0) return;
  const sent = lives.count(ready, inFlight, deliveries);
  // The delivery counts as soon as it is sent: it left the round before. Beyond what is told apart, it left the last round itself.
  leave(readyState(Math.min(deliveries - 1, roundsTold)), deliveryState(round), sent);
  const delivered = deliveryState(round);
  const to = (bucket: number): number => lives.count(inFlight, bucket, deliveries);
  const undone = lives.count(acknowledged, ready, deliveries);
  const undoneAndLost = lives.count(acknowledged, dropped, deliveries);
  come(delivered, sent);
  leave(delivered, 'acknowledged', to(acknowledged) - undone - undoneAndLost);
  leave(delivered, readyState(round), to(ready) + undone);
  leave(delivered, 'dead-lettered', to(deadLettered));
  leave(delivered, 'lost', to(dropped) + undoneAndLost);
}
