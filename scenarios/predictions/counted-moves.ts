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
  for (let deliveries = 0; deliveries <= deliveriesTold; deliveries++) addRound(add, lives, deliveries, stored);
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

/** What copies did that had been delivered so often. */
function addRound(add: Add, lives: Lives, deliveries: number, stored: number): void {
  const round = Math.min(deliveries, roundsTold);
  const waiting = readyState(round);
  // The delivery counts as soon as it is sent.
  const sent = deliveries < deliveriesTold ? lives.count(ready, inFlight, deliveries + 1) : 0;
  const came = deliveries === 0 ? stored : lives.count(inFlight, ready, deliveries);
  const undone = lives.count(acknowledged, ready, deliveries) + lives.count(deadLettered, ready, deliveries);
  const expired = lives.count(ready, deadLettered, deliveries);
  const gone = lives.count(ready, dropped, deliveries);
  add(waiting, deliveryState(Math.min(deliveries + 1, roundsTold)), sent);
  add(waiting, 'dead-lettered', expired);
  add(waiting, 'lost', gone);
  add(waiting, 'unfinished', came + undone - sent - expired - gone);
  if (deliveries === 0) return;
  const delivered = deliveryState(round);
  const to = (bucket: number): number => lives.count(inFlight, bucket, deliveries);
  add(delivered, 'acknowledged', to(acknowledged) - lives.count(acknowledged, ready, deliveries) - lives.count(acknowledged, dropped, deliveries));
  add(delivered, readyState(round), to(ready) + lives.count(acknowledged, ready, deliveries));
  add(delivered, 'dead-lettered', to(deadLettered));
  add(delivered, 'lost', to(dropped) + lives.count(acknowledged, dropped, deliveries));
  add(delivered, 'unfinished', lives.count(ready, inFlight, deliveries) - to(acknowledged) - to(ready) - to(deadLettered) - to(dropped));
}
