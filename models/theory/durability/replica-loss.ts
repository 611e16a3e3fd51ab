/** Copies of a message that get lost one by one and are made again from those that are left. */
import { requireNotNegative, requireWhole } from '../checks.ts';
import { passageUp } from '../markov/birth-death.ts';
import { transientOfRates } from '../markov/transient.ts';
import { failedNodes } from './quorum.ts';

export interface ReplicaLossParameters {
  readonly replicas: number;
  /** Copies that there are at the start; what an acknowledgement vouches for. */
  readonly ackedCopies: number;
  /** Of one copy, 1/s. */
  readonly lossRate: number;
  /** Of one missing copy, 1/s. */
  readonly repairRate: number;
  /** Copies made at the same time; as many as there are replicas when left out. */
  readonly repairCrews?: number;
}

export interface ReplicaLossAnswer {
  /** Until no copy is left, in s; Infinity when none is ever lost. */
  readonly meanTimeToLoss: number;
  /** That none is left after a time. */
  lossBy(time: number): number;
}

/**
 * The chain of missing copies i: rates (R−i)f up and min(i, crews)r down; at R nothing is left to copy from. The mean time by the
 * recursion of passages, the probability of a loss by products of positive tables: both have a relative error below 1e-11,
 * however rare a loss is. Up to 1000 replicas (for `lossBy`: some tens within a moment).
 *
 * @throws ImpossibleParameters
 */
export function replicaLoss({ replicas, ackedCopies, lossRate, repairRate, repairCrews = replicas }: ReplicaLossParameters): ReplicaLossAnswer {
  requireWhole('replicas', replicas, 1, 1000);
  requireWhole('ackedCopies', ackedCopies, 1, replicas);
  requireNotNegative('lossRate', lossRate, '1/s');
  requireNotNegative('repairRate', repairRate, '1/s');
  requireWhole('repairCrews', repairCrews, 1);
  const chain = failedNodes({ nodes: replicas, failRate: lossRate, repairRate, repairCrews });
  const missing = replicas - ackedCopies;
  return {
    meanTimeToLoss: passageUp(chain, missing, replicas).mean,
    lossBy: (time) => transientOfRates({ rates: untilLost(chain, replicas), initial: missing, time })[replicas]!,
  };
}

function untilLost({ birthRate, deathRate }: ReturnType<typeof failedNodes>, replicas: number): number[][] {
  return Array.from({ length: replicas + 1 }, (_, from) => Array.from({ length: replicas + 1 }, (_, to) => {
    if (from === replicas) return 0;
    if (to === from + 1) return birthRate(from);
    return to === from - 1 ? deathRate(from) : 0;
  }));
}

export interface AsyncReplicationParameters {
  /** Of the node that has the only copy, 1/s. */
  readonly crashRate: number;
  /** At which the first copy elsewhere is made, 1/s. */
  readonly replicationRate: number;
}

/** That a message which was confirmed by one node is lost before it is copied: f/(f+g). @throws ImpossibleParameters */
export function asyncReplicationLoss({ crashRate, replicationRate }: AsyncReplicationParameters): number {
  requireNotNegative('crashRate', crashRate, '1/s');
  requireNotNegative('replicationRate', replicationRate, '1/s');
  return crashRate === 0 ? 0 : crashRate / (crashRate + replicationRate);
}

/** The same when copying takes a fixed time: 1 − e^{−fτ}. @throws ImpossibleParameters */
export function lossWithinLag(crashRate: number, lag: number): number {
  requireNotNegative('crashRate', crashRate, '1/s');
  requireNotNegative('lag', lag, 's');
  return -Math.expm1(-crashRate * lag);
}
