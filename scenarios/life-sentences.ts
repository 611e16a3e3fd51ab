/** What each thing that can happen to a message is called in its story. */
import { formatDuration, nanosPerSecond } from '../sim/units.ts';
import type { HistoryEvent } from '../models/history.ts';
import type { HistoryLine } from './history.ts';

const sentences: Readonly<Record<HistoryEvent, (line: HistoryLine) => string>> = {
  published: () => 'published',
  sent: (line) => `sent${nth(line.attempt)}`,
  shovelled: () => 'a shovel publishes it at the other end',
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
  'dead-lettered': (line) => `dead-lettered into ${line.from === line.queue ? 'this queue again' : line.queue}: ${line.cause}`,
  dropped: (line) => `DROPPED: ${line.cause}${whyNotInBackup(line)}`,
  rewound: (line) => `its removal was not on disk; it is back in the queue: ${line.cause}`,
  altered: (line) => `what its disk gives back is not what was written, and nobody notices: ${line.cause}`,
  'brought-back': (line) => `BACK IN THE QUEUE from ${theBackup(line)}, after the disks were lost ${at(line.recovery?.lostAt)}: it will be delivered as if it never had left`,
  'kept-by-backup': (line) => `still in the queue, from ${theBackup(line)}, after the disks were lost ${at(line.recovery?.lostAt)}`,
};

export function lifeSentence(line: HistoryLine): string {
  return sentences[line.what](line);
}

/** The first attempt needs no number. */
function nth(attempt: number | undefined): string {
  return attempt === undefined || attempt === 1 ? '' : ` (attempt ${attempt})`;
}

function at(seconds: number | undefined): string {
  return seconds === undefined ? '' : `at ${formatDuration(Math.round(seconds * nanosPerSecond))}`;
}

function theBackup({ recovery }: HistoryLine): string {
  return recovery?.backupAt === undefined ? 'a backup' : `the backup of ${at(recovery.backupAt).slice(3)}`;
}

/** What is lost with the disks had come later than the backup, or was not on disk then. */
function whyNotInBackup({ recovery }: HistoryLine): string {
  if (recovery === undefined) return '';
  const { backupAt, storedAt } = recovery;
  if (backupAt === undefined) return ': the disks were lost, and no backup has it';
  const isLater = storedAt !== undefined && storedAt > backupAt;
  return `: the disks were lost, and it was ${isLater ? 'stored after' : 'not on disk at the time of'} the backup of ${at(backupAt).slice(3)}`;
}
