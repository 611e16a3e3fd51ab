/** Rare paths, in how many trials each was taken, and what was lost why. */
import type { System } from '../../models/build.ts';

export class Reached {
  private readonly trials = new Map<string, number>();

  note({ world }: System): void {
    const { ledger, causes, sim } = world;
    const taken = new Set(Object.keys(sim.trace.reachedPaths));
    for (const queue of ledger.queues) for (const cause of queue.dropped.keys()) taken.add(`dropped.${causes.what(cause)}`);
    for (const path of taken) this.trials.set(path, (this.trials.get(path) ?? 0) + 1);
  }

  /** Those of the paths that were taken in fewer trials. */
  rarerThan(times: number, paths: readonly string[]): string[] {
    return paths.filter((path) => (this.trials.get(path) ?? 0) < times).map((path) => `${path}: ${this.trials.get(path) ?? 0}`);
  }
}
