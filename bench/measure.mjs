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

async function load(file, seconds, ...more) {
  const { loadScenario } = await import('../dist/index.js');
  return loadScenario(path.join(import.meta.dirname, 'scenarios', file), { set: [`phases.measure=${Math.round(seconds * 1e6)}us`, ...more] });
}

async function scenario(file, seconds) {
  const { runScenario } = await import('../dist/index.js');
  const { scenario: loaded } = await load(file, Number(seconds));
  const began = performance.now();
  const result = runScenario(loaded, { maxEvents: Infinity });
  const elapsed = (performance.now() - began) / 1000;
  return { seconds: elapsed, events: result.events, messages: result.messages.published, fingerprint: result.fingerprint };
}

/** The event list by itself. Delays are drawn beforehand, so that only the list is on the clock. */
async function hold(pending, count) {
  const { EventList } = await import('../dist/sim/event-list.js');
  const list = new EventList();
  const delays = Float64Array.from({ length: 65_536 }, exponentialNanos);
  for (let i = 0; i < Number(pending); i++) list.add(exponentialNanos(), 0, i, 0, -1);
  const rounds = Number(count);
  const began = performance.now();
  for (let i = 0; i < rounds; i++) {
    const slot = list.take();
    list.add(delays[i & 65_535], 0, list.firstOf(slot), 0, -1);
  }
  return { seconds: (performance.now() - began) / 1000, events: rounds, messages: rounds };
}

function exponentialNanos() {
  return Math.round(-Math.log(1 - Math.random()) * 1e6);
}

async function short() {
  const { runScenario } = await import('../dist/index.js');
  const { scenario: loaded } = await load('queue.yaml', 100 / 700, 'phases.drain=1s');
  const warmUp = 200;
  const runs = 1000;
  for (let i = 0; i < warmUp; i++) runScenario(loaded, { predict: false });
  const began = performance.now();
  for (let i = 0; i < runs; i++) runScenario(loaded, { predict: false });
  return { microsPerRun: ((performance.now() - began) * 1000) / runs };
}
