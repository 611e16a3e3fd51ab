/** A finished run as plain data. */
import { assert } from '../sim/assert.ts';
import { meanInterval } from '../sim/confidence.ts';
import type { LatencyRecorder } from '../sim/metrics.ts';
import type { JudgedClaim, System } from '../models/build.ts';
import type { ConsumerGroup } from '../models/consumer-group.ts';
import type { CauseId } from '../models/causes.ts';
import type { StruckFault } from '../models/faults/schedule.ts';
import type { EndOfRun, Finding } from '../models/invariants/invariant.ts';
import type { QueueAccount } from '../models/queue-account.ts';
import { latencyOf } from './latency-of.ts';
import type { Measurements } from './measurements.ts';
import { methods } from './methods.ts';
import { objectiveResults } from './objective-results.ts';
import type {
  ClaimVerdict, FaultResult, GroupResult, Latencies, ObjectiveResult, ProducerResult, QueueResult, RunResult, Verdict,
} from './result.ts';
import { resultSchema } from './result.ts';
import { recoveryResults } from './recovery-results.ts';
import type { RunOptions } from './run-options.ts';
import type { Scenario } from './scenario.ts';
import { theoryBeside } from './predictions/theory-beside.ts';
import { seriesOf } from './series-of.ts';
import { batchRates } from './batches.ts';
import { endOfRun } from './end-of-run.ts';
import { version } from './version.ts';

/** Why a run ended. */
export interface Ended {
  readonly reason: RunResult['ended']['reason'];
  readonly detail: string;
}

export function resultOf(scenario: Scenario, system: System, measurements: Measurements, ended: Ended, options: RunOptions): RunResult {
  const { world } = system;
  const end = endOfRun(system);
  world.ledger.closeAll();
  const findings = judgeAll(system.judged, end, ended);
  checkLittle(system, findings);
  const groups = groupResults(system, measurements);
  const queues = queueResults(system, measurements, groups);
  const producers = producerResults(system, measurements);
  const lost = findings.find(({ judged }) => judged.invariant.claim === 'at-least-once')!.finding;
  const recoveries = recoveryResults(world.recoveries);
  const objectives = objectiveResults(scenario.objectives, { groups, queues, producers, recoveries, system, measurements, end, lost, wasCut: wasCut(ended) });
  const faults = system.faults.struck.map(faultResult);
  const verdicts = findings.filter(({ judged }) => judged.isClaimed || judged.invariant.isAlways).map(claimVerdict);
  return {
    schema: resultSchema,
    version,
    scenario: scenario.name,
    about: scenario.about,
    seed: scenario.seed,
    reproduce: { file: options.file ?? '', ...(options.variant !== undefined && { variant: options.variant }), set: options.set ?? [], command: reproduceCommand(scenario.seed, options) },
    fingerprint: world.sim.fingerprint.value,
    events: world.sim.count,
    simulatedSeconds: world.sim.now / 1e9,
    verdict: verdictOf(verdicts, objectives, ended),
    ended,
    phases: { warmUp: scenario.phases.warmUp / 1e9, measure: measurements.measuredFor / 1e9, drain: Math.max(0, world.sim.now - world.phases.healAt) / 1e9 },
    ...accounts(system),
    producers,
    groups,
    queues,
    faults,
    alarms: world.alarms.all.map(({ node, resource, begin, end, blocked }) => ({ node, resource, begin: begin / 1e9, end: end === undefined ? null : end / 1e9, connectionsBlocked: blocked })),
    recoveries,
    refusals: world.refusals.all.map(({ first, last, ...refusal }) => ({ ...refusal, first: first / 1e9, last: last / 1e9 })),
    verdicts,
    observations: findings.filter(({ judged, finding }) => !judged.isClaimed && !judged.invariant.isAlways && finding.verdict === 'fail').map(claimVerdict),
    objectives,
    warnings: warningsOf(system, scenario),
    ...theoryBeside(scenario, { system, measurements, queues, faults }, options.predict ?? true),
    series: seriesOf(measurements),
    reached: world.sim.trace.reachedPaths,
    checkpoints: world.sim.fingerprint.checkpoints.map(({ events, time, fingerprint }) => ({ events, seconds: time / 1e9, fingerprint })),
    methods,
  };
}

interface Judged {
  readonly judged: JudgedClaim;
  readonly finding: Finding;
}

/** A run that was cut short proves nothing of what is still to come; what it broke it broke. */
function judgeAll(judged: readonly JudgedClaim[], end: EndOfRun, ended: Ended): Judged[] {
  return judged.map((each) => {
    const finding = each.judge.verdict(end);
    const isLiveness = each.invariant.claim === 'drained' || each.invariant.claim === 'no-stuck-message';
    const isSettled = each.invariant.isAlways === true || (finding.verdict === 'fail' && !isLiveness);
    if (!wasCut(ended) || isSettled) return { judged: each, finding };
    return { judged: each, finding: { verdict: 'unknown', reason: `the run was cut short: ${ended.detail}` } };
  });
}

function wasCut(ended: Ended): boolean {
  return ended.reason === 'event-limit' || ended.reason === 'capacity';
}

/** The engine checks itself: Little's law holds on the path of every run, to the nanosecond. */
function checkLittle({ world }: System, findings: readonly Judged[]): void {
  if (findings.some(({ judged, finding }) => judged.invariant.claim === 'conservation' && finding.verdict === 'fail')) return;
  const inside = new Map<QueueAccount, number[]>(world.ledger.queues.map((queue) => [queue, []]));
  world.ledger.buckets.stillInside((queue, since) => inside.get(queue)!.push(since));
  for (const [queue, since] of inside) {
    assert(queue.littleHolds(world.sim.now, since), `Little's law does not hold on the path of ${queue.name}`);
  }
}

function verdictOf(verdicts: readonly ClaimVerdict[], objectives: readonly ObjectiveResult[], ended: Ended): Verdict {
  if (verdicts.some(({ verdict }) => verdict === 'fail') || objectives.some(({ met }) => met === false)) return 'fail';
  if (wasCut(ended)) return 'unknown';
  if (verdicts.some(({ verdict }) => verdict === 'unknown') || objectives.some(({ met }) => met === null)) return 'unknown';
  return 'pass';
}

function claimVerdict({ judged: { invariant }, finding }: Judged): ClaimVerdict {
  const { claim, id } = invariant;
  if (finding.verdict !== 'fail') return { claim, id, verdict: finding.verdict, ...(finding.reason !== undefined && { reason: finding.reason }) };
  const witnesses = finding.witnesses.map((witness) => ({ ...witness, at: witness.at / 1e9 }));
  return { claim, id, verdict: 'fail', reason: finding.reason, witness: witnesses[0]!, violations: finding.violations, witnesses, ...(finding.location && { location: finding.location }) };
}

function accounts({ world }: System): Pick<RunResult, 'messages' | 'attempts' | 'copies' | 'deliveries' | 'duplicates' | 'recovered'> {
  const { ledger, causes } = world;
  const { totals, queues } = ledger;
  const dropped = new Map<CauseId, number>();
  let ready = 0;
  let inFlight = 0;
  let parked = 0;
  for (const queue of queues) {
    for (const [cause, count] of queue.dropped) dropped.set(cause, (dropped.get(cause) ?? 0) + count);
    if (queue.parking) parked += queue.ready.value;
    ready += queue.ready.value;
    inFlight += queue.inFlight.value;
  }
  const droppedOrAbandoned = new Map(dropped);
  for (const [cause, count] of ledger.abandonedBy) droppedOrAbandoned.set(cause, (droppedOrAbandoned.get(cause) ?? 0) + count);
  const byCause = (counts: ReadonlyMap<CauseId, number>): Record<string, number> =>
    Object.fromEntries([...counts].map(([cause, count]): [string, number] => [causes.text(cause), count]).sort(([one], [other]) => (one < other ? -1 : 1)));
  const lost = byCause(ledger.attemptsLost);
  const lostInAll = Object.values(lost).reduce((sum, count) => sum + count, 0);
  const { published, confirmed, refused, handled, effects, duplicates, deduplicated, deadLettered } = totals;
  return {
    messages: {
      published, confirmed, refused, unknown: published - confirmed - refused, handled, effects, duplicates, deduplicated, deadLettered,
      dropped: byCause(droppedOrAbandoned), inFlight, ready: ready - parked,
    },
    attempts: {
      sent: totals.sent, stored: totals.attemptsStored, refused: totals.attemptsRefused, lost,
      inTransit: totals.sent - totals.attemptsStored - totals.attemptsRefused - lostInAll,
    },
    copies: { stored: totals.stored, ready, inFlight, acknowledged: totals.acknowledged, deadLettered, dropped: byCause(dropped) },
    deliveries: {
      sent: totals.deliveries, redelivered: totals.redelivered, lost: totals.deliveriesLost,
      leasesExpired: totals.leasesExpired, lateAcknowledgements: totals.lateAcknowledgements,
    },
    recovered: totals.recovered,
    duplicates: { effects: byCause(ledger.duplicates.effects), deliveries: byCause(ledger.duplicates.deliveries) },
  };
}

function groupResults({ consumers, world }: System, measurements: Measurements): Record<string, GroupResult> {
  const span = Math.max(1, measurements.measuredFor) / 1e9;
  const entries = consumers.groups.map((group): [string, GroupResult] => {
    const measured = measurements.groups.get(group)!;
    const queue = world.ledger.queues[group.queue]!;
    const windows = measurements.groupWindows.get(group)!;
    return [group.name, {
      subscribe: queue.name,
      workers: group.spec.count,
      concurrency: group.spec.concurrency,
      throughput: measured.handled / span,
      throughputInterval: meanInterval(batchRates(measurements, windows.handled)),
      utilisation: measured.utilisation,
      meanInSystem: measurements.queues.get(queue)!.ready.mean * shareOfQueue(group, consumers.groups, measurements) + measured.meanInHand,
      latency: latenciesOf([group]),
      handled: group.handled,
      failed: group.failed,
      deliveries: group.deliveries,
      redelivered: group.redelivered,
    }];
  });
  return Object.fromEntries(entries);
}

/** Which part of a queue's ready messages counts as a group's: by what it handles, when several groups read the queue. */
function shareOfQueue(group: ConsumerGroup, groups: readonly ConsumerGroup[], measurements: Measurements): number {
  const handled = (each: ConsumerGroup): number => measurements.groups.get(each)!.handled;
  const readers = groups.filter((each) => each.queue === group.queue);
  const all = readers.reduce((sum, each) => sum + handled(each), 0);
  return all === 0 ? 1 / readers.length : handled(group) / all;
}

function queueResults({ world, consumers }: System, measurements: Measurements, groups: Record<string, GroupResult>): Record<string, QueueResult> {
  const span = Math.max(1, measurements.measuredFor) / 1e9;
  const deadLetterTargets = new Set([...world.brokers.values()].flatMap((broker) => broker.guarantees().map(({ deadLetter }) => deadLetter)));
  const entries = world.ledger.queues.map((queue, id): [string, QueueResult] => {
    const measured = measurements.queues.get(queue)!;
    const readers = consumers.groups.filter((group) => group.queue === id);
    const servers = readers.reduce((sum, group) => sum + group.servers, 0);
    const busy = readers.reduce((sum, group) => sum + measurements.groups.get(group)!.utilisation * group.servers, 0);
    return [queue.name, {
      throughput: readers.reduce((sum, group) => sum + groups[group.name]!.throughput, 0),
      throughputInterval: readers.length === 1 ? groups[readers[0]!.name]!.throughputInterval : null,
      utilisation: servers === 0 ? 0 : busy / servers,
      meanInSystem: measured.ready.mean + measured.inFlight.mean,
      latency: latenciesOf(readers),
      backlog: { ...measured.ready, end: queue.ready.value },
      inFlight: { ...measured.inFlight, end: queue.inFlight.value },
      stored: queue.stored,
      acknowledged: queue.acknowledged,
      redelivered: queue.redelivered,
      deadLettered: queue.deadLettered,
      dropped: Object.fromEntries([...queue.dropped].map(([cause, count]) => [world.causes.text(cause), count])),
      arrivalRate: measured.stored / span,
      deadLetterQueue: deadLetterTargets.has(id as (typeof readers)[number]['queue']),
    }];
  });
  return Object.fromEntries(entries);
}

function latenciesOf(groups: readonly { waiting: LatencyRecorder; service: LatencyRecorder; sojourn: LatencyRecorder }[]): Latencies {
  return {
    waiting: latencyOf(groups.map((group) => group.waiting)),
    service: latencyOf(groups.map((group) => group.service)),
    sojourn: latencyOf(groups.map((group) => group.sojourn)),
  };
}

function producerResults({ producers }: System, measurements: Measurements): Record<string, ProducerResult> {
  const span = Math.max(1, measurements.measuredFor) / 1e9;
  const entries = producers.groups.map((group): [string, ProducerResult] => {
    const { published, confirmed, refused, attempts, confirmLatency } = group.publishing;
    return [group.name, {
      publish: group.spec.publish,
      count: group.spec.count,
      published, confirmed, refused, unknown: published - confirmed - refused,
      attempts,
      retries: Math.max(0, attempts - group.publishing.firstAttempts),
      offeredRate: measurements.publishedByGroup.get(group.name)! / span,
      confirmLatency: latencyOf([confirmLatency]),
    }];
  });
  return Object.fromEntries(entries);
}

function faultResult(strike: StruckFault): FaultResult {
  const { id, kind, label, target, counts, changed } = strike;
  return {
    id, kind, label, target, begin: strike.begin / 1e9, end: strike.end === undefined ? null : strike.end / 1e9,
    effect: changed > 0 ? `${counts}: ${changed}` : '', changed,
  };
}

function warningsOf({ faults }: System, scenario: Scenario): string[] {
  const idle = faults.struck.filter((strike) => strike.changed === 0).map((strike) => `${strike.id} (${strike.label} ${strike.target}) changed nothing`);
  const struck = new Set(faults.struck.map((strike) => strike.id));
  const never = scenario.faults.map((_fault, index) => `F${index + 1}`).filter((id) => !struck.has(id)).map((id) => `${id} never struck`);
  return [...idle, ...never];
}

function reproduceCommand(seed: number, { file, variant, set = [], allowPath = [], maxEvents }: RunOptions): string {
  const chosen = variant === undefined ? [] : [`--variant ${quoted(variant)}`];
  const words = ['npx faultline run', quoted(file ?? 'SCENARIO'), `--seed ${seed}`, ...chosen, ...set.map((each) => `--set ${quoted(each)}`), ...allowPath.map((each) => `--allow-path ${quoted(each)}`)];
  if (maxEvents !== undefined) words.push(`--max-events ${maxEvents}`);
  return words.join(' ');
}

/** For a POSIX shell: bare when nothing in it means anything there. */
function quoted(word: string): string {
  return /^[\w./=:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
