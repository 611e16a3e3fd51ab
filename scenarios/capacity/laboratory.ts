/** Where experiments are made: each is a scenario run several times with seeds of its own, and is made once however often it is asked for. */
import type { Scenario } from '../scenario.ts';
import type { Job, Replication, Runner } from './replication.ts';

export interface CapacityProgress {
  readonly done: number;
  /** Grows while answers raise new questions. */
  readonly planned: number;
}

export class Laboratory {
  private readonly made = new Map<string, Promise<Replication[]>>();
  private readonly runner: Runner;
  private readonly replications: number;
  private readonly onProgress: (progress: CapacityProgress) => void;
  private done = 0;
  private planned = 0;

  constructor(runner: Runner, replications: number, onProgress: (progress: CapacityProgress) => void) {
    this.runner = runner;
    this.replications = replications;
    this.onProgress = onProgress;
  }

  /** The same seeds everywhere, so that two experiments differ by what is asked and not by luck (common random numbers). */
  experiment(name: string, scenario: Scenario, outage?: Job['outage']): Promise<Replication[]> {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const jobs = Array.from({ length: this.replications }, (_, index): Job => ({ scenario, seed: (scenario.seed + index) % Number.MAX_SAFE_INTEGER, ...(outage && { outage }) }));
    this.planned += jobs.length;
    const making = this.runner(jobs, () => {
      this.done++;
      this.onProgress({ done: this.done, planned: this.planned });
    });
    this.made.set(name, making);
    return making;
  }
}
