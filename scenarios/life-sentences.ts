/** What each thing that can happen to a message is called in its story. */
import type { HistoryEvent } from '../models/history.ts';
import type { HistoryLine } from './history.ts';

const sentences: Readonly<Record<HistoryEvent, (line: HistoryLine) => string>> = {
  published: () => 'published',
  sent: (line) => `sent${nth(line.attempt)}`,
  'publish-lost': (line) => `publish${nth(line.attempt)} lost before it was stored: ${line.cause}`,
  refused: (line) => `broker refuses${nth(line.attempt)}: ${line.cause}`,
  'confirm-received': (line) => `CONFIRMED${nth(line.attempt)}`,
  'refusal-received': (line) => `REFUSED${nth(line.attempt)}: ${line.cause}`,
  'outcome-unknown': (line) => `no answer${nth(line.attempt)}, outcome unknown: ${line.cause}`,
  abandoned: (line) => `given up before it was sent: ${line.cause}`,
  stored: (line) => (line.attempt === undefined ? 'stored as a dead letter' : `stored${nth(line.attempt)}`),
  confirmed: (line) => `broker confirms${nth(line.attempt)}`,
  'confirm-lost': (line) => `confirm lost on the way${nth(line.attempt)}: ${line.cause}`,
  delivered: (line) => (line.delivery === 1 ? 'delivered' : `REDELIVERED (delivery ${line.delivery})`),
  'delivery-lost': (line) => `delivery ${line.delivery} lost: ${line.cause}`,
  'work-started': (line) => `work begins on delivery ${line.delivery}`,
  'work-failed': (line) => `work fails: ${line.cause}`,
  'worker-crashed': (line) => `worker dies: ${line.cause}`,
  effect: () => 'TAKES EFFECT',
  'duplicate-effect': () => 'TAKES EFFECT AGAIN',
  deduplicated: () => 'known to the idempotency store, so no effect',
  'settlement-lost': (line) => `settlement lost: ${line.cause}`,
  'settlement-late': (line) => `settlement of delivery ${line.delivery} comes too late`,
  acknowledged: () => 'acknowledged, leaves the queue',
  requeued: (line) => `back in the queue: ${line.cause}`,
  'dead-lettered': (line) => `dead-lettered into ${line.queue}: ${line.cause}`,
  dropped: (line) => `DROPPED: ${line.cause}`,
  rewound: (line) => `its removal was not on disk; it is back in the queue: ${line.cause}`,
};

export function lifeSentence(line: HistoryLine): string {
  return sentences[line.what](line);
}

/** The first attempt needs no number. */
function nth(attempt: number | undefined): string {
  return attempt === undefined || attempt === 1 ? '' : ` (attempt ${attempt})`;
}
