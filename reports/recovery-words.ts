/** A recovery from a backup in words. */
import type { RecoveryResult } from '../scenarios/result.ts';
import { count, instant, plural, seconds } from './numbers.ts';

/** What it was restored from, what that cost, and how long it took. */
export function recoverySentence(recovery: RecoveryResult): string {
  const { lostAt, backup, recoveryPoint, messagesLost, broughtBack, duplicates, heldBack } = recovery;
  const lost = `${plural(messagesLost, 'confirmed message')} lost${olderText(recovery)}`;
  const again = [
    ...(duplicates > 0 ? [`${count(duplicates)} took effect again`] : []), ...(heldBack > 0 ? [`${count(heldBack)} held back by an idempotency store`] : []),
  ];
  const back = broughtBack === 0 ? 'nothing came back that had left' : `${plural(broughtBack, 'message')} came back that had left${again.length === 0 ? '' : ` (${again.join(', ')})`}`;
  return `disks lost at ${instant(lostAt)}, ${sourceText(backup)}; recovery point ${seconds(recoveryPoint)}, ${lost}; ${back}; ${timesText(recovery)}`;
}

/** Restored from what. */
export function sourceText(backup: RecoveryResult['backup']): string {
  if (backup === null) return 'nothing to restore from';
  if (backup.of === 'definitions') return `restored from the definitions of ${instant(backup.takenAt)}, which hold no messages`;
  return `restored from the ${backup.of === 'stopped' ? 'backup' : 'snapshot'} of ${instant(backup.takenAt)}`;
}

/** Some that were lost are older than the backup: it did not have them, though they were confirmed. */
function olderText({ lostBeforeBackup, oldestLost }: RecoveryResult): string {
  return lostBeforeBackup === 0 ? '' : `, ${count(lostBeforeBackup)} of them published before the backup was taken (the oldest ${seconds(oldestLost)} before the loss)`;
}

function timesText({ recoveryTime, drainTime }: RecoveryResult): string {
  if (recoveryTime === null) return 'healed before somebody was through with it, so its recovery time is not known';
  if (recoveryTime === 'Infinity') return 'it did not serve again in this run';
  return `recovery time ${seconds(recoveryTime)}, ${drainTime === 'Infinity' ? 'and its backlog was not drained at the end' : `backlog drained after ${seconds(drainTime)}`}`;
}
