/** What queueing theory answers, in words: quantities, whether there is a steady state, how far to trust it. */
import type { Num } from '../scenarios/result.ts';
import type { Asked, Finding, QuantityName, Solution, TargetResult } from '../scenarios/theory-result.ts';
import { formatDuration, nanosPerSecond } from '../sim/units.ts';
import { count, erlangs, significant } from './numbers.ts';

const hour = 3600;
const day = 24 * hour;
const year = 365 * day;

/** In the unit that a person would choose, to three digits. */
export function quantityText(value: Num, quantity: QuantityName): string {
  if (value === null) return '–';
  if (value === 'Infinity') return '∞';
  switch (quantity) {
    case 'time': return duration(value);
    case 'rate': return `${significant(value)}/s`;
    case 'count': return count(value);
    case 'probability': return probability(value);
    case 'number': return significant(value);
  }
}

/** With every digit that it has, in the unit of the answer as data. */
export function exactText(value: Num, quantity: QuantityName): string {
  if (typeof value !== 'number') return quantityText(value, quantity);
  return `${value}${quantity === 'time' ? ' s' : quantity === 'rate' ? '/s' : ''}`;
}

function duration(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  // Rounded before its unit is chosen: 999.99 ms are 1 s.
  if (size < 2 * day) return formatDuration(Number(seconds.toPrecision(3)) * nanosPerSecond).replace(/^-/, '−');
  return size < 2 * year ? `${significant(seconds / day)} d` : `${significant(seconds / year)} years`;
}

/** Percent, but where they would have to be tiny. */
function probability(value: number): string {
  if (value !== 0 && value < 1e-4) return significant(value);
  const percent = Number((value * 100).toPrecision(3));
  return percent === 100 && value !== 1 ? `1 − ${significant(1 - value)}` : `${percent} %`;
}

export function instabilitySentence({ growthRate }: NonNullable<Finding['unstable']>): string {
  return growthRate > 0 ? `no steady state: the backlog grows by ${significant(growthRate)}/s` : 'no steady state: as much arrives as can be served, and the backlog grows ever more slowly, without end';
}

export function trustSentence({ kind, accuracy }: Pick<Asked, 'kind' | 'accuracy'>): string {
  return `${kind === 'exact' ? 'Exact' : 'An approximation'}: ${accuracy.replace(/\.$/, '')}.`;
}

/** `lambda 900/s, mu 100/s, c 10`: as they were read. */
export function parameterTexts({ parameters, quantities }: Asked): readonly (readonly [name: string, value: string])[] {
  return Object.entries(parameters).map(([name, value]) => [name, parameterText(value, quantities[name])]);
}

const parameterTextMax = 300;

function parameterText(value: unknown, quantity: QuantityName | undefined): string {
  if (typeof value === 'number') return quantity === 'rate' || quantity === 'time' ? exactText(value, quantity) : String(value);
  const text = typeof value === 'string' ? value : flow(value);
  return text.length > parameterTextMax ? `${text.slice(0, parameterTextMax)}…` : text;
}

/** As it could be typed. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`).join(', ')}}`;
  return String(value);
}

/** `p99 wait < 50ms: 43.1 ms`; a percentile that is known by its tail only says how many take longer. */
export function targetText({ target, metric, value, quantity, limit }: TargetResult): string {
  const rounded = quantityText(value, quantity);
  // Next to its limit a value needs more digits to be told from it.
  return `${target}: ${rounded === quantityText(limit, quantity) ? exactText(value, quantity) : rounded}${/^P_Wq?_gt_t$/.test(metric) ? ' take longer' : ''}`;
}

/** The answer to a question that was turned round. */
export function solutionSentence(solution: Solution, targets: readonly TargetResult[]): string {
  const asked = targets.map(({ target }) => target).join(' and ');
  const { parameter, sense, value, tried, quantity } = solution;
  if (value !== null) return `${named(parameter, value, quantity)} ${isMany(parameter, value) ? 'are' : 'is'} the ${sense} that meet${isMany(parameter, value) ? '' : 's'} ${asked}.`;
  const missed = targets.filter(({ met }) => !met);
  if (missed.length === 0) return `Every ${parameter} meets ${asked}, as far as was tried: to ${roughly(parameter, tried!, quantity)}.`;
  const best = missed.map(targetText).join('; ');
  const where = roughly(parameter, tried!, quantity);
  if (solution.end === 'settled') return `${parameter === 'c' ? 'However many servers' : `Whatever ${parameter} is`}, ${asked} ${targets.length > 1 ? 'are not met together' : 'is not met'}: with ${where} and beyond, ${best}.`;
  return `Nothing meets ${asked}${targets.length > 1 ? ' together' : ''}: with ${where}, the ${solution.end === 'bounded' ? 'last that is possible' : 'furthest that was tried'}, ${best}.`;
}

function isMany(parameter: string, value: number): boolean {
  return parameter === 'c' && value !== 1;
}

/** `9 servers are not enough: p99 wait < 50ms: ∞`, and why. */
export function neighbourSentence({ neighbour, parameter, sense, quantity }: Solution): string | undefined {
  if (neighbour === null) return undefined;
  const name = named(parameter, neighbour.value, quantity);
  const why = neighbour.unstable === null ? neighbour.targets.filter(({ met }) => !met).map(targetText).join('; ') : instabilitySentence(neighbour.unstable);
  return `${name} ${isMany(parameter, neighbour.value) ? 'are' : 'is'} ${sense === 'least' ? 'not enough' : 'too much'}: ${why}.`;
}

export function staffingSentence({ load, beta, servers }: NonNullable<Solution['staffing']>): string {
  return `The square-root rule says ${count(servers)}: a load of ${erlangs(load)}, and ${significant(beta)} times its square root to spare.`;
}

export function named(parameter: string, value: number, quantity: QuantityName): string {
  if (parameter === 'c') return `${count(value)} ${value === 1 ? 'server' : 'servers'}`;
  return `${parameter} = ${quantity === 'rate' || quantity === 'time' ? exactText(value, quantity) : String(value)}`;
}

/** A value that nobody asked for needs no digits. */
function roughly(parameter: string, value: number, quantity: QuantityName): string {
  return quantity === 'count' ? named(parameter, value, quantity) : `${parameter} = ${quantityText(value, quantity)}`;
}
