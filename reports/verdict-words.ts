/** The run in one sentence, and in one line of bookkeeping; the page and the terminal say the same. */
import type { ClaimVerdict, FaultResult, RefusalResult, RunResult, Verdict } from '../scenarios/result.ts';
import { count, plural } from './numbers.ts';

export const verdictSymbol: Readonly<Record<Verdict, string>> = { pass: '✓', fail: '✗', unknown: '?' };

export function verdictSentence(result: RunResult): string {
  const parts = [...claimParts(result), ...objectiveParts(result)];
  const ended = result.ended.reason === 'event-limit' || result.ended.reason === 'capacity' ? [`The run was cut short: ${stripped(result.ended.detail)}.`] : [];
  if (parts.length === 0) return ['The scenario claims nothing and sets no objectives.', ...ended].join(' ');
  return [`${capitalised(listed(parts))}.`, ...ended].join(' ');
}

/** Where among what their producers published lost messages lie, and on which nodes they were. */
export function locationText({ location }: ClaimVerdict): string {
  if (location === undefined) return '';
  const { prefix, middle, suffix } = location;
  const places = [[prefix, 'before the first of their producer that took effect'], [middle, 'in the midst'], [suffix, 'after the last']] as const;
  const on = Object.entries(location.nodes).map(([nodes, lost]) => `${count(lost)} on ${nodes}`);
  return [places.filter(([lost]) => lost > 0).map(([lost, place]) => `${count(lost)} ${place}`).join(', '), ...(on.length > 0 ? [on.join(', ')] : [])].join('; ');
}

/** How many messages broke a claim, unless its reason says so already; empty where none did. */
export function violationsText({ violations, reason = '' }: ClaimVerdict): string {
  if (violations === undefined || reason.includes(String(violations)) || reason.includes(count(violations))) return '';
  return `${plural(violations, 'message')} broke it`;
}

/** `F1 crash orders-mq.0` */
export function faultName({ id, label, target }: FaultResult): string {
  return label.includes(target) ? `${id} ${label}` : `${id} ${label} ${target}`;
}

/** `published 9 = confirmed 7 + refused 1 + unknown 1; handled 8, …` */
export function ledgerLine({ messages, duplicates }: Pick<RunResult, 'messages' | 'duplicates'>): string {
  const total = Object.values(messages.dropped).reduce((sum, amount) => sum + amount, 0);
  return (
    `published ${count(messages.published)} = confirmed ${count(messages.confirmed)} + refused ${count(messages.refused)} + unknown ${count(messages.unknown)}; ` +
    `handled ${count(messages.handled)}, duplicates ${count(messages.duplicates)}${causesOf(duplicates.effects)}, dead-lettered ${count(messages.deadLettered)}, ` +
    `dropped ${count(total)}${causesOf(messages.dropped)}, in flight ${count(messages.inFlight)}, ready ${count(messages.ready)}`
  );
}

/** ` (3 by crash(F1), 1 by rejected)`, or nothing. */
export function causesOf(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([cause, amount]) => `${count(amount)} by ${cause}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function claimParts(result: RunResult): string[] {
  const all = result.verdicts.length;
  if (all === 0) return [];
  const failed = result.verdicts.filter((claim) => claim.verdict === 'fail');
  const unknown = result.verdicts.filter((claim) => claim.verdict === 'unknown');
  if (failed.length + unknown.length === 0) return [all === 1 ? 'the claim holds' : `all ${plural(all, 'claim')} hold`];
  const names = (claims: readonly ClaimVerdict[]) => `(${claims.map(({ claim }) => claim).join(', ')})`;
  const parts = [];
  if (failed.length > 0) parts.push(`${some(failed.length, all, 'claim')} broken ${names(failed)}`);
  if (unknown.length > 0) parts.push(`${some(unknown.length, all, 'claim')} unproven ${names(unknown)}`);
  return parts;
}

function objectiveParts(result: RunResult): string[] {
  const all = result.objectives.length;
  if (all === 0) return [];
  const missed = result.objectives.filter((objective) => objective.met === false).length;
  const unknown = result.objectives.filter((objective) => objective.met === null).length;
  if (missed + unknown === 0) return [all === 1 ? 'the objective is met' : `all ${plural(all, 'objective')} are met`];
  const parts = [];
  if (missed > 0) parts.push(`${some(missed, all, 'objective')} missed`);
  if (unknown > 0) parts.push(`${some(unknown, all, 'objective')} not measured`);
  return parts;
}

/** `2 of 3 claims are`, or `the claim is` where there is but one. */
function some(amount: number, all: number, noun: string): string {
  return all === 1 ? `the ${noun} is` : `${count(amount)} of ${plural(all, noun)} ${amount === 1 ? 'is' : 'are'}`;
}

function listed(parts: readonly string[]): string {
  return parts.length <= 1 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function stripped(text: string): string {
  return text.replace(/[.\s]+$/, '');
}

/** Why a user could not do something, and which fault made it so. */
export function refusalReason({ why, by }: RefusalResult): string {
  return by === '' ? why : `${why} (${by})`;
}
