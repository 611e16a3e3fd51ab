/**
 * Mistakes that a search must notice: the same scenario with one planted, under the first of the same schedules. Where a claim that the mistake
 * breaks is not found broken, a search that found nothing has proven nothing.
 */
import type { ScenarioSettings } from '../scenario.ts';
import type { Plan } from './plan.ts';
import { tryPlan } from './try-plan.ts';

export interface CanaryResult {
  readonly mistake: string;
  /** The claim that it has to break. */
  readonly claim: string;
  readonly isCaught: boolean;
}

type Group = Readonly<Record<string, unknown>>;
interface Canary {
  readonly mistake: string;
  readonly claims: readonly string[];
  plant(settings: ScenarioSettings): ScenarioSettings;
}

const chosen = { every: 3 };
const canaries: readonly Canary[] = [
  {
    mistake: 'workers that settle every third message without handling it',
    claims: ['at-least-once', 'exactly-once-effect'],
    plant: (settings) => withWorkers(settings, { failure: { poison: chosen, then: 'acknowledge' } }),
  },
  {
    mistake: 'workers that die after the effect of every third message, and know nothing of it afterwards',
    claims: ['at-most-once', 'exactly-once-effect', 'bounded-duplicates'],
    plant: (settings) => withWorkers(settings, { acknowledge: 'after-work', idempotency: undefined, crashes: [{ point: 'after-effect', messages: chosen, restart: '100ms' }] }),
  },
  {
    mistake: 'workers that give every third message back, for ever',
    claims: ['drained', 'no-livelock', 'no-stuck-message'],
    plant: (settings) => withoutLimits(withWorkers(settings, { acknowledge: 'after-work', idempotency: undefined, failure: { poison: chosen, then: 'requeue' } })),
  },
];

/** @param plans those that a search began with @returns one for each claim that a mistake fits; what the scenario refuses is left out */
export function tryCanaries(base: ScenarioSettings, claimed: readonly string[], plans: readonly Plan[]): CanaryResult[] {
  return canaries.flatMap(({ mistake, claims, plant }) => {
    const planted = plant(base);
    const broken = new Set<string>();
    const wanted = claims.filter((claim) => claimed.includes(claim));
    let hasRun = false;
    for (const plan of plans) {
      if (wanted.every((claim) => broken.has(claim))) break;
      const tried = tryPlan(planted, plan);
      hasRun ||= !tried.isRefused;
      for (const { claim } of tried.broken) broken.add(claim);
    }
    return hasRun ? wanted.map((claim) => ({ mistake, claim, isCaught: broken.has(claim) })) : [];
  });
}

function withWorkers(settings: ScenarioSettings, changed: Group): ScenarioSettings {
  const consumers = Object.fromEntries(Object.entries((settings.consumers ?? {}) as Readonly<Record<string, Group>>).map(([name, group]) => [name, { ...group, ...changed }]));
  return { ...settings, consumers } as ScenarioSettings;
}

function withoutLimits(settings: ScenarioSettings): ScenarioSettings {
  const brokers = Object.fromEntries(Object.entries(settings.brokers as Readonly<Record<string, { kind: string; queues?: Readonly<Record<string, Group | null>> }>>).map(([name, broker]) => {
    const queues = Object.entries(broker.queues ?? {}).map(([queue, own]) => {
      if (broker.kind === 'work-queue') return [queue, { ...own, deliveryLimit: undefined }];
      const of = (own?.['arguments'] ?? {}) as Group;
      return [queue, of['x-queue-type'] === 'quorum' ? { ...own, arguments: { ...of, 'x-delivery-limit': -1 } } : own];
    });
    return [name, { ...broker, queues: Object.fromEntries(queues) as object }];
  }));
  return { ...settings, brokers } as ScenarioSettings;
}
