/** Every guarantee there is. To add one: write its file, name it here and in claims.ts. */
import { atLeastOnce } from './at-least-once.ts';
import { atMostOnce } from './at-most-once.ts';
import { boundedRedelivery } from './bounded-redelivery.ts';
import type { ClaimName } from './claims.ts';
import { conservation } from './conservation.ts';
import { deadLetterComplete } from './dead-letter-complete.ts';
import { drained } from './drained.ts';
import { exactlyOnceEffect } from './exactly-once-effect.ts';
import type { Invariant } from './invariant.ts';
import { noPhantom } from './no-phantom.ts';
import { noStuckMessage } from './no-stuck-message.ts';
import { orderPerKey } from './order-per-key.ts';

export const invariants: { readonly [Name in ClaimName]: Invariant & { readonly claim: ClaimName } } = {
  'at-least-once': atLeastOnce,
  'at-most-once': atMostOnce,
  'exactly-once-effect': exactlyOnceEffect,
  'no-phantom': noPhantom,
  'order-per-key': orderPerKey,
  conservation,
  'bounded-redelivery': boundedRedelivery,
  'dead-letter-complete': deadLetterComplete,
  drained,
  'no-stuck-message': noStuckMessage,
};
