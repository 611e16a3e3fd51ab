/** Every kind of recording that the model is compared with. To add one: write its file, name it here. */
import { compareBrokerKill, isBrokerKill } from './broker-kill.ts';
import { type Line, notReplayed } from './comparison.ts';
import { compareConsumerKill, isConsumerKill } from './consumer-kill.ts';
import { compareDeadLettering, isDeadLettering } from './dead-lettered.ts';
import { compareExpiry, isExpiry } from './expiry.ts';
import { compareHalfOpen, isHalfOpen } from './half-open.ts';
import { compareLengths, isLengths } from './lengths.ts';
import { compareOutage, isOutage } from './outage.ts';
import { comparePoisonLimits, isPoisonLimits } from './poison-limits.ts';
import { comparePriorities, isPriorities } from './priorities.ts';
import { compareQueueing, configOf } from './queueing.ts';
import type { Recording } from './recording.ts';
import type { Model } from './replay.ts';
import { compareRequeueLoop, isRequeueLoop } from './requeue-loop.ts';
import { compareUnconfirmedAge, isUnconfirmedAge } from './unconfirmed-age.ts';

interface Kind {
  is(recording: Recording): boolean;
  compare(recording: Recording, model: Model): Line[];
}

/** A recording is of the first kind that its own file fits. */
const kinds: readonly Kind[] = [
  { is: isOutage, compare: compareOutage },
  { is: isConsumerKill, compare: compareConsumerKill },
  { is: isBrokerKill, compare: compareBrokerKill },
  { is: isUnconfirmedAge, compare: compareUnconfirmedAge },
  { is: isRequeueLoop, compare: compareRequeueLoop },
  { is: isPoisonLimits, compare: comparePoisonLimits },
  { is: isExpiry, compare: compareExpiry },
  { is: isLengths, compare: compareLengths },
  { is: isPriorities, compare: comparePriorities },
  { is: isDeadLettering, compare: compareDeadLettering },
  { is: isHalfOpen, compare: compareHalfOpen },
  { is: (recording) => configOf(recording) !== undefined, compare: compareQueueing },
];

export function compare(recording: Recording, model: Model = {}): Line[] {
  const kind = kinds.find(({ is }) => is(recording));
  return kind === undefined ? [notReplayed('all of it', 'no comparison is written for this kind yet')] : kind.compare(recording, model);
}
