/** Golden summaries of runs: what is kept of a result, where, and how it is compared. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ClaimVerdict, Latency, ObjectiveResult, RecoveryResult, RunResult } from '../scenarios/result.ts';
import { projectRoot } from './source-files.ts';

export const goldenFolder = path.join(projectRoot, 'test', 'golden');
export const updateCommand = 'FAULTLINE_UPDATE_GOLDEN=1 npx vitest run test/library.test.ts';
const isUpdating = process.env.FAULTLINE_UPDATE_GOLDEN === '1';

type Json = string | number | boolean | null | { readonly [key: string]: Json } | readonly Json[];

/** Counts are exact; measured figures have four digits, which is more than anybody reads. */
export function goldenSummary(result: RunResult): Json {
  const { seed, fingerprint, events, messages, attempts, copies, deliveries, ended } = result;
  return {
    seed, fingerprint, events, simulatedSeconds: rounded(result.simulatedSeconds), ended: ended.reason, verdict: result.verdict,
    messages: { ...messages }, attempts: { ...attempts }, copies: { ...copies }, deliveries: { ...deliveries },
    ...(Object.keys(result.duplicates.deliveries).length > 0 && { duplicates: { effects: { ...result.duplicates.effects }, deliveries: { ...result.duplicates.deliveries } } }),
    ...goldenJudgement(result),
    faults: result.faults.map(({ id, label, target, begin, effect }) => `${id} ${label} of ${target} at ${rounded(begin)} s: ${effect}`),
    ...(result.alarms.length > 0 && { alarms: result.alarms.map(({ node, resource, begin, end, connectionsBlocked }) => `${resource} of ${node} from ${rounded(begin)} s to ${rounded(end)} s: ${connectionsBlocked} blocked`) }),
    ...(result.recoveries.length > 0 && { recoveries: result.recoveries.map(goldenRecovery) }),
    ...(result.refusals.length > 0 && { refusals: result.refusals.map(({ broker, user, what, why, by, count, first, last }) => `${user} of ${broker} could not ${what}: ${why}${by === '' ? '' : ` (${by})`}, ${count} times from ${rounded(first)} s to ${rounded(last)} s`) }),
    groups: mapValues(result.groups, (group) => ({
      throughput: rounded(group.throughput), utilisation: rounded(group.utilisation), meanInSystem: rounded(group.meanInSystem),
      waiting: latencySummary(group.latency.waiting), sojourn: latencySummary(group.latency.sojourn),
    })),
    queues: mapValues(result.queues, ({ backlog, deadLettered, redelivered }) => ({ backlogMax: backlog.max, backlogEnd: backlog.end, deadLettered, redelivered })),
    confirmLatency: mapValues(result.producers, ({ confirmLatency }) => latencySummary(confirmLatency)),
  };
}

function goldenRecovery(recovery: RecoveryResult): Json {
  const { fault, backup, recoveryPoint, recoveryTime, drainTime, messagesLost, copiesLost, copiesKept, broughtBack, duplicates, heldBack } = recovery;
  return {
    fault, backup: backup === null ? null : `${backup.of} at ${rounded(backup.takenAt)} s: ${backup.messages}`, recoveryPoint: rounded(recoveryPoint), recoveryTime: rounded(recoveryTime),
    drainTime: rounded(drainTime), messagesLost, copiesLost, copiesKept, broughtBack, duplicates, heldBack,
  };
}

/** Claims and objectives alone: what a change of one setting is judged by. */
export function goldenJudgement({ verdicts, observations, objectives }: RunResult): { readonly [key: string]: Json } {
  const judged = (claims: readonly ClaimVerdict[]): Json => Object.fromEntries(claims.map(({ claim, verdict, reason }) => [claim, reason === undefined ? verdict : `${verdict}: ${reason}`]));
  const met = ({ objective, value, met: isMet }: ObjectiveResult): [string, Json] => [objective, `${rounded(value)} ${isMet === null ? 'unknown' : isMet ? 'met' : 'missed'}`];
  return { verdicts: judged(verdicts), observations: judged(observations), objectives: Object.fromEntries(objectives.map(met)) };
}

function latencySummary({ count, mean, p50, p99, max }: Latency): Json {
  return { count, mean: rounded(mean), p50: rounded(p50), p99: rounded(p99), max: rounded(max) };
}

function rounded(value: number | 'Infinity' | null): Json {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => Json): Json {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/**
 * What differs from the golden summary of that name, a line for each field; written anew instead when updating.
 * In CI goldens are compared, whatever the environment says.
 */
export function compareWithGolden(name: string, summary: Json): string[] {
  const file = path.join(goldenFolder, `${name}.json`);
  if (isUpdating && process.env.CI === undefined) {
    mkdirSync(goldenFolder, { recursive: true });
    writeFileSync(file, `${JSON.stringify(summary, undefined, 2)}\n`);
    return [];
  }
  if (!existsSync(file)) return [`there is no golden summary ${name}.json yet`];
  return differences(JSON.parse(readFileSync(file, 'utf8')) as Json, JSON.parse(JSON.stringify(summary)) as Json, '');
}

export function differences(golden: Json | undefined, now: Json | undefined, at: string): string[] {
  if (isContainer(golden) && isContainer(now)) {
    const keys = [...new Set([...Object.keys(golden), ...Object.keys(now)])];
    return keys.flatMap((key) => differences((golden as Record<string, Json>)[key], (now as Record<string, Json>)[key], at === '' ? key : `${at}.${key}`));
  }
  return golden === now ? [] : [`${at}: ${JSON.stringify(golden)} in the golden summary, ${JSON.stringify(now)} now`];
}

function isContainer(value: Json | undefined): value is { readonly [key: string]: Json } | readonly Json[] {
  return typeof value === 'object' && value !== null;
}
