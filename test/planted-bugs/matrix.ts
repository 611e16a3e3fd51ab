/** Planted bugs against guarantees: what catches what. */
import type { BrokerModels } from '../../models/brokers/index.ts';
import type { System } from '../../models/build.ts';
import { type ClaimName, claimNames } from '../../models/invariants/index.ts';
import type { Finding } from '../../models/invariants/invariant.ts';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { endOfRun } from '../../scenarios/end-of-run.ts';
import { driveToQuiet } from '../models/driven.ts';
import { modelsWith as workQueueWith, plantedBugs, scenarioOf as scenarioOfWorkQueue } from '../planted-bugs.ts';
import { backupBugs, snapshotBugs, tooGenerousRestores } from './backups.ts';
import { brokerBugs } from './broker.ts';
import { classicBugs } from './classic-queue.ts';
import { deadLetterBugs } from './dead-letters.ts';
import { livenessBugs } from './liveness.ts';
import { mirrorBugs } from './mirrored-queue.ts';
import { quorumBugs } from './quorum-queue.ts';
import { raftBugs, replicationBugs } from './raft.ts';
import { modelsWith as rabbitWith, scenarioOf as scenarioOfRabbit } from './rabbitmq.ts';
import { storageBugs } from './storage.ts';
import { WorkQueue } from '../../models/brokers/work-queue/work-queue.ts';

type Claim = NonNullable<ScenarioSettings['claims']>[number];

export interface BugCase {
  readonly broker: string;
  readonly name: string;
  /** With what claims the bug's author had in mind. */
  readonly settings: ScenarioSettings;
  readonly healthy: BrokerModels;
  readonly buggy: BrokerModels;
}

export const bugCases: readonly BugCase[] = [
  ...[...plantedBugs, ...livenessBugs, ...storageBugs].map((bug): BugCase => ({
    broker: 'work queue', name: bug.name, settings: scenarioOfWorkQueue(bug), healthy: workQueueWith(WorkQueue), buggy: workQueueWith(bug.broker),
  })),
  ...[
    ...classicBugs, ...mirrorBugs, ...quorumBugs, ...deadLetterBugs, ...brokerBugs, ...backupBugs, ...replicationBugs, ...snapshotBugs, ...tooGenerousRestores,
    ...raftBugs.map(({ name, quorum, setting }) => ({ name, setting, claim: 'at-least-once' as const, types: { quorum }, broker: undefined })),
  ].map((bug): BugCase => ({
    broker: 'RabbitMQ', name: bug.name, settings: scenarioOfRabbit(bug), healthy: rabbitWith(), buggy: rabbitWith(bug.types, bug.broker),
  })),
];

export interface Row {
  readonly broker: string;
  readonly bug: string;
  /** Guarantees that the bug breaks, and a healthy broker keeps in the same scenario. */
  readonly caughtBy: readonly ClaimName[];
  /** Broken by a healthy broker as well: the scenario is too hard for them. */
  readonly brokenAnyway: readonly ClaimName[];
  /** Not judged in either: nothing in the scenario tries them. */
  readonly untried: readonly ClaimName[];
  /** Caught otherwise: by an assertion of the model itself, or by what a recovery is measured to lose. */
  readonly otherwise?: string;
}

/** Each bug is run under all guarantees, and so is the healthy broker; a bug with several scenarios has one row. */
export function matrix(cases: readonly BugCase[] = bugCases): Row[] {
  const rows = new Map<string, Row>();
  for (const row of rowsOf(cases)) {
    const key = `${row.broker}: ${row.bug}`;
    rows.set(key, merged(row, rows.get(key) ?? row));
  }
  return [...rows.values()];
}

function merged(one: Row, other: Row): Row {
  const caughtBy = claimNames.filter((claim) => one.caughtBy.includes(claim) || other.caughtBy.includes(claim));
  const inBoth = (key: 'brokenAnyway' | 'untried'): ClaimName[] => one[key].filter((claim) => other[key].includes(claim) && !caughtBy.includes(claim));
  return { ...other, ...one, caughtBy, brokenAnyway: inBoth('brokenAnyway'), untried: inBoth('untried') };
}

function rowsOf(cases: readonly BugCase[]): Row[] {
  const parameters = ownParameters(cases);
  return cases.map(({ broker, name, settings, healthy, buggy }) => {
    const own = settings.claims!;
    const claims = [...own, ...parameters.filter((claim) => own.every((other) => nameOf(other) !== nameOf(claim)))];
    const before = verdictsOf({ ...settings, claims }, healthy);
    const after = verdictsOf({ ...settings, claims }, buggy);
    const when = (of: (before: string | undefined, after: string | undefined) => boolean): ClaimName[] =>
      claimNames.filter((claim) => of(before.verdicts.get(claim), after.verdicts.get(claim)));
    const otherwise = after.asserted ?? (before.recoveryLost === after.recoveryLost ? undefined : `a recovery that loses ${after.recoveryLost}, not ${before.recoveryLost}`);
    return {
      broker, bug: name, caughtBy: when((healthyVerdict, buggyVerdict) => healthyVerdict === 'pass' && buggyVerdict === 'fail'),
      brokenAnyway: when((verdict) => verdict === 'fail'),
      untried: when((healthyVerdict, buggyVerdict) => healthyVerdict === 'unknown' && buggyVerdict !== 'fail'),
      ...(otherwise !== undefined && { otherwise }),
    };
  });
}

/** A guarantee is claimed with the parameters of the first bug that was planted for it, and without any where that says none. */
function ownParameters(cases: readonly BugCase[]): Claim[] {
  const claimed = cases.flatMap(({ settings }) => settings.claims!);
  return claimNames.map((name) => claimed.find((claim) => nameOf(claim) === name) ?? name) as Claim[];
}

function nameOf(claim: Claim): string {
  return typeof claim === 'string' ? claim : Object.keys(claim)[0]!;
}

interface Verdicts {
  readonly verdicts: ReadonlyMap<string, Finding['verdict']>;
  readonly asserted?: string;
  readonly recoveryLost: number;
}

function verdictsOf(settings: ScenarioSettings, brokerModels: BrokerModels): Verdicts {
  const built: System[] = [];
  try {
    driveToQuiet(createScenario(settings), { brokerModels, built: (system) => built.push(system) });
  } catch (error) {
    if (built.length === 0 || !(error instanceof Error)) throw error;
    return { verdicts: new Map(), asserted: error.message.split('\n')[0]!, recoveryLost: 0 };
  }
  const [system] = built as [System];
  system.world.ledger.closeAll();
  const end = endOfRun(system);
  const recoveryLost = system.world.recoveries.all.reduce((sum, { lost }) => sum + lost, 0);
  return { verdicts: new Map(system.judged.map(({ invariant, judge }) => [invariant.claim, judge.verdict(end).verdict])), recoveryLost };
}

/** Nobody notices them. */
export function survivors(rows: readonly Row[]): Row[] {
  return rows.filter(({ caughtBy, otherwise }) => caughtBy.length === 0 && otherwise === undefined);
}

/** They catch nothing. */
export function idle(rows: readonly Row[]): ClaimName[] {
  return claimNames.filter((claim) => rows.every(({ caughtBy }) => !caughtBy.includes(claim)));
}
