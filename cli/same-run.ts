import type { RunResult } from '../scenarios/result.ts';

/** What differs between two runs of one scenario and seed, as narrowly as their checkpoints tell; undefined when nothing does. */
export function describeDifference(one: RunResult, other: RunResult): string | undefined {
  if (one.fingerprint === other.fingerprint) return undefined;
  const at = one.checkpoints.findIndex((checkpoint, index) => checkpoint.fingerprint !== other.checkpoints[index]?.fingerprint);
  const same = at === -1 ? one.checkpoints.at(-1) : one.checkpoints[at - 1];
  const different = at === -1 ? undefined : one.checkpoints[at];
  const from = same === undefined ? 'from the start' : `after event ${same.events} (${same.seconds} s)`;
  const until = different === undefined ? 'before the end' : `before event ${different.events} (${different.seconds} s)`;
  return `the same seed gave two different runs, ${one.fingerprint} and ${other.fingerprint}; they part ${from} and ${until}`;
}
