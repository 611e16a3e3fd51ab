/** Figures of a published failure that a result does not have, and the history of its messages tells. */
import type { HistoryLine } from './history.ts';
import type { RunResult } from './result.ts';
import type { Scenario } from './scenario.ts';

export class IncidentHistory {
  private readonly measuredUntil: number;
  private calls = 0;
  private doneAt = 0;
  private busyUntil = 0;
  /** Publishes whose publisher waits no longer. */
  private readonly givenUp = new Set<string>();
  private readonly successes: number[] = [];
  private sent = 0;
  private taken = 0;

  constructor({ phases }: Scenario) {
    this.measuredUntil = (phases.warmUp + phases.measure) / 1e9;
  }

  hear({ what, at, message, attempt }: HistoryLine): void {
    if (what === 'work-started') this.calls++;
    if (what === 'effect') this.doneAt = at;
    if (what === 'effect' || what === 'duplicate-effect') this.busyUntil = at;
    if (what === 'outcome-unknown') this.givenUp.add(`${message}#${attempt}`);
    if (what === 'confirm-received' && !this.givenUp.has(`${message}#${attempt}`)) this.successes.push(at);
    if (what === 'sent' && at < this.measuredUntil) this.sent++;
    // Something is through just at the end.
    if ((what === 'stored' || what === 'publish-lost') && at <= this.measuredUntil) this.taken++;
  }

  /** @returns null where nothing of the kind happened. @throws Error for a figure that nobody tells */
  told(figure: string, { faults }: RunResult): number | null {
    const healedAt = faults.reduce((last, { end }) => Math.max(last, end ?? Infinity), 0) + 1e-6;
    switch (figure) {
      // How often handlers were called; when the last message was done; until when handlers worked, on whatever.
      case 'calls': return this.calls;
      case 'doneAt': return this.doneAt;
      case 'busyUntil': return this.busyUntil;
      // Confirms in time once all faults were over: the first, and how many.
      case 'resumedAt': return this.successes.find((at) => at > healedAt) ?? null;
      case 'succeededAfterFaults': return this.successes.filter((at) => at > healedAt).length;
      // Publishes that the broker had not come to when the measured phase ended; one more is being served.
      case 'publishesWaiting': return Math.max(0, this.sent - this.taken - 1);
      default: throw new Error(`no history tells ${figure}`);
    }
  }
}
