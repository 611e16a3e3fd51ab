/** Results as a run would yield them, made by arithmetic alone, so that reports can be tested without a simulation. */
import type { FaultResult, Latency, PercentileSeries, RecoveryResult, RunResult } from '../../scenarios/result.ts';
import { samplePredictions } from './sample-predictions.ts';

const windows = 240;
const length = 600;
const width = length / windows;
const capacity = 343;

/** A crash from 120 s to 140 s and a partition from 300 s to 315 s; all claims hold, all objectives are met. */
export function sampleResult(changes: Partial<RunResult> = {}): RunResult {
  const flow = fluid();
  const total = (values: readonly number[]) => Math.round(values.reduce((sum, value) => sum + value * width, 0));
  const published = total(flow.offered);
  const handled = published - 4;
  const sojourn = latency(handled, 0.047, 28);
  const waiting = latency(handled, 0.012, 27);
  const service = latency(handled, 0.031, 0.4);
  return {
    schema: 'faultline/result@1',
    version: '0.1.0',
    scenario: 'checkout',
    about: 'Orders go from the web to payments. What does a broker crash at peak do to latency, and is an order ever lost or charged twice?',
    seed: 1,
    reproduce: { file: 'scenarios/library/checkout.yaml', set: [], command: 'faultline run scenarios/library/checkout.yaml --seed 1' },
    fingerprint: '5f3a9c1e77d20b48',
    events: 2_164_902,
    simulatedSeconds: length,
    verdict: 'pass',
    ended: { reason: 'drained', detail: 'all queues were empty after 587 s' },
    phases: { warmUp: 30, measure: 540, drain: 30 },
    messages: {
      published, confirmed: published - 57, refused: 12, unknown: 45, handled, effects: handled, duplicates: 0, deduplicated: 31, deadLettered: 4,
      dropped: { 'crash(F1)': 9, 'partition(F2)': 3 }, inFlight: 0, ready: 0,
    },
    attempts: { sent: published + 6120, stored: published + 31, refused: 12, lost: { 'crash(F1)': 3410, 'partition(F2)': 2667 }, inTransit: 0 },
    copies: { stored: published + 31, ready: 0, inFlight: 0, acknowledged: published + 18, deadLettered: 4, dropped: { 'crash(F1)': 9 } },
    deliveries: { sent: published + 730, redelivered: 690, lost: 41, leasesExpired: 2, lateAcknowledgements: 31 },
    recovered: 0,
    duplicates: { effects: {}, deliveries: { 'crash(F1)': 400, 'lease-expired': 290 } },
    producers: {
      web: {
        publish: 'orders-mq/orders', count: 4, published, confirmed: published - 57, refused: 12, unknown: 45, attempts: published + 6120, retries: 6120,
        offeredRate: 200, confirmLatency: latency(published - 57, 0.0062, 24),
      },
    },
    groups: {
      payments: {
        throughput: 199.7, throughputInterval: [198.9, 200.6], utilisation: 0.583, meanInSystem: 214.3, latency: { waiting, service, sojourn },
        subscribe: 'orders-mq/orders', workers: 12, concurrency: 1, handled, failed: 604, deliveries: published + 730, redelivered: 690,
      },
    },
    queues: {
      'orders-mq/orders': {
        throughput: 199.7, throughputInterval: [198.9, 200.6], utilisation: 0.583, meanInSystem: 214.3, latency: { waiting, service, sojourn },
        backlog: { mean: 172.4, max: Math.round(Math.max(...flow.readyMax)), end: 0 }, inFlight: { mean: 41.9, max: 120, end: 0 },
        stored: published + 31, acknowledged: published + 18, redelivered: 690, deadLettered: 4, dropped: { 'crash(F1)': 9 },
        arrivalRate: 199.9, deadLetterQueue: false,
      },
      'orders-mq/orders.dead': {
        throughput: 0, throughputInterval: null, utilisation: 0, meanInSystem: 2.1, latency: { waiting: emptyLatency, service: emptyLatency, sojourn: emptyLatency },
        backlog: { mean: 2.1, max: 4, end: 4 }, inFlight: { mean: 0, max: 0, end: 0 },
        stored: 4, acknowledged: 0, redelivered: 0, deadLettered: 0, dropped: {}, arrivalRate: 0.00667, deadLetterQueue: true,
      },
    },
    faults: [
      { id: 'F1', kind: 'crash', label: 'crash', target: 'orders-mq.0', begin: 120, end: 140, effect: '9 copies that were not synced were lost; 4 connections closed', changed: 13 },
      { id: 'F2', kind: 'partition', label: 'partition', target: 'producers.web ↔ orders-mq', begin: 300, end: 315, effect: '2,667 frames were lost', changed: 2667 },
    ],
    verdicts: [
      { claim: 'at-least-once', id: 'D1', verdict: 'pass', reason: `all ${published - 57} confirmed messages were handled, 9 of them through a retry` },
      { claim: 'exactly-once-effect', id: 'D3', verdict: 'pass', reason: '31 repeated deliveries were held back by the idempotency store' },
      { claim: 'drained', id: 'L1', verdict: 'pass', reason: 'all queues were empty 17 s after the producers stopped' },
    ],
    observations: [],
    objectives: [
      { objective: 'p50(payments.sojourn) < 500ms', value: 0.047, limit: 0.5, unit: 's', interval: [0.0462, 0.0481], met: true, estimator: 'histogram' },
      { objective: 'p99(payments.sojourn) < 45s', value: 21.8, limit: 45, unit: 's', interval: [20.9, 22.6], met: true, estimator: 'histogram' },
      { objective: 'throughput(payments) > 190/s', value: 199.7, limit: 190, unit: '/s', interval: [198.9, 200.6], met: true, estimator: 'batch means' },
    ],
    alarms: [],
    recoveries: [],
    refusals: [],
    warnings: ['The lease of orders-mq/orders (30 s) is close to the longest service time that was seen (27.4 s).'],
    series: {
      window: width,
      times: flow.times,
      offered: flow.offered, confirmed: flow.confirmed, handled: flow.handled, redelivered: flow.redelivered,
      groups: { payments: { handled: flow.handled, utilisation: flow.utilisation, sojourn: flow.sojourn, waiting: flow.waiting } },
      queues: {
        'orders-mq/orders': { ready: flow.ready, readyMax: flow.readyMax, inFlight: flow.inFlight },
        'orders-mq/orders.dead': { ready: flow.dead, readyMax: flow.dead, inFlight: flow.times.map(() => 0) },
      },
    },
    ...samplePredictions,
    reached: { 'confirm after deadline': 45, 'delivery to a closed connection': 41, 'lease expired': 2, 'restart with unsynced copies': 1 },
    checkpoints: [{ events: 1_048_576, seconds: 291.4, fingerprint: '0b7741c2a9de3310' }],
    methods: {
      percentiles: 'from a histogram with a relative error of at most 0.8 %',
      intervals: '95 % by batch means over 20 batches',
    },
    ...changes,
  };
}

/** A claim broken with a witness, another one that could not be judged, an objective missed, one not measured, one at infinity. */
export function failingResult(): RunResult {
  const sample = sampleResult();
  return {
    ...sample,
    verdict: 'fail',
    reproduce: { file: 'scenarios/library/checkout.yaml', set: ['params.load=80/s', 'brokers.orders-mq.storage.confirm=before-sync'], command: "faultline run scenarios/library/checkout.yaml --seed 1 --set params.load=80/s --set brokers.orders-mq.storage.confirm=before-sync" },
    verdicts: [
      {
        claim: 'at-least-once', id: 'D1', verdict: 'fail', reason: '9 confirmed messages were never handled', violations: 9,
        witness: { message: 'web.2/24117', summary: 'confirmed at 119.96 s, lost by crash(F1) at 120 s before its sync, never handled', at: 120 },
        witnesses: [
          { message: 'web.2/24117', summary: 'confirmed at 119.96 s, lost by crash(F1) at 120 s before its sync, never handled', at: 120 },
          { message: 'web.0/24120', summary: 'confirmed at 119.98 s, lost by crash(F1) at 120 s before its sync, never handled', at: 120 },
        ],
      },
      { claim: 'exactly-once-effect', id: 'D3', verdict: 'unknown', reason: 'no message was delivered twice, so nothing could have broken it' },
      { claim: 'drained', id: 'L1', verdict: 'pass' },
    ],
    observations: [
      { claim: 'order-per-key', id: 'O3', verdict: 'fail', reason: 'messages of a key overtook an earlier one', violations: 12, witness: { message: 'web.1/9', summary: 'first delivered before web.1/4 of the same key', at: 141.25 } },
    ],
    objectives: [
      { objective: 'p50(payments.sojourn) < 500ms', value: 0.047, limit: 0.5, unit: 's', interval: [0.0462, 0.0481], met: true, estimator: 'histogram' },
      { objective: 'p99(payments.sojourn) < 10s', value: 21.8, limit: 10, unit: 's', interval: [20.9, 22.6], met: false, estimator: 'histogram' },
      { objective: 'throughput(payments) > 199/s', value: 199.7, limit: 199, unit: '/s', interval: [198.9, 200.6], met: true, estimator: 'batch means' },
      { objective: 'max(payments.waiting) < 60s', value: 'Infinity', limit: 60, unit: 's', interval: null, met: false, estimator: 'histogram' },
      { objective: 'p99(refunds.sojourn) < 1s', value: null, limit: 1, unit: 's', interval: null, met: null, estimator: 'histogram' },
    ],
  };
}

/** Cut short by the event limit, with nothing proven. */
export function unknownResult(): RunResult {
  return sampleResult({
    verdict: 'unknown',
    ended: { reason: 'event-limit', detail: 'the limit of 1,000,000 events was reached at 277 s' },
    verdicts: [{ claim: 'drained', id: 'L1', verdict: 'unknown', reason: 'the run ended before it could drain' }],
    objectives: [],
  });
}

/** Messages are published and nobody reads them; nothing is claimed. */
export function unconsumedResult(): RunResult {
  const sample = sampleResult();
  const zero = sample.series.times.map(() => 0);
  return {
    ...sample,
    messages: { ...sample.messages, handled: 0, effects: 0, deduplicated: 0, deadLettered: 0, dropped: {}, ready: sample.messages.published },
    groups: {}, verdicts: [], objectives: [], faults: [], warnings: [],
    series: { ...sample.series, handled: zero, redelivered: zero, groups: {} },
  };
}

/** Nothing was published, and nothing observed. */
export function emptyResult(): RunResult {
  return {
    ...sampleResult(),
    about: '', events: 0, simulatedSeconds: 0, ended: { reason: 'time', detail: '' }, phases: { warmUp: 0, measure: 0, drain: 0 },
    messages: { published: 0, confirmed: 0, refused: 0, unknown: 0, handled: 0, effects: 0, duplicates: 0, deduplicated: 0, deadLettered: 0, dropped: {}, inFlight: 0, ready: 0 },
    attempts: { sent: 0, stored: 0, refused: 0, lost: {}, inTransit: 0 },
    copies: { stored: 0, ready: 0, inFlight: 0, acknowledged: 0, deadLettered: 0, dropped: {} },
    deliveries: { sent: 0, redelivered: 0, lost: 0, leasesExpired: 0, lateAcknowledgements: 0 },
    producers: {}, groups: {}, queues: {}, faults: [], verdicts: [], observations: [], objectives: [], warnings: [],
    series: { window: 1, times: [], offered: [], confirmed: [], handled: [], redelivered: [], groups: {}, queues: {} },
    reached: {}, checkpoints: [], methods: {},
  };
}

/** Twelve faults, most of them at once, one of them endless and one without a duration. */
export function manyFaultsResult(): RunResult {
  const faults = Array.from({ length: 12 }, (_, index): FaultResult => ({
    id: `F${index + 1}`, kind: 'slow', label: `slow disk ×${2 + index}`, target: `orders-mq.${index % 3}`,
    begin: 100 + index * 17, end: index === 5 ? null : index === 7 ? 100 + index * 17 : 260 + index * 21, effect: index === 3 ? '' : 'syncs took longer', changed: index === 3 ? 0 : 40 + index,
  }));
  return sampleResult({ faults });
}

/** Groups that saw nothing, and windows without an observation: the crash and the partition leave gaps. */
export function sparseResult(): RunResult {
  const sample = sampleResult();
  const payments = sample.groups.payments!;
  const none = sample.series.times.map(() => null);
  const nothing: PercentileSeries = { p50: none, p90: none, p99: none, max: none };
  return {
    ...sample,
    groups: { ...sample.groups, refunds: { ...payments, throughput: 0, throughputInterval: null, utilisation: 0, meanInSystem: 0, handled: 0, latency: { waiting: emptyLatency, service: emptyLatency, sojourn: { ...emptyLatency, max: 'Infinity' } } } },
    series: { ...sample.series, groups: { ...sample.series.groups, refunds: { handled: none.map(() => 0), utilisation: none.map(() => 0), sojourn: nothing, waiting: nothing } } },
  };
}

/** Text that would do harm in HTML, in an attribute, in a script, in SVG, in an expression, in a terminal or in a spreadsheet. */
export const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'\`\${x}&amp; datum['a'].b\\ \u001b[31m\u202e\u2028\t]]>--><!--`;

/** The same hostile text in every string of a result, keys included. */
export function hostileResult(): RunResult {
  const fixed = new Set(['schema', 'verdict', 'unit']);
  const poisoned = (value: unknown, key: string, depth: number): unknown => {
    // What the contract fixes stays: constants, units, verdicts, infinity.
    if (typeof value === 'string') return value === 'Infinity' || fixed.has(key) || (key === 'reason' && depth === 2 && value === 'drained') ? value : `${hostile} ${value}`;
    if (Array.isArray(value)) return value.map((item) => poisoned(item, key, depth + 1));
    if (value === null || typeof value !== 'object') return value;
    const records = new Set(['dropped', 'lost', 'producers', 'groups', 'queues', 'reached', 'methods']);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [records.has(key) ? `=cmd ${hostile} ${name}` : name, poisoned(inner, name, depth + 1)]));
  };
  return poisoned(failingResult(), '', 0) as RunResult;
}

const emptyLatency: Latency = {
  count: 0, mean: null, interval: null, p50: null, p90: null, p95: null, p99: null, p999: null, p9999: null, max: null, distribution: { upTo: [], count: [] },
};

/** Most observations around a median, and one in twenty spread out up to a maximum, as after an outage. */
function latency(count: number, median: number, max: number): Latency {
  const buckets = 140;
  const upTo = Array.from({ length: buckets }, (_, index) => (median / 6) * Math.exp((Math.log((max * 6) / median) * (index + 1)) / buckets));
  const body = (x: number) => 1 / (1 + Math.exp(-(Math.log(x / median) / 0.28)));
  const tail = (x: number) => Math.min(1, Math.sqrt(x / max));
  const below = (x: number) => (x >= max * 0.999 ? 1 : 0.95 * body(x) + 0.05 * tail(x));
  const cumulative = upTo.map((x) => Math.round(count * below(x)));
  const at = (share: number) => upTo[cumulative.findIndex((value) => value >= share * count)]!;
  return {
    count, mean: median * 1.1 + 0.05 * max * 0.33, interval: [median * 1.05 + 0.04 * max * 0.33, median * 1.15 + 0.06 * max * 0.33],
    p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), p999: at(0.999), p9999: at(0.9999), max,
    distribution: { upTo, count: cumulative.map((value, index) => value - (cumulative[index - 1] ?? 0)) },
  };
}

/** Messages as a fluid: held at the producers while the broker is away, then in its queue, then handled. */
function fluid() {
  const times = Array.from({ length: windows }, (_, index) => (index + 1) * width);
  const rows = times.map((time, index) => {
    const crashed = time > 120 && time <= 140;
    const cut = time > 300 && time <= 315;
    return { time, crashed, cut, offered: time > 570 ? 0 : 200 + ripple(index, 9), confirmed: 0, handled: 0, held: 0, ready: 0 };
  });
  let held = 0;
  let ready = 0;
  for (const row of rows) {
    held += row.offered * width;
    const confirmed = row.crashed || row.cut ? 0 : Math.min(held, 900 * width);
    held -= confirmed;
    ready += confirmed;
    const handled = row.crashed ? 0 : Math.min(ready, capacity * width);
    ready -= handled;
    Object.assign(row, { confirmed: confirmed / width, handled: handled / width, held, ready });
  }
  const delay = rows.map((row) => row.held / 900 + row.ready / capacity);
  const percentiles = (base: number, spread: number): PercentileSeries => {
    const at = (factor: number) => rows.map((row, index) => (row.handled === 0 ? null : (base + delay[index]!) * factor * (1 + ripple(index, 0.04))));
    return { p50: at(1), p90: at(1 + spread), p99: at(1 + 2.4 * spread), max: at(1 + 4 * spread) };
  };
  return {
    times,
    offered: rows.map((row) => row.offered), confirmed: rows.map((row) => row.confirmed), handled: rows.map((row) => row.handled),
    redelivered: rows.map((row, index) => (row.time > 140 && row.time <= 150 ? 48 : row.time > 570 ? 0 : 1 + ripple(index + 7, 0.8))),
    utilisation: rows.map((row) => row.handled / capacity),
    ready: rows.map((row) => row.ready), readyMax: rows.map((row) => Math.ceil(row.ready * 1.1)), inFlight: rows.map((row) => Math.min(120, row.handled / 8 + row.ready)),
    dead: rows.map((row) => (row.time > 141 ? 3 : 0) + (row.time > 330 ? 1 : 0)),
    sojourn: percentiles(0.045, 0.9), waiting: percentiles(0.011, 1.4),
  };
}

/** Between minus and plus `size`, without a pattern that the eye would find. */
function ripple(index: number, size: number): number {
  const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  return ((Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 0) / 0xffffffff * 2 - 1) * size;
}

/** Restored from a snapshot that lacked some of what was confirmed; from definitions; from nothing, and never back; and healed before it was. */
export function restoredResult(): RunResult {
  const recovery: RecoveryResult = {
    fault: 'F2', broker: 'orders-mq', backup: { fault: 'F1', of: 'snapshot', takenAt: 60, finishedAt: 60.5, messages: 1200, bytes: 1_800_000 }, lostAt: 100, startedAt: 130, servedAt: 134.5, drainedAt: 190,
    recoveryPoint: 40, recoveryTime: 34.5, drainTime: 90, messagesLost: 424, lostBeforeBackup: 24, oldestLost: 66, copiesLost: 430, copiesKept: 3, broughtBack: 1197, duplicates: 1150, heldBack: 47,
  };
  const bare = { messagesLost: 1, lostBeforeBackup: 0, oldestLost: 3, broughtBack: 0, duplicates: 0, heldBack: 0, recoveryPoint: 'Infinity' } as const;
  return {
    ...sampleResult(),
    recoveries: [
      recovery,
      { ...recovery, ...bare, fault: 'F3', backup: { ...recovery.backup!, of: 'definitions', messages: 0, bytes: 0 }, drainedAt: null, drainTime: 'Infinity' },
      { ...recovery, ...bare, fault: 'F4', backup: null, startedAt: null, servedAt: null, drainedAt: null, recoveryTime: 'Infinity', drainTime: 'Infinity' },
      { ...recovery, ...bare, fault: 'F5', backup: { ...recovery.backup!, of: 'stopped' }, recoveryPoint: 40, recoveryTime: null, drainTime: null },
    ],
  };
}
