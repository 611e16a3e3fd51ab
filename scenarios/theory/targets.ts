/** What a station is wanted to do, on the command line: `--p99-wait "<50ms"`, `--utilisation "<0.8"`. */
import { shown } from '../../models/theory/checks.ts';
import type { Quantity } from '../../models/theory/parameters.ts';
import type { TheoryModel } from '../../models/theory/theory-model.ts';
import { resultNumber } from '../result-number.ts';
import type { TargetResult } from '../theory-result.ts';
import type { TheoryProblem } from './problem.ts';
import { readQuantity } from './quantities.ts';

export interface Target {
  /** `p99 wait < 50ms`, as it was asked. */
  readonly text: string;
  readonly metric: string;
  readonly quantity: Quantity;
  /** The parameters that the metric is asked with, besides those of the question. */
  readonly given: Readonly<Record<string, number>>;
  readonly limit: number;
  /** The limit itself is too much. */
  readonly isStrict: boolean;
}

interface TargetOption {
  readonly flag: string;
  readonly about: string;
  readonly quantity: 'time' | 'probability';
  /** As it is said of the answer. */
  readonly words: string;
  /** Names of it in the models; the first that a model has. */
  readonly metrics: readonly string[];
}

export const targetOptions: readonly TargetOption[] = [
  { flag: '--mean-wait', about: 'the mean time before service', quantity: 'time', words: 'mean wait', metrics: ['Wq'] },
  { flag: '--mean-sojourn', about: 'the mean time from arrival to departure', quantity: 'time', words: 'mean sojourn', metrics: ['W', 'mean_total_time'] },
  { flag: '--wait-probability', about: 'the share of messages that find no free server', quantity: 'probability', words: 'wait probability', metrics: ['P_wait', 'P_wait_accepted'] },
  { flag: '--utilisation', about: 'the share of servers that are busy', quantity: 'probability', words: 'utilisation', metrics: ['utilization'] },
  { flag: '--loss', about: 'the share of messages that are turned away or give up', quantity: 'probability', words: 'loss', metrics: ['P_block', 'P_abandon', 'B', 'call_congestion'] },
];
const spellings: Readonly<Record<string, string>> = { '--utilization': '--utilisation' };

/** The percentiles that help and completion show; any other is understood, too. */
export const percentileOptions: readonly { readonly flag: string; readonly about: string }[] = [
  { flag: '--p95-wait', about: 'a percentile of the time before service' },
  { flag: '--p99-wait', about: 'the same, with any other number: --p50-wait, --p99.9-wait' },
  { flag: '--p95-sojourn', about: 'a percentile of the time from arrival to departure' },
  { flag: '--p99-sojourn', about: 'the same, with any other number' },
];

/** Above 0 and below 100. */
const percentileFlag = /^--p((?=[\d.]*[1-9])\d{1,2}(?:\.\d{1,9})?)-(wait|sojourn)$/;
const numberedFlag = /^--p(-?[\d.,]+)-(wait|sojourn)$/;

export function isTargetFlag(flag: string): boolean {
  return percentileFlag.test(flag) || targetOptions.some((option) => option.flag === (spellings[flag] ?? flag));
}

/** What is wrong with an option that is written as a percentile and is none; undefined where it is not. */
export function percentileProblem(flag: string): TheoryProblem | undefined {
  const match = percentileFlag.test(flag) ? null : numberedFlag.exec(flag);
  if (match === null) return undefined;
  const [, written, what] = match;
  // Many say p999 where they mean 99.9.
  const digits = /^(9\d)(\d{1,9})$/.exec(written!.replaceAll(/[.,]/g, ''));
  const hint = digits === null ? `as in --p99-${what} "<50ms"` : `did you mean --p${Number(`${digits[1]}.${digits[2]}`)}-${what}?`;
  return { about: flag, found: 'no percentile', wanted: 'a number between 0 and 100, with at most nine decimals,', hint };
}

/** What an option asks of a model; or what is wrong with it. */
export function readTarget(flag: string, text: string, model: TheoryModel): Target | TheoryProblem {
  const percentile = percentileFlag.exec(flag);
  const option = targetOptions.find((each) => each.flag === (spellings[flag] ?? flag));
  const quantity = percentile === null ? option!.quantity : 'time';
  const bound = readBound(flag, text, quantity);
  if ('about' in bound) return bound;
  const asked = percentile === null ? plainTarget(option!, bound, model) : percentileTarget(percentile, bound, model);
  if (asked !== undefined) return asked;
  const told = Object.keys(model.metrics).join(', ');
  return { about: flag, found: `nothing that ${model.name} tells`, hint: `its metrics are ${told}` };
}

interface Bound {
  readonly text: string;
  readonly limit: number;
  readonly isStrict: boolean;
}

function readBound(flag: string, text: string, quantity: 'time' | 'probability'): Bound | TheoryProblem {
  const match = /^\s*(<=|<|≤)?\s*([^<>=≤≥]+)$/.exec(text);
  const example = quantity === 'time' ? '"<50ms"' : '"<0.8" or "<80%"';
  const wanted = quantity === 'time' ? 'a time that it is to be below' : 'a share from 0 to 1 that it is to be below';
  const problem: TheoryProblem = { about: flag, found: shown(text), wanted, hint: text.includes('>') ? `only upper limits can be asked for, as in ${flag} ${example}` : `write ${flag} ${example}, with the quotes` };
  if (match === null) return problem;
  const written = match[2]!.trim();
  const limit = /^[\d.]+(e[+-]?\d+)?$/.test(written) && quantity === 'time' ? Number(written) : readQuantity(written, quantity);
  if (limit === undefined || !Number.isFinite(limit)) return problem;
  const sign = match[1] ?? '<=';
  return { text: `${sign === '≤' ? '<=' : sign} ${written}`, limit, isStrict: sign === '<' };
}

function plainTarget(option: TargetOption, { text, limit, isStrict }: Bound, model: TheoryModel): Target | undefined {
  const metric = option.metrics.find((name) => Object.hasOwn(model.metrics, name));
  return metric === undefined ? undefined : { text: `${option.words} ${text}`, metric, quantity: option.quantity, given: {}, limit, isStrict };
}

/** By the quantile where the model tells it; otherwise by the tail, which says the same: P(wait > limit) ≤ 1 − p. */
function percentileTarget([, percent, what]: RegExpExecArray, bound: Bound, model: TheoryModel): Target | undefined {
  const order = Number(`${percent}e-2`);
  const text = `p${percent} ${what} ${bound.text}`;
  const [quantile, tail] = what === 'wait' ? ['Wq_quantile', 'P_Wq_gt_t'] : ['W_quantile', 'P_W_gt_t'];
  const has = (metric: string, parameter: string) => Object.hasOwn(model.metrics, metric) && Object.hasOwn(model.parameters, parameter);
  if (has(quantile!, 'p')) return { text, metric: quantile!, quantity: 'time', given: { p: order }, limit: bound.limit, isStrict: bound.isStrict };
  if (has(tail!, 't')) return { text, metric: tail!, quantity: 'probability', given: { t: bound.limit }, limit: Number(`${Number((100 - Number(percent)).toFixed(9))}e-2`), isStrict: bound.isStrict };
  return undefined;
}

export function judge(target: Target, metrics: Readonly<Record<string, number>>): TargetResult {
  const value = metrics[target.metric] ?? NaN;
  const { text, metric, given, limit, quantity } = target;
  return { target: text, metric, given, limit, quantity, value: resultNumber(value), met: target.isStrict ? value < limit : value <= limit };
}
