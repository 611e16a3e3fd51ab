/** Every guarantee there is. To add one: write its file, name it here. */
import { atLeastOnce } from './at-least-once.ts';
import { atMostOnce } from './at-most-once.ts';
import { boundedAmplification } from './bounded-amplification.ts';
import { boundedDuplicates } from './bounded-duplicates.ts';
import { boundedRedelivery } from './bounded-redelivery.ts';
import { boundedUnavailability } from './bounded-unavailability.ts';
import { capacityBound } from './capacity-bound.ts';
import { committedSurvives } from './committed-survives.ts';
import { confirmMeansDurable } from './confirm-means-durable.ts';
import { conservation } from './conservation.ts';
import { deadLetterComplete } from './dead-letter-complete.ts';
import { drained } from './drained.ts';
import { effectOrderPerKey } from './effect-order-per-key.ts';
import { exactlyOnceEffect } from './exactly-once-effect.ts';
import { fanOutComplete } from './fan-out-complete.ts';
import { fifo } from './fifo.ts';
import { highWatermarkMonotone } from './high-watermark-monotone.ts';
import type { Invariant } from './invariant.ts';
import { noConcurrentHandling } from './no-concurrent-handling.ts';
import { noFailedPublishVisible } from './no-failed-publish-visible.ts';
import { noLivelock } from './no-livelock.ts';
import { noPhantom } from './no-phantom.ts';
import { noStarvation } from './no-starvation.ts';
import { noStuckMessage } from './no-stuck-message.ts';
import { offsetSafety } from './offset-safety.ts';
import { oneLeaderPerTerm } from './one-leader-per-term.ts';
import { orderPerKey } from './order-per-key.ts';
import { prefetchBound } from './prefetch-bound.ts';
import { producerOrder } from './producer-order.ts';
import { progressUnderFault } from './progress-under-fault.ts';
import { recoversFromTrigger } from './recovers-from-trigger.ts';
import { replicaAgreement } from './replica-agreement.ts';
import { singleActiveConsumer } from './single-active-consumer.ts';

const all = [
  atLeastOnce, atMostOnce, exactlyOnceEffect, noPhantom, noFailedPublishVisible, boundedDuplicates, fanOutComplete, confirmMeansDurable,
  producerOrder, orderPerKey, fifo, effectOrderPerKey, noConcurrentHandling,
  conservation, committedSurvives, highWatermarkMonotone, oneLeaderPerTerm, singleActiveConsumer, prefetchBound, capacityBound, boundedRedelivery, deadLetterComplete, replicaAgreement, offsetSafety,
  drained, noStuckMessage, progressUnderFault, boundedUnavailability, recoversFromTrigger, noLivelock, noStarvation, boundedAmplification,
] as const;

export type ClaimName = (typeof all)[number]['claim'];
export const claimNames: readonly ClaimName[] = all.map(({ claim }) => claim);

/** By the name of its claim. */
export const invariants = Object.fromEntries(all.map((each) => [each.claim, each])) as unknown as { readonly [Name in ClaimName]: Invariant<Name> };
