/** Draws the line of progress while the thread that began it computes. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { progressLine } from './progress.ts';
import { type TheoryProgressData, theoryProgressText } from './theory-progress.ts';

const everyMs = 100;
const stderr = 2;

// Streams of a thread go through the one that began it, which is busy.
const line = progressLine(theoryProgressText, (text) => writeSync(stderr, text));
setInterval(() => line.update(workerData as TheoryProgressData), everyMs);
