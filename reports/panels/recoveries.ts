import type { RecoveryResult } from '../../scenarios/result.ts';
import { html } from '../html.ts';
import { count, instant, seconds } from '../numbers.ts';
import { type Cell, figures, type Panel, table, words } from '../panel.ts';
import { sourceText } from '../recovery-words.ts';

export const recoveries: Panel = {
  id: 'recoveries',
  title: 'Recoveries from backups',
  question: 'What did the loss of the disks cost, and how long did it take?',
  render({ recoveries: all }) {
    if (all.length === 0) return [];
    return [
      table('What was restored, and how long it took', [
        words('Fault'), words('Broker'), figures('Disks lost'), words('From'), figures('Recovery point'), figures('Nodes start'), figures('Served again'), figures('Recovery time'), figures('Backlog drained after'),
      ], all.map(timeRow), 'The recovery point is how far before the loss the restored state lies; the recovery time ends when all nodes and queues serve, the backlog is drained when everything that had waited is handled and nothing is ready.'),
      table('What it cost, in messages', [
        words('Fault'), figures('Confirmed and lost'), figures('Of them older than the backup'), figures('Oldest, before the loss'), figures('Copies lost'), figures('Still in the backup'), figures('Came back'), figures('Took effect again'), figures('Held back'),
      ], all.map(costRow), 'What had left its queue after the backup comes back, and is delivered again. An idempotency store holds its effects back.'),
    ];
  },
};

const when = (time: number | null): string => (time === null ? 'never' : instant(time));

function timeRow(recovery: RecoveryResult): Cell[] {
  const { fault, broker, lostAt, backup, recoveryPoint, startedAt, servedAt, recoveryTime, drainTime } = recovery;
  return [fault, html`<code>${broker}</code>`, instant(lostAt), sourceText(backup), seconds(recoveryPoint), when(startedAt), when(servedAt), seconds(recoveryTime), seconds(drainTime)];
}

function costRow({ fault, messagesLost, lostBeforeBackup, oldestLost, copiesLost, copiesKept, broughtBack, duplicates, heldBack }: RecoveryResult): Cell[] {
  return [fault, count(messagesLost), count(lostBeforeBackup), oldestLost === null ? '–' : seconds(oldestLost), count(copiesLost), count(copiesKept), count(broughtBack), count(duplicates), count(heldBack)];
}
