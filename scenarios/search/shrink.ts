/**
 * A smaller plan that breaks the same claim by the same cause: fewer faults, fewer clients, fewer messages, then simpler faults and round
 * numbers. Each step keeps what still fails; streams are named, so that leaving one thing out reshuffles nothing else.
 */
import type { ScenarioSettings } from '../scenario.ts';
import { type FaultSettings, type Plan, planKey, type Signature } from './plan.ts';
import { isSame, tryPlan } from './try-plan.ts';

export interface Shrunk {
  readonly plan: Plan;
  /** Plans that were run for it. */
  readonly runs: number;
  /** It was told to end before it was through. */
  readonly isCut: boolean;
}

/** From the smallest; what is not smaller than what there is, is left out. */
const smallCounts = [1, 2, 3, 4, 5, 8, 12, 20, 35, 60, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] as const;
const shortTimes = ['1ms', '10ms', '100ms', '1s', '3s', '10s'] as const;

/** Before each run it can be told to end with what it has. */
export type Interruptible<Result> = Generator<void, Result, boolean>;

export function* shrink(base: ScenarioSettings, plan: Plan, signature: Signature, runsMax: number): Interruptible<Shrunk> {
  const known = new Map<string, boolean>();
  let runs = 0;
  let isOver = false;
  function* breaks(candidate: Plan): Interruptible<boolean> {
    const key = planKey(candidate);
    const before = known.get(key);
    if (before !== undefined) return before;
    isOver ||= yield;
    if (runs >= runsMax || isOver) return false;
    runs++;
    const failed = tryPlan(base, candidate).broken.some((each) => isSame(each, signature));
    known.set(key, failed);
    return failed;
  }
  // Who needs a fault to break it still needs one: without its consumers a queue is never drained, and that is another failure.
  const needsFault = !(yield* breaks({ ...plan, faults: [] }));
  function* firstThatFails(candidates: readonly Plan[]): Interruptible<Plan | undefined> {
    for (const candidate of candidates) if ((yield* breaks(candidate)) && !(needsFault && (yield* breaks({ ...candidate, faults: [] })))) return candidate;
    return undefined;
  }
  let smallest = plan;
  // When its runs are spent, nothing fails any more.
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const step of steps) {
      for (let candidate = yield* firstThatFails(step(smallest, base)); candidate !== undefined; candidate = yield* firstThatFails(step(smallest, base))) {
        smallest = candidate;
        isSmaller = true;
      }
    }
  }
  return { plan: smallest, runs, isCut: isOver };
}

type Step = (plan: Plan, base: ScenarioSettings) => readonly Plan[];

/** Candidates that are smaller in one respect, the boldest first. */
const steps: readonly Step[] = [
  // Whole faults: none, one alone, or all but one.
  ({ faults, ...plan }) => (faults.length === 0 ? [] : [{ ...plan, faults: [] }, ...(faults.length < 2 ? [] : [...faults.map((fault) => ({ ...plan, faults: [fault] })), ...faults.map((_, index) => ({ ...plan, faults: faults.filter((__, other) => other !== index) }))])]),
  // Settings as they are: all of them, or one.
  (plan) => {
    const changed = Object.keys(plan.settings);
    return changed.length === 0 ? [] : [{ ...plan, settings: {} }, ...(changed.length < 2 ? [] : changed.map((path) => ({ ...plan, settings: Object.fromEntries(Object.entries(plan.settings).filter(([other]) => other !== path)) })))];
  },
  // Groups that the failure does not need.
  (plan, base) => [...groupsOf(base, 'producers'), ...groupsOf(base, 'consumers')].filter((group) => !plan.without.includes(group)).map((group) => ({ ...plan, without: [...plan.without, group] })),
  // Messages of each producer.
  (plan) => Object.entries(plan.messages).filter(([name]) => !plan.without.includes(`producers.${name}`)).flatMap(([name, count]) => smallCounts.filter((less) => less < count).map((less) => ({ ...plan, messages: { ...plan.messages, [name]: less } }))),
  // Members of each group.
  (plan, base) => [...groupsOf(base, 'producers'), ...groupsOf(base, 'consumers')].filter((group) => !plan.without.includes(group)).flatMap((group) => {
    const count = plan.counts[group] ?? countOf(base, group);
    return smallCounts.filter((less) => less < count).map((less) => ({ ...plan, counts: { ...plan.counts, [group]: less } }));
  }),
  // The order of what happens at once.
  (plan) => (plan.isShuffled ? [{ ...plan, isShuffled: false }] : []),
  (plan) => (plan.isLate ? [{ ...plan, isLate: false }] : []),
  // Laws.
  (plan) => (plan.isConstant ? [] : [{ ...plan, isConstant: true }]),
  // Each fault: one node, all messages, once, a time that is round, a short one.
  (plan) => plan.faults.flatMap((fault, index) => simpler(fault).map((each) => ({ ...plan, faults: plan.faults.map((other, at) => (at === index ? each : other)) }))),
  // The seed, and the time under load.
  (plan) => (plan.seed > 1 ? [{ ...plan, seed: 1 }] : []),
  (plan) => [1, 2, 5, 10, 20, 40, 60, 120, 200].filter((less) => less < plan.measure).map((measure) => ({ ...plan, measure })),
];

function groupsOf(base: ScenarioSettings, section: 'producers' | 'consumers'): string[] {
  return Object.keys(base[section] ?? {}).map((name) => `${section}.${name}`);
}

function countOf(base: ScenarioSettings, group: string): number {
  const [section, name] = group.split('.') as ['producers' | 'consumers', string];
  return (base[section] as Record<string, { count?: number }> | undefined)?.[name]?.count ?? 1;
}

function simpler(fault: FaultSettings): FaultSettings[] {
  const fields = fault as unknown as Record<string, unknown>;
  const candidates: Record<string, unknown>[] = [];
  const without = (key: string): void => {
    if (fields[key] === undefined) return;
    candidates.push(Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key)));
  };
  without('until');
  without('direction');
  without('messages');
  without('times');
  without('heal');
  if (fields['scope'] === 'host') candidates.push({ ...fields, scope: 'process' });
  if (typeof fields['for'] === 'string') for (const time of shortTimes) if (millis(time) < millis(fields['for'])) candidates.push({ ...fields, for: time });
  candidates.push(...earlier(fields));
  if (typeof fields['at'] === 'string') for (const round of [1000, 100, 10]) if (millis(fields['at']) % round !== 0) candidates.push({ ...fields, at: `${Math.floor(millis(fields['at']) / round) * round}ms` });
  if (typeof fields['at'] === 'string' && millis(fields['at']) > 0) candidates.push({ ...fields, at: '0ms' }, { ...fields, at: `${Math.floor(millis(fields['at']) / 2)}ms` });
  return candidates as unknown as FaultSettings[];
}

/** Of what happens to a message: to an earlier one. */
function earlier(fields: Record<string, unknown>): Record<string, unknown>[] {
  const on = fields['on'] as { readonly message?: unknown } | undefined;
  const [, publisher, ordinal] = /^(.*)-(\d+)$/.exec(String(on?.message ?? '')) ?? [];
  if (on === undefined || publisher === undefined) return [];
  return smallCounts.filter((less) => less < Number(ordinal)).map((less) => ({ ...fields, on: { ...on, message: `${publisher}-${less}` } }));
}

const units: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3, m: 60e3, min: 60e3, h: 3.6e6 };
function millis(text: string): number {
  const match = /^([\d.]+)([a-z]*)$/.exec(text);
  return match === null ? Infinity : Number(match[1]) * (units[match[2]!] ?? 0);
}
