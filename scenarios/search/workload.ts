/** The scenario that a plan stands for: the same brokers, clients and claims with a small workload and the plan's faults. */
import { createScenario } from '../define.ts';
import { runScenario } from '../run.ts';
import type { Scenario, ScenarioSettings } from '../scenario.ts';
import type { Plan } from './plan.ts';
import { withSettings } from './settings.ts';

type Group = Record<string, unknown>;

/** Keys that say nothing about one run. */
const notOfARun: readonly string[] = ['variants', 'vary', 'params', 'objectives', 'about'];

/** @returns data that can be written as a scenario file */
export function settingsOf(written: ScenarioSettings, plan: Plan, about?: string): ScenarioSettings {
  const base = withSettings(written, plan.settings);
  const kept = Object.fromEntries(Object.entries(base).filter(([key]) => !notOfARun.includes(key))) as unknown as ScenarioSettings;
  return {
    ...kept, ...(about !== undefined && { about }), seed: plan.seed, ...(plan.isShuffled && { ties: 'shuffled' as const }), ...(plan.isLate && { late: 'sometimes' as const }), phases: { ...phasesOf(base, plan) },
    producers: groups(base.producers, 'producers', plan, (name, group) => ({ ...group, messages: plan.messages[name]!, ...(plan.isConstant && { arrivals: constantArrivals(group['arrivals']) }) })),
    consumers: groups(base.consumers, 'consumers', plan, (_name, group) => (plan.isConstant ? { ...group, service: constantTime(group['service']) } : group)),
    faults: [...plan.faults],
  } as ScenarioSettings;
}

export function scenarioOf(base: ScenarioSettings, plan: Plan): Scenario {
  return createScenario(settingsOf(base, plan));
}

function phasesOf(base: ScenarioSettings, { measure }: Plan): NonNullable<ScenarioSettings['phases']> {
  return { measure: `${measure}s`, ...(base.phases?.drain !== undefined && { drain: base.phases.drain }) };
}

function groups(all: object | undefined, section: string, { counts, without }: Plan, change: (name: string, group: Group) => Group): Record<string, Group> {
  return Object.fromEntries(Object.entries((all ?? {}) as Record<string, Group>).filter(([name]) => !without.includes(`${section}.${name}`)).map(([name, group]) => {
    const count = counts[`${section}.${name}`];
    return [name, change(name, count === undefined ? group : { ...group, count })];
  }));
}

/** The same rate, where the law has one. */
function constantArrivals(arrivals: unknown): unknown {
  const [[law, settings]] = Object.entries(arrivals as Record<string, { rate?: unknown }>) as [[string, { rate?: unknown } | undefined]];
  return law !== 'constant' && settings?.rate !== undefined ? { constant: { rate: settings.rate } } : arrivals;
}

function constantTime(time: unknown): unknown {
  if (typeof time !== 'object' || time === null) return time;
  const [settings] = Object.values(time) as [{ mean?: unknown } | undefined];
  return settings?.mean ?? time;
}

/** What every plan begins with. */
export interface WholePlan {
  readonly plan: Plan;
  /** When the last message is published, in seconds. */
  readonly lastPublished: number;
}

/** Claims about what comes long after a fault: a few messages cannot break them. */
const ofLongLoads: readonly string[] = ['recovers-from-trigger'];
/** Messages of such a load at most. */
const longLoadMax = 30_000;

/**
 * Where a claim needs the load of the scenario itself: what it publishes in its own phases. Undefined where that is too much.
 */
export function longPlan(base: ScenarioSettings, claims: readonly string[], seed: number): WholePlan | undefined {
  if (!claims.some((claim) => ofLongLoads.includes(claim))) return undefined;
  const scenario = createScenario({ ...base, variants: {}, faults: [], seed });
  const messages: Record<string, number> = {};
  let lastPublished = 0;
  const { messages: { published } } = runScenario(scenario, { predict: false, maxEvents: longLoadMax * 50, history: ({ what, at, message }) => {
    if (what !== 'published') return;
    const [group] = message.split('.') as [string];
    messages[group] = (messages[group] ?? 0) + 1;
    lastPublished = at;
  } });
  const producers = Object.keys(base.producers ?? {});
  if (published > longLoadMax || producers.some((name) => messages[name] === undefined)) return undefined;
  const measure = (scenario.phases.warmUp + scenario.phases.measure) / 1e9;
  // Of each producer of its group; who publishes onward is no producer.
  const share = (name: string): number => Math.ceil(messages[name]! / ((base.producers as Record<string, { count?: number }>)[name]!.count ?? 1));
  return { plan: { faults: [], settings: {}, messages: Object.fromEntries(producers.map((name) => [name, share(name)])), counts: {}, without: [], isConstant: false, isShuffled: false, isLate: false, seed, measure }, lastPublished };
}

/**
 * So many messages in all, shared among producers, and time enough for all of them and for faults to end.
 */
export function wholePlan(base: ScenarioSettings, messagesInAll: number, seed: number): WholePlan {
  const producers = Object.entries((base.producers ?? {}) as Record<string, { count?: number; messages?: number }>);
  const publishers = producers.reduce((sum, [, { count = 1 }]) => sum + count, 0);
  const share = Math.max(1, Math.floor(messagesInAll / Math.max(1, publishers)));
  const messages = Object.fromEntries(producers.map(([name, { messages: own = share }]) => [name, Math.min(own, share)]));
  const plan: Plan = { faults: [], settings: {}, messages, counts: {}, without: [], isConstant: false, isShuffled: false, isLate: false, seed, measure: longest };
  let lastPublished = 0;
  runScenario(createScenario({ ...settingsOf(base, plan), phases: { measure: `${longest}s`, drain: '1s' } }), { predict: false, history: ({ what, at }) => what === 'published' && (lastPublished = at) });
  return { plan: { ...plan, measure: Math.min(longest, Math.ceil(Math.max(lastPublished * 1.5, lastPublished + faultsEnd))) }, lastPublished };
}

/** Seconds: what publishes less often than that is not looked at. */
const longest = 3600;
/** Seconds that the last fault has to end before all are healed. */
const faultsEnd = 35;
