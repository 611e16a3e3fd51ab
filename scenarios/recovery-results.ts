/** Recoveries as they are told of in the result, and what objectives ask of them. */
import { faultOf, type Recovery, type Recoveries } from '../models/recoveries.ts';
import type { Nanos } from '../sim/units.ts';
import type { Num, RecoveryResult } from './result.ts';

const seconds = (time: Nanos | undefined): number | null => (time === undefined ? null : time / 1e9);

export function recoveryResults(recoveries: Recoveries): RecoveryResult[] {
  return recoveries.all.map((recovery) => recoveryResult(recovery, recovery.servesAt !== undefined && recoveries.isBehind(recovery)));
}

function recoveryResult(recovery: Recovery, isBehind: boolean): RecoveryResult {
  const { key, broker, backup, lostAt, startedAt, servesAt, isCut, lost, lostBefore, oldestLost, gone, kept, again, duplicates, heldBack } = recovery;
  const drainedAt = isBehind ? undefined : recovery.drainedAt;
  const since = (time: Nanos | undefined): Num => (isCut ? null : time === undefined ? 'Infinity' : (time - lostAt) / 1e9);
  return {
    fault: faultOf(key), broker,
    backup: backup === undefined ? null : {
      fault: faultOf(backup.key), of: backup.of, takenAt: backup.takenAt / 1e9, finishedAt: backup.finishedAt! / 1e9, messages: backup.messages, bytes: backup.bytes,
    },
    lostAt: lostAt / 1e9, startedAt: seconds(startedAt), servedAt: seconds(servesAt), drainedAt: seconds(drainedAt),
    recoveryPoint: backup === undefined || backup.of === 'definitions' ? 'Infinity' : (lostAt - backup.takenAt) / 1e9,
    recoveryTime: since(servesAt), drainTime: since(drainedAt),
    messagesLost: lost, lostBeforeBackup: lostBefore, oldestLost: lost === 0 ? null : (lostAt - oldestLost) / 1e9,
    copiesLost: gone, copiesKept: kept, broughtBack: again, duplicates, heldBack,
  };
}

export const recoveryStatistics = ['recoveryPoint', 'recoveryTime', 'recoveryDrain', 'recoveryLoss'] as const;

/** Nothing can be said where no disk was lost. */
export function recoveryEstimate(kind: (typeof recoveryStatistics)[number], recoveries: readonly RecoveryResult[]): { value: Num; estimator: string } {
  const worst = (values: readonly Num[]): Num => {
    if (values.length === 0 || values.includes(null)) return null;
    return values.includes('Infinity') ? 'Infinity' : Math.max(...(values as number[]));
  };
  switch (kind) {
    case 'recoveryPoint':
      return { value: worst(recoveries.map(({ recoveryPoint }) => recoveryPoint)), estimator: 'from the instant that the restored state stands for to the loss of the disks; the longest of all recoveries' };
    case 'recoveryTime':
      return { value: worst(recoveries.map(({ recoveryTime }) => recoveryTime)), estimator: 'from the loss of the disks until all nodes and queues serve; the longest of all recoveries' };
    case 'recoveryDrain':
      return { value: worst(recoveries.map(({ drainTime }) => drainTime)), estimator: 'from the loss of the disks until everything published before the broker served again is handled and nothing is ready; the longest of all recoveries' };
    case 'recoveryLoss': {
      const value = recoveries.length === 0 ? null : recoveries.reduce((sum, { messagesLost }) => sum + messagesLost, 0);
      return { value, estimator: 'confirmed messages that were lost with the disks and never handled; all recoveries together' };
    }
  }
}
