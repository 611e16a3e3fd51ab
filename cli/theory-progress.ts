/** One line on stderr for whoever waits longer than a second for an answer of theory. */
import { Worker } from 'node:worker_threads';
import type { OnStep } from '../scenarios/theory/ask.ts';
import { formatDuration, nanosPerSecond } from '../sim/units.ts';
import { silentMs, timeLeft } from './progress.ts';

/** What the line is told when it is begun. */
export interface TheoryProgressData {
  readonly model: string;
  /** When the answer is given up. */
  readonly limitMs: number;
  /** Values that are done, and how many there will be; 0: nobody knows. Written while they are read. */
  readonly steps: Int32Array;
}

/** An answer is computed without a break, in which this thread could draw nothing: another one draws. */
export async function besideProgress<T>(model: string, limitMs: number, isShown: boolean, compute: (onStep: OnStep) => T): Promise<T> {
  if (!isShown) return compute(() => {});
  const steps = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(new URL('theory-progress-worker.js', import.meta.url), { workerData: { model, limitMs, steps } satisfies TheoryProgressData });
  // Without a line the answer is as good.
  worker.on('error', () => {});
  const began = performance.now();
  try {
    return compute((done, planned = 0) => steps.set([done, planned]));
  } finally {
    await worker.terminate();
    if (performance.now() - began >= silentMs) process.stderr.write('\r\u001b[K');
  }
}

/** How much is left where that is known, otherwise when it ends at the latest. */
export function theoryProgressText({ model, limitMs, steps: [done, planned] }: TheoryProgressData, elapsedSeconds: number): string {
  if (planned! > 0) return [`${model} ${done} of ${planned} values`, ...timeLeft(done! / planned!, elapsedSeconds)].join(' · ');
  const seconds = (value: number) => formatDuration(Math.floor(value) * nanosPerSecond);
  return [model, ...(done! > 1 ? [`${done} values tried`] : []), `${seconds(elapsedSeconds)} so far, ${seconds(limitMs / 1000)} at most`].join(' · ');
}
