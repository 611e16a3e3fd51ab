/** Which messages a setting or a fault is about. */
import { z } from 'zod';
import { hashName } from '../sim/fingerprint.ts';
import type { MessageId, Messages } from './message.ts';
import { count, oneKeyOf, probability } from './settings.ts';

/** nth and every count the messages of one producer from 1; a probability is decided once for a message, not for a delivery. */
export const selectorSchema = oneKeyOf({
  nth: count().transform((value) => ({ value })),
  every: count().transform((value) => ({ value })),
  key: z.int().min(0).transform((value) => ({ value })),
  probability: probability().transform((value) => ({ value })),
});
export type Selector = z.output<typeof selectorSchema>;

/**
 * @param salt tells apart the choices of one message: the seed and what the selector is for
 * A probability compares a hash of the message with it, so that every delivery finds the same answer.
 */
export function selects(selector: Selector, messages: Messages, message: MessageId, salt: string): boolean {
  switch (selector.kind) {
    case 'nth':
      return messages.ordinal[message] === selector.value;
    case 'every':
      return messages.ordinal[message]! % selector.value === 0;
    case 'key':
      return messages.key[message] === selector.value;
    case 'probability':
      return spread(hashName(salt), messages.publisher[message]!, messages.ordinal[message]!) < selector.value;
  }
}

/** A number in [0, 1) that looks random and depends on its arguments only (the finaliser of MurmurHash3). */
function spread(salt: number, publisher: number, ordinal: number): number {
  let hash = Math.imul(salt ^ publisher, 0x9e3779b1) ^ Math.imul(ordinal | 0, 0x85ebca6b) ^ ((ordinal / 4_294_967_296) | 0);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
