/** One line on stderr for whoever waits longer than a second for a run. */
import { formatDuration, nanosPerSecond } from '../sim/units.ts';

/** What a run says about itself while it goes on. */
export interface Progress {
  readonly fraction: number;
  readonly simulatedSeconds: number;
  readonly events: number;
}

export interface ProgressLine<P> {
  update(progress: P): void;
  /** Takes the line away. */
  clear(): void;
}

export const silentMs = 1000;
const repaintMs = 100;

export function createProgressLine(name: string, write: (text: string) => void, clockMs: () => number = () => performance.now()): ProgressLine<Progress> {
  return progressLine((progress, elapsedSeconds) => describe(name, progress, elapsedSeconds), write, clockMs);
}

/** Says nothing for the first second, and then seldom enough to be read. */
export function progressLine<P>(text: (progress: P, elapsedSeconds: number) => string, write: (text: string) => void, clockMs: () => number = () => performance.now()): ProgressLine<P> {
  const began = clockMs();
  let painted = -Infinity;
  return {
    update(progress) {
      const now = clockMs();
      if (now - began < silentMs || now - painted < repaintMs) return;
      painted = now;
      write(`\r\u001b[K${text(progress, (now - began) / 1000)}`);
    },
    clear() {
      if (painted > -Infinity) write('\r\u001b[K');
    },
  };
}

export function describe(name: string, { fraction, simulatedSeconds, events }: Progress, elapsedSeconds: number): string {
  const rate = events / elapsedSeconds;
  const parts = [`${name} ${Math.floor(fraction * 100)} %`, `${formatDuration(simulatedSeconds * nanosPerSecond)} simulated`, `${rate >= 1e6 ? `${(rate / 1e6).toFixed(1)} M` : `${(rate / 1e3).toFixed(0)} k`} events/s`];
  return [...parts, ...timeLeft(fraction, elapsedSeconds)].join(' · ');
}

/** Nothing while too little is done to tell. */
export function timeLeft(fraction: number, elapsedSeconds: number): readonly string[] {
  return fraction > 0.01 ? [`${formatDuration(Math.ceil((elapsedSeconds * (1 - fraction)) / fraction) * nanosPerSecond)} left`] : [];
}
