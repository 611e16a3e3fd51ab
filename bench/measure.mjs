/**
 * Measures one workload once, in this process, and prints one line of JSON.
 *   measure.mjs scenario FILE SECONDS   a scenario through the public entry, SECONDS of simulated time
 *   measure.mjs hold PENDING COUNT      the event list alone: take the earliest, add another
 *   measure.mjs short                   many short runs in one process, as a search for faults makes them
 *   measure.mjs search RUNS             a search of so many schedules of 1,000 messages on three nodes, in one thread
 *   measure.mjs judging ROUNDS          a work queue under the usual guarantees, all of them, and none, in turns
 */
import path from 'node:path';
import process from 'node:process';

const measurements = { scenario, hold, short, judging, search };
const [kind, ...words] = process.argv.slice(2);
const measured = await measurements[kind](...words);
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify(Array.isArray(measured) ? measured : { ...measured, peakMegabytes })}\n`);

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

async function search(runs) {
  const { checkDefaults, checkHere } = await import('../dist/scenarios/search/check.js');
  const { settings } = await load('three-nodes.yaml', 60);
  const began = performance.now();
  const { plans, effective, findings } = checkHere(settings, { ...checkDefaults, messages: 1000, runs: Number(runs) });
  return { seconds: (performance.now() - began) / 1000, plans, effective, findings: findings.length };
}

async function judging(rounds) {
  const { runScenario } = await import('../dist/index.js');
  const { claimNames } = await import('../dist/models/invariants/index.js');
  // Keys, so that those who judge their order have something to do; a claim that has to say more stands here with it.
  const more = { 'bounded-amplification': { retries: 1 } };
  const all = claimNames.map((claim) => (claim in more ? { [claim]: more[claim] } : claim));
  const usual = ['at-least-once', 'exactly-once-effect', 'order-per-key', 'bounded-redelivery', 'drained', 'no-stuck-message'];
  const [without, some, judged] = await Promise.all([[], usual, all].map(async (claims) => {
    const loaded = await load('queue.yaml', 300_000 / 700, 'producers.sources.key={uniform: {keys: 1000}}', `claims=${JSON.stringify(claims)}`);
    if (!loaded.ok) throw new Error(loaded.problems.map(({ message, path: where }) => `${where}: ${message}`).join('; '));
    return { scenario: loaded.scenario, guarantees: claims.length, seconds: [] };
  }));
  for (let round = 0; round <= Number(rounds); round++) {
    for (const { scenario: loaded, seconds } of [without, some, judged]) {
      const began = performance.now();
      runScenario(loaded, { maxEvents: Infinity, predict: false });
      // The first round warms up.
      if (round > 0) seconds.push((performance.now() - began) / 1000);
    }
  }
  const fastest = ({ seconds }) => Math.min(...seconds);
  return [some, judged].map((each) => ({ guarantees: each.guarantees, ratio: fastest(each) / fastest(without) }));
}
