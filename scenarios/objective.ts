/**
 * Objectives: `statistic(target.measure) comparison quantity`, as in `p99(payments.sojourn) < 45s`.
 *
 *   mean, max, p1 … p99.99   (group.measure or broker/queue.measure)   a duration
 *   throughput               (group, producer, broker/queue, or nothing for the whole scenario)   a rate
 *   utilisation              (group)   a number or a percentage
 *   backlog                  (broker/queue)   the largest number of ready messages
 *   loss                     (producer, or nothing)   share of confirmed messages that were lost
 *   duplicates               ()   effects beyond the first
 *   drain                    ()   from the healing of the faults until the queues are empty
 *   recoveryPoint            ()   from the instant that a restored state stands for to the loss of the disks
 *   recoveryTime             ()   from that loss until the broker serves again
 *   recoveryDrain            ()   from that loss until the backlog is drained
 *   recoveryLoss             ()   confirmed messages lost with the disks
 *
 * A measure is waiting, service or sojourn; a comparison is <, <=, > or >=; spaces are free.
 */
import { z } from 'zod';
import { nanosPerSecond, parseDuration, parseProbability, parseRate, UnitError } from '../sim/units.ts';
import { recoveryStatistics } from './recovery-results.ts';
import { nearest } from './suggest.ts';

export const statistics = ['mean', 'max', 'throughput', 'utilisation', 'backlog', 'loss', 'duplicates', 'drain', ...recoveryStatistics] as const;
type PlainStatistic = (typeof statistics)[number];
/** `q` is the share of observations at or below, so 0.999 for p99.9. */
export type Statistic = { readonly kind: 'percentile'; readonly q: number } | { readonly kind: PlainStatistic };

export const measures = ['waiting', 'service', 'sojourn'] as const;
export type Measure = (typeof measures)[number];

export interface Objective {
  readonly text: string;
  readonly statistic: Statistic;
  /** A consumer group, a producer, or `broker/queue`; empty for the whole scenario. */
  readonly of: string;
  /** Empty unless the statistic is one of a latency. */
  readonly measure: Measure | '';
  readonly comparison: '<' | '<=' | '>' | '>=';
  /** Seconds, per second, or a plain number. */
  readonly limit: number;
  readonly unit: 's' | '/s' | '';
  /** Where in `text` the target stands, for messages. */
  readonly ofAt: number;
}

export const objectiveSchema = z
  .string()
  .max(1000)
  .describe('statistic(target.measure) comparison quantity, as in p99(payments.sojourn) < 45s')
  .transform((text, context): Objective => {
    try {
      return parseObjective(text);
    } catch (error) {
      if (!(error instanceof ObjectiveError)) throw error;
      context.issues.push({ code: 'custom', message: error.message, params: { hint: error.hint, from: error.from, to: error.to }, input: text });
      return z.NEVER;
    }
  });

/** What is wrong with an objective, from which to which character of it. */
export class ObjectiveError extends Error {
  readonly from: number;
  readonly to: number;
  readonly hint: string;
  constructor(message: string, from: number, to: number, hint: string) {
    super(message);
    this.name = 'ObjectiveError';
    this.from = from;
    this.to = to;
    this.hint = hint;
  }
}

/** @throws ObjectiveError */
export function parseObjective(text: string): Objective {
  const words = new Words(text);
  const name = words.take(/[^\s(<>=]+/y, 'a statistic is wanted', `write ${forms.percentile}`);
  const statistic = statisticOf(name);
  words.take(/\(/y, 'an opening bracket is wanted after the statistic', `write ${forms[statistic.kind]}`);
  const target = words.takeUntil(')', `write ${forms[statistic.kind]}`);
  const { of, measure } = targetOf(statistic, target);
  words.take(/\)/y, 'a closing bracket is wanted after the target', `write ${forms[statistic.kind]}`);
  const comparison = comparisonOf(words.take(/[<>=!≤≥]+|[^\s]+/y, 'a comparison is wanted', 'write one of < <= > >='));
  const quantity = words.rest(`write ${forms[statistic.kind]}`);
  return { text, statistic, of, measure, comparison, ...limitOf(statistic, quantity), ofAt: target.from };
}

/** Whether a value is on the good side of the limit. */
export function holds({ comparison, limit }: Pick<Objective, 'comparison' | 'limit'>, value: number): boolean {
  switch (comparison) {
    case '<': return value < limit;
    case '<=': return value <= limit;
    case '>': return value > limit;
    case '>=': return value >= limit;
  }
}

interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Takes an objective apart from left to right. */
class Words {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  take(pattern: RegExp, problem: string, hint: string): Word {
    this.skipSpaces();
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) throw new ObjectiveError(problem, this.at, this.at + 1, hint);
    const from = this.at;
    this.at = pattern.lastIndex;
    return { text: match[0], from, to: this.at };
  }

  takeUntil(end: string, hint: string): Word {
    const stop = this.text.indexOf(end, this.at);
    if (stop === -1) throw new ObjectiveError('a closing bracket is missing', this.text.trimEnd().length, this.text.length + 1, hint);
    return this.slice(stop);
  }

  rest(hint: string): Word {
    const word = this.slice(this.text.length);
    if (word.text === '') throw new ObjectiveError('a quantity is wanted after the comparison', word.from, word.from + 1, hint);
    return word;
  }

  private slice(stop: number): Word {
    const written = this.text.slice(this.at, stop);
    const from = this.at + (written.length - written.trimStart().length);
    this.at = stop;
    const text = written.trim();
    return { text, from, to: from + text.length };
  }

  private skipSpaces(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at++;
  }
}

/** How each statistic is written. */
const forms: Readonly<Record<Statistic['kind'], string>> = {
  percentile: 'p99(group.sojourn) < 2s',
  mean: 'mean(group.sojourn) < 500ms',
  max: 'max(group.waiting) < 1m',
  throughput: 'throughput(group) > 100/s',
  utilisation: 'utilisation(group) < 80%',
  backlog: 'backlog(broker/queue) < 10000',
  loss: 'loss() <= 0',
  duplicates: 'duplicates() <= 0',
  drain: 'drain() < 1m',
  recoveryPoint: 'recoveryPoint() < 24h',
  recoveryTime: 'recoveryTime() < 1h',
  recoveryDrain: 'recoveryDrain() < 2h',
  recoveryLoss: 'recoveryLoss() <= 100',
};

function statisticOf(word: Word): Statistic {
  const percentile = /^p(\d{1,2}(?:\.\d{1,4})?)$/.exec(word.text);
  if (percentile !== null) {
    const percent = Number(percentile[1]);
    if (percent >= 1 && percent <= 99.99) return { kind: 'percentile', q: Number(`${percentile[1]}e-2`) };
    throw new ObjectiveError(`${word.text} is not a percentile that can be told`, word.from, word.to, 'percentiles go from p1 to p99.99; the largest value is max');
  }
  const kind = statistics.find((name) => name === word.text);
  if (kind !== undefined) return { kind };
  const near = nearest(word.text, [...statistics, 'p50', 'p90', 'p95', 'p99', 'p99.9', 'p99.99']);
  const hint = near === undefined ? `the statistics are ${statistics.join(', ')} and percentiles such as p99` : `did you mean ${near}?`;
  throw new ObjectiveError(`"${word.text}" is not a statistic`, word.from, word.to, hint);
}

const ofAll: readonly string[] = ['duplicates', 'drain', ...recoveryStatistics];
const latencyKinds: readonly string[] = ['percentile', 'mean', 'max'];

function targetOf(statistic: Statistic, word: Word): { of: string; measure: Measure | '' } {
  const form = forms[statistic.kind];
  const refuse = (message: string, hint = `write ${form}`) => new ObjectiveError(message, word.from, Math.max(word.to, word.from + 1), hint);
  if (latencyKinds.includes(statistic.kind)) return latencyTargetOf(word, form);
  const isForAll = ofAll.includes(statistic.kind);
  if (isForAll && word.text !== '') throw refuse(`${statistic.kind}() is one of the whole scenario`);
  if (word.text === '' && (statistic.kind === 'utilisation' || statistic.kind === 'backlog')) throw refuse('a target is wanted between the brackets');
  const measure = measures.find((name) => word.text.endsWith(`.${name}`));
  if (measure !== undefined) throw refuse(`${statistic.kind} has no ${measure}`);
  if (word.text !== '' && !/^[A-Za-z_][\w.-]*(\/[A-Za-z_][\w.-]*)?$/.test(word.text)) throw refuse(`"${word.text}" is not the name of a target`);
  return { of: word.text, measure: '' };
}

function latencyTargetOf(word: Word, form: string): { of: string; measure: Measure } {
  const dot = word.text.lastIndexOf('.');
  const of = word.text.slice(0, Math.max(0, dot));
  const written = word.text.slice(dot + 1);
  if (dot <= 0) {
    throw new ObjectiveError('a target and its measure are wanted, parted by a dot', word.from, Math.max(word.to, word.from + 1), `write ${form}; a measure is ${measures.join(', ')}`);
  }
  const measure = measures.find((name) => name === written);
  if (measure === undefined) {
    const near = nearest(written, measures);
    const hint = near === undefined ? `a measure is one of ${measures.join(', ')}` : `did you mean ${near}?`;
    throw new ObjectiveError(`"${written}" is not a measure`, word.from + dot + 1, Math.max(word.to, word.from + dot + 2), hint);
  }
  if (!/^[A-Za-z_][\w.-]*(\/[A-Za-z_][\w.-]*)?$/.test(of)) throw new ObjectiveError(`"${of}" is not the name of a target`, word.from, word.from + dot, `write ${form}`);
  return { of, measure };
}

function comparisonOf(word: Word): Objective['comparison'] {
  const { text } = word;
  if (text === '<' || text === '<=' || text === '>' || text === '>=') return text;
  const hint = /^=+$/.test(text) ? 'write <= or >=' : 'write one of < <= > >=';
  throw new ObjectiveError(`"${text}" is not a comparison`, word.from, word.to, hint);
}

function limitOf(statistic: Statistic, word: Word): Pick<Objective, 'limit' | 'unit'> {
  try {
    switch (statistic.kind) {
      case 'throughput': return { limit: parseRate(word.text), unit: '/s' };
      case 'loss': return { limit: parseProbability(word.text), unit: '' };
      case 'utilisation': case 'backlog': case 'duplicates': case 'recoveryLoss': return { limit: plainNumber(word.text), unit: '' };
      default: return { limit: parseDuration(word.text) / nanosPerSecond, unit: 's' };
    }
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new ObjectiveError(error.message, word.from, word.to, error.hint);
  }
}

function plainNumber(text: string): number {
  const match = /^(\d+(?:\.\d+)?(?:e\d{1,2})?)\s*(%?)$/.exec(text);
  if (match === null) throw new UnitError(`"${text}" is not a number`, 'write a number, as in 10000, 0.8 or 80%');
  return match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]);
}
