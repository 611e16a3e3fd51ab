import { describe, expect, it } from 'vitest';
import type { Finding } from '../models/invariants/invariant.ts';
import { WorkQueue } from '../models/brokers/work-queue/work-queue.ts';
import { createScenario } from '../scenarios/define.ts';
import { endOfRun } from '../scenarios/end-of-run.ts';
import { driveToQuiet } from './models/driven.ts';
import { livenessBugs } from './planted-bugs/liveness.ts';
import { modelsWith, type PlantedBug, plantedBugs, scenarioOf } from './planted-bugs.ts';
import { storageBugs } from './planted-bugs/storage.ts';

function findingOf(bug: PlantedBug, broker: typeof WorkQueue): Finding {
  const { system } = driveToQuiet(createScenario(scenarioOf(bug)), { brokerModels: modelsWith(broker) });
  system.world.ledger.closeAll();
  return system.judged.find(({ invariant }) => invariant.claim === bug.claim)!.judge.verdict(endOfRun(system));
}

describe('a broker that', () => {
  for (const bug of [...plantedBugs, ...livenessBugs, ...storageBugs]) {
    it(`${bug.name} is caught by ${bug.claim}, which a healthy one keeps`, () => {
      const caught = findingOf(bug, bug.broker);
      expect(caught).toMatchObject({ verdict: 'fail' });
      expect(caught.verdict === 'fail' && caught.witnesses.length).toBeGreaterThan(0);
      expect(findingOf(bug, WorkQueue)).toMatchObject({ verdict: 'pass' });
    });
  }
});
