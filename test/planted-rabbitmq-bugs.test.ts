/** Every bug is caught by the claim meant for it, where the healthy broker keeps that claim and has to work for it. */
import { describe, expect, it } from 'vitest';
import type { BrokerModels } from '../models/brokers/index.ts';
import type { System } from '../models/build.ts';
import type { Finding } from '../models/invariants/invariant.ts';
import { createScenario } from '../scenarios/define.ts';
import { endOfRun } from '../scenarios/end-of-run.ts';
import { driveToQuiet } from './models/driven.ts';
import { backupBugs, snapshotBugs, tooGenerousRestores } from './planted-bugs/backups.ts';
import { brokerBugs } from './planted-bugs/broker.ts';
import { classicBugs } from './planted-bugs/classic-queue.ts';
import { deadLetterBugs } from './planted-bugs/dead-letters.ts';
import { mirrorBugs } from './planted-bugs/mirrored-queue.ts';
import { quorumBugs } from './planted-bugs/quorum-queue.ts';
import { raftBugs, replicationBugs } from './planted-bugs/raft.ts';
import { bugReached, modelsWith, type RabbitBug, scenarioOf } from './planted-bugs/rabbitmq.ts';

function judged(bug: RabbitBug, brokerModels: BrokerModels): { system: System; finding: Finding } {
  const { system } = driveToQuiet(createScenario(scenarioOf(bug)), { brokerModels });
  system.world.ledger.closeAll();
  return { system, finding: system.judged.find(({ invariant }) => invariant.claim === bug.claim)!.judge.verdict(endOfRun(system)) };
}

const reachedIn = ({ world }: System): Readonly<Record<string, number>> => world.sim.trace.reachedPaths;

const bugs: readonly RabbitBug[] = [...classicBugs, ...mirrorBugs, ...quorumBugs, ...deadLetterBugs, ...brokerBugs, ...backupBugs, ...replicationBugs];

describe('a RabbitMQ that', () => {
  for (const bug of bugs) {
    it(`${bug.name} is caught by ${bug.claim}, which a healthy one keeps`, () => {
      const healthy = judged(bug, modelsWith());
      expect(healthy.finding).toMatchObject({ verdict: 'pass' });
      expect(Object.keys(reachedIn(healthy.system))).toEqual(expect.arrayContaining([...bug.tried]));
      const buggy = judged(bug, modelsWith(bug.types, bug.broker));
      expect(reachedIn(buggy.system)[bugReached]).toBeGreaterThan(0);
      expect(buggy.finding).toMatchObject({ verdict: 'fail' });
      expect(buggy.finding.verdict === 'fail' && buggy.finding.witnesses.length).toBeGreaterThan(0);
    });
  }

  for (const bug of tooGenerousRestores) {
    it(`${bug.name} is caught by the model, which counts what a backup has`, () => {
      expect(judged(bug, modelsWith()).system.world.recoveries.all[0]!.gone).toBeGreaterThan(0);
      expect(() => judged(bug, modelsWith(bug.types))).toThrow(/on new disks, and \d+ of its backup/);
    });
  }

  for (const bug of snapshotBugs) {
    it(`${bug.name} loses too little: what was confirmed and not synced is not in it`, () => {
      const healthy = judged(bug, modelsWith());
      expect(healthy.finding).toMatchObject({ verdict: 'fail' });
      const buggy = judged(bug, modelsWith(bug.types));
      expect(reachedIn(buggy.system)[bugReached]).toBeGreaterThan(0);
      const lostIn = ({ system }: ReturnType<typeof judged>): number => system.world.recoveries.all[0]!.lost;
      expect(lostIn(buggy)).toBeLessThan(lostIn(healthy));
    });
  }

  for (const { name, quorum, setting } of raftBugs) {
    it(`${name} is caught by the model, which knows what was committed`, () => {
      const bug: RabbitBug = { name, claim: 'at-least-once', setting, tried: ['raft.elected'] };
      const healthy = judged(bug, modelsWith());
      expect(healthy.finding).toMatchObject({ verdict: 'pass' });
      expect(Object.keys(reachedIn(healthy.system))).toEqual(expect.arrayContaining([...bug.tried]));
      const built: System[] = [];
      const drive = () => driveToQuiet(createScenario(scenarioOf(bug)), { brokerModels: modelsWith({ quorum }), built: (system) => built.push(system) });
      expect(drive).toThrow('a leader was elected that lacks what was committed');
      expect(reachedIn(built[0]!)[bugReached]).toBeGreaterThan(0);
    });
  }
});
