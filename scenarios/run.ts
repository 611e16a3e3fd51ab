/** A run: its phases in order, and its result as plain data. */
import { LimitReached } from '../sim/assert.ts';
import type { Nanos } from '../sim/units.ts';
import { build, type System } from '../models/build.ts';
import { isDrained } from './end-of-run.ts';
import { narrate } from './history.ts';
import { Measurements } from './measurements.ts';
import type { RunResult } from './result.ts';
import { type Ended, resultOf } from './result-of.ts';
import type { RunOptions } from './run-options.ts';
import type { Scenario } from './scenario.ts';

/** Events after which a run is ended without a verdict, so that a message going round in no time is never a hang. */
export const eventsMaxDefault = 100_000_000;

/** Runs a scenario. The same scenario and seed give the same result, to the last digit. */
export function runScenario(scenario: Scenario, options: RunOptions = {}): RunResult {
  // 1. Build
  const system = build(scenario, options.brokerModels);
  if (options.history !== undefined) narrate(system.world, options.history, options.historyOf);
  const measurements = new Measurements(system);
  const run = new Run(system, measurements, options);
  const ended = run.through();
  // 7. Judge, and 8. make the result of it
  return resultOf(scenario, system, measurements, ended, options);
}

class Run {
  private readonly system: System;
  private readonly measurements: Measurements;
  private readonly options: RunOptions;
  private readonly eventsMax: number;

  constructor(system: System, measurements: Measurements, options: RunOptions) {
    this.system = system;
    this.measurements = measurements;
    this.options = options;
    this.eventsMax = options.maxEvents ?? eventsMaxDefault;
  }

  through(): Ended {
    try {
      return this.phases();
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      this.measurements.finish();
      return { reason: 'capacity', detail: error.message };
    }
  }

  private phases(): Ended {
    const { world, producers, lifecycles, faults } = this.system;
    const { measureFrom, healAt, end } = world.phases;
    producers.start();
    lifecycles.start();
    faults.start();
    // 2. Warm up
    if (!this.advance(measureFrom)) return this.tooManyEvents();
    // 3. Measure, under load and faults
    this.measurements.begin();
    if (!this.advance(healAt)) return this.tooManyEvents();
    this.measurements.end();
    // 4. Heal: producers stop, and whatever was broken is whole again
    producers.stop();
    faults.heal();
    lifecycles.heal();
    // 5. Drain
    while (world.sim.now < end && !isDrained(this.system)) {
      if (!this.advance(Math.min(end, this.measurements.nextWindow))) return this.tooManyEvents();
    }
    // 6. Close the books
    this.measurements.finish();
    return isDrained(this.system) ? { reason: 'drained', detail: 'every queue is empty and nobody waits' } : { reason: 'time', detail: 'the time to drain was over' };
  }

  /** Goes on to a time, window by window. False when the event limit was met first. */
  private advance(until: Nanos): boolean {
    const { sim } = this.system.world;
    while (sim.now < until || sim.nextTime <= until) {
      const stop = Math.min(until, this.measurements.nextWindow);
      if (!sim.runUntil(stop, this.eventsMax)) return false;
      if (stop === this.measurements.nextWindow) this.measurements.closeWindow();
      this.options.onProgress?.({ fraction: sim.now / this.system.world.phases.end, simulatedSeconds: sim.now / 1e9, events: sim.count });
    }
    return true;
  }

  private tooManyEvents(): Ended {
    this.measurements.finish();
    return { reason: 'event-limit', detail: `the limit of ${this.eventsMax} events was met` };
  }
}
