/** Plans of a search side by side, answered in the order in which they were asked: how many jobs there are changes nothing. */
import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import type { ScenarioSettings } from '../scenarios/scenario.ts';
import type { Plan } from '../scenarios/search/plan.ts';
import { type Tried, tryPlan } from '../scenarios/search/try-plan.ts';

export interface CheckPool {
  /** @param left how many plans are still to come, these included, as far as that is known */
  tryAll(base: ScenarioSettings, plans: readonly Plan[], left: number): Promise<readonly Tried[]>;
  close(): Promise<void>;
}

/** Milliseconds of work below which threads take longer to start, and to become quick, than they save. */
const worthThreads = 15_000;
/** Plans until a run takes as long as it will take: the first ones are many times as slow. */
const untilQuick = 64;
/** A thread that has nothing to do for a moment is kept. */
const idleMs = 60_000;

/** One job is this thread itself. Undefined: as many as the machine has processors for, where they are worth it. */
export function createCheckPool(asked?: number): CheckPool {
  const jobs = asked ?? availableParallelism();
  let pool: Tinypool | undefined;
  let perPlan = 0;
  let tried = 0;
  return {
    async tryAll(base, plans, left) {
      if (jobs <= 1 || (pool === undefined && (tried < untilQuick || (asked === undefined && perPlan * left < worthThreads)))) {
        const began = performance.now();
        const answers = plans.map((plan) => tryPlan(base, plan));
        if (plans.length > 0) perPlan = (performance.now() - began) / plans.length;
        tried += plans.length;
        return answers;
      }
      pool ??= new Tinypool({ filename: new URL('check-worker.js', import.meta.url).href, minThreads: 0, maxThreads: jobs, idleTimeout: idleMs });
      const threads = pool;
      const each = Math.ceil(plans.length / jobs);
      const shares = Array.from({ length: Math.ceil(plans.length / each) }, (_, index) => plans.slice(index * each, (index + 1) * each));
      return (await Promise.all(shares.map((share) => threads.run({ base, plans: share }) as Promise<readonly Tried[]>))).flat();
    },
    close: async () => pool?.destroy(),
  };
}
