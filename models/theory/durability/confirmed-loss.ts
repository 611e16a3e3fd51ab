/** Whether a message that was confirmed is kept: which copies there are at that moment, and what happens until all are safe. */
import { requireNotNegative, requirePositive, requireProbability, requireWhole } from '../checks.ts';
import { absorption } from '../markov/absorption.ts';

export interface ConfirmedLossParameters {
  readonly replicas: number;
  /** Copies that exist when the message is confirmed; 0 when it is confirmed before it is sent. */
  readonly ackedCopies: number;
  /** At which each replica that lacks the message gets it from those that have it, 1/s. */
  readonly replicationRate: number;
  /** Of one node, 1/s. */
  readonly crashRate: number;
  /** Of all nodes at once, as when power fails, 1/s. */
  readonly commonCauseRate?: number;
  /** Mean time until a copy in memory is on disk; 0 when a copy counts only once it is there. */
  readonly fsyncInterval?: number;
  /** Whether what was on disk is there, and counts, after a crash; not so with local disks that go with the machine, or when a replica without the message takes over. */
  readonly diskSurvives?: boolean;
  /** At which a crashed node comes back, 1/s; at once when left out. */
  readonly repairRate?: number;
  /** That a message is lost on its way to the first replica; matters when it is confirmed before. */
  readonly networkLoss?: number;
}

export interface ConfirmedLossAnswer {
  /** That a confirmed message is lost before every replica has it safely. */
  readonly lossProbability: number;
  /** From the confirmation until the message is safe everywhere, or lost. */
  readonly meanExposure: number;
}

/** Nodes of one message: with a copy in memory only, with a copy on disk, and down after they lost theirs. The rest are up without one. */
interface State {
  readonly inMemory: number;
  readonly onDisk: number;
  readonly down: number;
}

interface Move {
  readonly rate: number;
  readonly to: State;
}

type Environment = Required<ConfirmedLossParameters>;

/** No chain has more states than this many replicas make. */
const replicasMax = 12;

/**
 * An absorbing Markov chain, solved without a subtraction: relative error of the loss below 1e-12, however rare it is. It ends
 * when no copy is left (lost) or when all replicas have theirs for good (safe): on disk if disks survive, at all if not.
 *
 * @throws ImpossibleParameters
 */
export function confirmedLoss(parameters: ConfirmedLossParameters): ConfirmedLossAnswer {
  const environment = environmentOf(parameters);
  requireEnvironment(environment);
  const { ackedCopies, networkLoss } = environment;
  const { states, rates } = chainFrom(stored({ inMemory: 0, onDisk: 0, down: 0 }, Math.max(1, ackedCopies), environment), environment);
  const lost = states.findIndex((state) => hasNone(state));
  const safe = states.findIndex((state) => isSafe(state, environment));
  const absorbing = [lost, safe].filter((state) => state >= 0);
  const { probabilities, meanTime } = absorption({ rates, start: 0, absorbing });
  const sentInVain = ackedCopies === 0 ? networkLoss : 0;
  const lossOfStored = lost >= 0 ? probabilities[0]! : 0;
  return { lossProbability: sentInVain + (1 - sentInVain) * lossOfStored, meanExposure: (1 - sentInVain) * meanTime };
}

function environmentOf({ commonCauseRate = 0, fsyncInterval = 0, diskSurvives = true, repairRate = Infinity, networkLoss = 0, ...rest }: ConfirmedLossParameters): Environment {
  return { commonCauseRate, fsyncInterval, diskSurvives, repairRate, networkLoss, ...rest };
}

function requireEnvironment({ replicas, ackedCopies, replicationRate, crashRate, commonCauseRate, fsyncInterval, repairRate, networkLoss }: Environment): void {
  requireWhole('replicas', replicas, 1, replicasMax);
  requireWhole('ackedCopies', ackedCopies, 0, replicas);
  requirePositive('replicationRate', replicationRate, '1/s');
  requireNotNegative('crashRate', crashRate, '1/s');
  requireNotNegative('commonCauseRate', commonCauseRate, '1/s');
  requireNotNegative('fsyncInterval', fsyncInterval, 's');
  if (repairRate !== Infinity) requirePositive('repairRate', repairRate, '1/s');
  requireProbability('networkLoss', networkLoss);
}

/** All states that can be reached, the first one first, with the rates between them. */
function chainFrom(first: State, environment: Environment): { states: State[]; rates: number[][] } {
  const states = [first];
  const numbers = new Map([[nameOf(first), 0]]);
  const moves: { from: number; to: number; rate: number }[] = [];
  for (let from = 0; from < states.length; from++) {
    for (const { rate, to } of movesFrom(states[from]!, environment)) {
      if (rate === 0) continue;
      if (!numbers.has(nameOf(to))) numbers.set(nameOf(to), states.push(to) - 1);
      moves.push({ from, to: numbers.get(nameOf(to))!, rate });
    }
  }
  const rates = states.map(() => states.map(() => 0));
  for (const { from, to, rate } of moves) rates[from]![to]! += rate;
  return { states, rates };
}

/** A lost message is lost however many nodes are down. */
function nameOf(state: State): string {
  return hasNone(state) ? 'lost' : `${state.inMemory} ${state.onDisk} ${state.down}`;
}

function movesFrom(state: State, environment: Environment): Move[] {
  if (hasNone(state) || isSafe(state, environment)) return [];
  const { inMemory, onDisk, down } = state;
  const { replicas, replicationRate, crashRate, commonCauseRate, fsyncInterval, diskSurvives, repairRate } = environment;
  const missing = replicas - inMemory - onDisk - down;
  const crashed = repairRate === Infinity ? 0 : 1;
  const allCrashed = (count: number) => Math.min(replicas, down + crashed * count);
  return [
    { rate: missing * replicationRate, to: stored(state, 1, environment) },
    { rate: inMemory * crashRate, to: { inMemory: inMemory - 1, onDisk, down: down + crashed } },
    { rate: diskSurvives ? 0 : onDisk * crashRate, to: { inMemory, onDisk: onDisk - 1, down: down + crashed } },
    { rate: diskSurvives && fsyncInterval > 0 ? inMemory / fsyncInterval : 0, to: { inMemory: inMemory - 1, onDisk: onDisk + 1, down } },
    { rate: missing * crashRate * crashed, to: { inMemory, onDisk, down: down + 1 } },
    { rate: down === 0 ? 0 : down * repairRate, to: { inMemory, onDisk, down: down - 1 } },
    { rate: commonCauseRate, to: { inMemory: 0, onDisk: diskSurvives ? onDisk : 0, down: allCrashed(inMemory + missing + (diskSurvives ? 0 : onDisk)) } },
  ];
}

/** With some copies more: on disk at once where they count only there. Where no disk survives, it does not matter where a copy is. */
function stored({ inMemory, onDisk, down }: State, copies: number, { fsyncInterval, diskSurvives }: Environment): State {
  return diskSurvives && fsyncInterval > 0 ? { inMemory: inMemory + copies, onDisk, down } : { inMemory, onDisk: onDisk + copies, down };
}

function hasNone({ inMemory, onDisk }: State): boolean {
  return inMemory + onDisk === 0;
}

function isSafe({ onDisk }: State, { replicas }: Environment): boolean {
  return onDisk === replicas;
}
