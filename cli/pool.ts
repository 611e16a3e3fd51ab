/** Replications side by side: each worker thread runs whole ones, and the answers are put in order by their questions. */
import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import { oneByOne, type Job, type Replication, type Runner } from '../scenarios/capacity/replication.ts';

export interface Pool {
  readonly run: Runner;
  close(): Promise<void>;
}

/** One worker is this thread itself. Undefined: as many as the machine has processors for. */
export function createPool(workers: number = availableParallelism()): Pool {
  if (workers <= 1) return { run: oneByOne, close: async () => {} };
  const pool = new Tinypool({ filename: new URL('replication-worker.js', import.meta.url).href, minThreads: 0, maxThreads: workers, idleTimeout: 60_000 });
  const runOne = async (job: Job, onDone: () => void): Promise<Replication> => {
    const replication = (await pool.run(job)) as Replication;
    onDone();
    return replication;
  };
  return { run: (jobs, onDone) => Promise.all(jobs.map((job) => runOne(job, onDone))), close: () => pool.destroy() };
}
