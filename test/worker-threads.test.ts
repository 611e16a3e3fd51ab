/** The same scenarios in another thread, from the build: what a run comes to depends on neither. */
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../scenarios/define.ts';
import { runScenario } from '../scenarios/run.ts';
import { safeScenarios, wildScenarios } from './arbitraries.ts';
import { projectRoot } from './source-files.ts';

const maxEvents = 100_000;
type Outcome = readonly [fingerprint: string, verdicts: readonly string[]];

function outcomeHere(settings: ScenarioSettings): Outcome {
  const { fingerprint, verdicts } = runScenario(createScenario(settings), { maxEvents });
  return [fingerprint, verdicts.map(({ claim, verdict }) => `${claim} ${verdict}`)];
}

const inWorker = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData.entry).then(({ createScenario, runScenario }) => {
    parentPort.postMessage(workerData.all.map((settings) => {
      const { fingerprint, verdicts } = runScenario(createScenario(settings), { maxEvents: workerData.maxEvents });
      return [fingerprint, verdicts.map(({ claim, verdict }) => claim + ' ' + verdict)];
    }));
  });
`;

function outcomesThere(all: readonly ScenarioSettings[]): Promise<Outcome[]> {
  const entry = pathToFileURL(path.join(projectRoot, 'dist', 'index.js')).href;
  const worker = new Worker(inWorker, { eval: true, workerData: { entry, all, maxEvents } });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

it('decide no verdict, and leave the fingerprint as it is', async () => {
  const all = [...fc.sample(safeScenarios, { numRuns: 40, seed: 10 }), ...fc.sample(wildScenarios, { numRuns: 60, seed: 11 })];
  expect(await outcomesThere(all)).toEqual(all.map(outcomeHere));
});
