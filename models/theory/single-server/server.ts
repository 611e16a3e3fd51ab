/** One server with Poisson arrivals, and what is asked of its waits. */
import type { Law } from '../laws/law-form.ts';

export interface Server {
  readonly arrivalRate: number;
  readonly service: Law;
  /** 1 − ρ, with all its digits. */
  readonly spareShare: number;
}

export interface WaitingLaw {
  /** P(wait > t), t ≥ 0. */
  waitingTail(t: number): number;
  /** P(wait + service > t), t ≥ 0. */
  sojournTail(t: number): number;
}
