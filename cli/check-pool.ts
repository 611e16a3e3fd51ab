/** Plans of a search side by side, answered in the order in which they were asked: how many jobs there are changes nothing. */
import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import type { ScenarioSettings } from '../scenarios/scenario.ts';
import type { Plan } from '../scenarios/search/plan.ts';
import { type Tried, tryPlan } from '../scenarios/search/try-plan.ts';

export interface CheckPool {
  tryAll(base: ScenarioSettings, plans: readonly Plan[]): Promise<readonly Tried[]>;
  close(): Promise<void>;
}

/** Plans that this thread tries by itself first: what is found at once needs no threads, which take a while to start. */
const alone = 64;

/** One job is this thread itself. Undefined: as many as the machine has processors for. */
export function createCheckPool(jobs: number = availableParallelism()): CheckPool {
  let pool: Tinypool | undefined;
  let tried = 0;
  return {
    async tryAll(base, plans) {
      tried += plans.length;
      if (jobs <= 1 || tried <= alone) return plans.map((plan) => tryPlan(base, plan));
      pool ??= new Tinypool({ filename: new URL('check-worker.js', import.meta.url).href, minThreads: 0, maxThreads: jobs });
      const threads = pool;
      return Promise.all(plans.map((plan) => threads.run({ base, plan }) as Promise<Tried>));
    },
    close: async () => pool?.destroy(),
  };
}
