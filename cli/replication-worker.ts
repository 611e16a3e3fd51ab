/** What a worker thread of the pool does with a job. */
import { type Job, replicate, type Replication } from '../scenarios/capacity/replication.ts';

export default function work(job: Job): Replication {
  return replicate(job);
}
