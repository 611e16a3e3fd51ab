/** What a fault does between its begin and its end: one node after another, again and again. */
import type { EventType, Simulation } from '../../sim/simulation.ts';
import type { Nanos } from '../../sim/units.ts';

/** Whose steps they are: a strike. */
type Owner = object;

export class FaultSteps {
  private readonly sim: Simulation;
  private readonly due: EventType;
  /** By number; a strike that is over has none left. */
  private readonly waiting = new Map<number, { readonly strike: Owner; readonly at: Nanos; readonly act: () => void }>();
  private taken = 0;

  constructor(sim: Simulation) {
    this.sim = sim;
    this.due = sim.declare('fault.steps');
    sim.handle(this.due, (step) => this.onDue(step));
  }

  /** Something that the strike does then, unless it is over. */
  after(delay: Nanos, strike: Owner, act: () => void): void {
    this.waiting.set(++this.taken, { strike, at: this.sim.now + delay, act });
    this.sim.after(delay, this.due, this.taken, 0);
  }

  /** How long it is from now to the last thing that the strike has still to do. */
  lasts(strike: Owner): Nanos {
    let last = this.sim.now;
    for (const waiting of this.waiting.values()) if (waiting.strike === strike) last = Math.max(last, waiting.at);
    return last - this.sim.now;
  }

  /** Nothing more comes of that strike. */
  stop(strike: Owner): void {
    for (const [step, waiting] of this.waiting) if (waiting.strike === strike) this.waiting.delete(step);
  }

  private onDue(step: number): void {
    const waiting = this.waiting.get(step);
    this.waiting.delete(step);
    waiting?.act();
  }
}
