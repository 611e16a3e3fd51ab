/**
 * Measures one workload once, in this process, and prints one line of JSON.
 *   measure.mjs scenario FILE SECONDS   a scenario through the public entry, SECONDS of simulated time
 *   measure.mjs hold PENDING COUNT      the event list alone: take the earliest, add another
 *   measure.mjs short                   many short runs in one process, as a search for faults makes them
 */
import path from 'node:path';
import process from 'node:process';

const measurements = { scenario, hold, short };
const [kind, ...words] = process.argv.slice(2);
const measured = await measurements[kind](...words);
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ ...measured, peakMegabytes })}\n`);

async function load(file, seconds) {
  const { loadScenario } = await import('../dist/index.js');
  return loadScenario(path.join(import.meta.dirname, 'scenarios', file), { set: [`phases.measure=${Math.round(seconds * 1e6)}us`] });
}

async function scenario(file, seconds) {
  const { runScenario } = await import('../dist/index.js');
  const { scenario: loaded } = await load(file, Number(seconds));
  const began = performance.now();
  const result = runScenario(loaded, { maxEvents: Infinity });
  const elapsed = (performance.now() - began) / 1000;
  return { seconds: elapsed, events: result.events, messages: result.messages.published, fingerprint: result.fingerprint };
}
