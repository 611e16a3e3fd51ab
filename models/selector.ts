/** Which messages a setting or a fault is about. */
import { z } from 'zod';
import { hashName } from '../sim/fingerprint.ts';
import type { MessageId } from './message.ts';
import { count, oneKeyOf, probability } from './settings.ts';
import type { World } from './world.ts';

/** nth and every count the messages of one producer from 1; a probability is decided once for a message, not for a delivery. */
export const selectorSchema = oneKeyOf({
  nth: count().transform((value) => ({ value })),
  every: count().transform((value) => ({ value })),
  key: z.int().min(0).transform((value) => ({ value })),
  probability: probability().transform((value) => ({ value })),
});
export type Selector = z.output<typeof selectorSchema>;

/**
 * @param purpose what the selector is for: tells apart the choices that are made of one message
 * A probability compares a hash of the message with it, so that every delivery finds the same answer. The hash is of the
 * seed and of names, so that another component changes nothing.
 */
export function selects(selector: Selector, world: World, message: MessageId, purpose: string): boolean {
  const { messages, seed, publisherNames } = world;
  switch (selector.kind) {
    case 'nth':
      return messages.ordinal[message] === selector.value;
    case 'every':
      return messages.ordinal[message]! % selector.value === 0;
    case 'key':
      return messages.key[message] === selector.value;
    case 'probability':
      return spread(hashName(`${seed}/${purpose}/${publisherNames[messages.publisher[message]!]}`), messages.ordinal[message]!) < selector.value;
  }
}

/** A number in [0, 1) that looks random and depends on its arguments only (the finaliser of MurmurHash3). */
function spread(salt: number, ordinal: number): number {
  let hash = Math.imul(salt, 0x9e3779b1) ^ Math.imul(ordinal | 0, 0x85ebca6b) ^ ((ordinal / 4_294_967_296) | 0);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
