/**
 * npm run bench [-- --quick] [-- --rounds 5] [-- --only "work queue"] [-- --json]
 *
 * Every measurement is a process of its own. In each round all workloads run once, C and Faultline in turns, so that a
 * slow moment of the machine meets both; the table shows medians. Seconds are those of the run itself, without the start
 * of the process. Ratios travel between machines, absolute figures do not.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chosen, lengthsOf } from './workloads.mjs';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, rounds: { type: 'string', default: '3' }, only: { type: 'string' }, json: { type: 'boolean' } },
});
const rounds = options.quick ? 1 : Number(options.rounds);
const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-bench-'));
try {
  const yardstick = compileYardstick();
  const cases = chosen(options.only)
    .flatMap((workload) => lengthsOf(workload, options.quick).map((count) => ({ workload, count, c: [], ours: [] })));
  for (let round = 1; round <= rounds; round++) {
    for (const one of cases) measureOnce(one, yardstick, round);
  }
  process.stderr.write('\r\u001b[K');
  const rows = withShares(cases.map(summarise));
  const short = measure(['short']);
  const judging = measure(['judging', String(rounds + 2)]);
  const search = measure(['search', '1000']);
  if (options.json) print(JSON.stringify({ schema: 'faultline/bench@1', node: process.version, cpu: os.cpus()[0]?.model, rounds, rows, short, judging, search }, undefined, 2));
  else printTable(rows, short, judging, search);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The path of the compiled program; undefined, with a word about it, where there is no C compiler. */
function compileYardstick() {
  const program = path.join(folder, 'yardstick');
  const source = path.join(import.meta.dirname, 'yardstick.c');
  for (const compiler of ['cc', 'gcc', 'clang']) {
    const { status } = spawnSync(compiler, ['-O3', '-march=native', '-o', program, source, '-lm'], { stdio: 'ignore' });
    if (status === 0) return program;
  }
  process.stderr.write('No C compiler was found (cc, gcc, clang): there will be no ratios.\n');
  return undefined;
}

function measureOnce({ workload, count, c, ours }, yardstick, round) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[Kround ${round}/${rounds}: ${workload.name}, ${count}`);
  if (yardstick !== undefined) {
    const [kind, ...rest] = workload.yardstick;
    c.push(JSON.parse(execFileSync(yardstick, [kind, String(count), ...rest.map(String)], { encoding: 'utf8' })));
  }
  ours.push(measure([workload.pending === undefined ? 'scenario' : 'hold', String(workload.scenario ?? workload.pending), String(count / (workload.rate ?? 1))]));
}

function measure(words) {
  const script = path.join(import.meta.dirname, 'measure.mjs');
  return JSON.parse(execFileSync(process.execPath, [script, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
}

function summarise({ workload, count, c, ours }) {
  const seconds = median(ours.map((one) => one.seconds));
  const { events, messages } = ours[0];
  // A scenario's Poisson arrivals come near the wanted number, not to it: compare the time of one message.
  const ratio = c.length === 0 ? null : seconds / messages / (median(c.map((one) => one.seconds)) / count);
  const floor = workload.floor[count] ?? null;
  return {
    workload: workload.name, share: workload.share, count, seconds, events, messages,
    eventsPerSecond: events / seconds, messagesPerSecond: messages / seconds, nanosPerMessage: (seconds / messages) * 1e9,
    ratio, floor, met: ratio === null || floor === null ? null : ratio <= floor,
    peakMegabytes: Math.max(...ours.map((one) => one.peakMegabytes)),
  };
}

/** Beside those that are compared with another workload: their part of its messages per second. */
function withShares(rows) {
  return rows.map(({ share, ...row }) => {
    const other = rows.find(({ workload, count }) => workload === share?.of && count === row.count);
    if (other === undefined) return row;
    const part = row.messagesPerSecond / other.messagesPerSecond;
    return { ...row, share: { ...share, part, met: part >= share.floor } };
  });
}

function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function printTable(rows, short, judging, search) {
  const header = ['workload', 'messages', 'M events/s', 'M messages/s', 'ns/message', 'time / C', 'floor', '', 'peak MB'];
  const body = rows.map((row) => [
    row.workload, String(row.messages), (row.eventsPerSecond / 1e6).toFixed(2), (row.messagesPerSecond / 1e6).toFixed(2), row.nanosPerMessage.toFixed(0),
    row.ratio?.toFixed(2) ?? '-', row.floor?.toFixed(1) ?? '-', row.met === null ? '' : row.met ? 'met' : 'MISSED', row.peakMegabytes.toFixed(0),
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...body].map((line) => line[column].length)));
  for (const line of [header, ...body]) {
    print(line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd());
  }
  print('');
  for (const { workload, growth } of growths(rows)) print(`${workload}: a message of a ten times longer run costs ${growth.toFixed(2)} times as much`);
  for (const { workload, count, share } of rows) {
    if (share === undefined) continue;
    const verdict = share.met ? (share.part >= share.goal ? 'goal met' : 'met') : 'MISSED';
    print(`${workload}, ${count}: ${share.part.toFixed(2)} of the messages/s of the ${share.of} (floor ${share.floor.toFixed(2)}, goal ${share.goal.toFixed(2)}, ${verdict})`);
  }
  print(`a run of 100 messages in a warm process: ${short.microsPerRun.toFixed(0)} µs (floor 150 µs, ${short.microsPerRun <= 150 ? 'met' : 'MISSED'})`);
  for (const { guarantees, ratio } of judging) {
    print(`a work queue judged by ${guarantees} guarantees takes ${ratio.toFixed(2)} times as long as by none (floor 1.25, ${ratio <= 1.25 ? 'met' : 'MISSED'})`);
  }
  print(`a search of ${search.plans} schedules of 1,000 messages on three nodes, of which ${search.effective} changed something: ${search.seconds.toFixed(1)} s in one thread (floor 60 s, goal 20 s, ${search.seconds <= 20 ? 'goal met' : search.seconds <= 60 ? 'met' : 'MISSED'})`);
}

function growths(rows) {
  return rows.flatMap((long) => {
    const shorter = rows.find((row) => row.workload === long.workload && row.count * 10 === long.count);
    return shorter === undefined ? [] : [{ workload: long.workload, growth: long.nanosPerMessage / shorter.nanosPerMessage }];
  });
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
