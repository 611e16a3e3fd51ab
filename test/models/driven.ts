/** Systems driven by hand: built, led through the phases of a run event by event, and looked at in between. */
import { build, type System } from '../../models/build.ts';
import type { BrokerModels } from '../../models/brokers/index.ts';
import { narrate, type HistoryLine } from '../../scenarios/history.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { AssertionFailure } from '../../sim/assert.ts';

export interface DrivenOptions {
  readonly brokerModels?: BrokerModels;
  readonly built?: (system: System) => void;
  readonly afterEvent?: (system: System) => void;
  readonly history?: HistoryLine[];
  readonly eventsMax?: number;
}

/**
 * Leads a system through warm-up, measuring and heal, and then on until nothing is pending any more: deadlines, syncs and
 * retransmissions that a run would no longer wait for are waited for. False when the event limit was met first.
 */
export function driveToQuiet(scenario: Scenario, options: DrivenOptions = {}): { system: System; isQuiet: boolean } {
  const system = build(scenario, options.brokerModels);
  if (options.history !== undefined) narrate(system.world, (line) => options.history!.push(line));
  options.built?.(system);
  const { sim, phases } = system.world;
  const eventsMax = options.eventsMax ?? 200_000;
  const until = (time: number): boolean => {
    while (sim.nextTime <= time) {
      if (sim.count >= eventsMax) return false;
      sim.step();
      options.afterEvent?.(system);
    }
    sim.runUntil(Math.min(time, phases.end));
    return true;
  };
  try {
    system.producers.start();
    system.lifecycles.start();
    system.faults.start();
    if (!until(phases.healAt)) return { system, isQuiet: false };
    system.producers.stop();
    system.faults.heal();
    system.lifecycles.heal();
    options.afterEvent?.(system);
    return { system, isQuiet: until(phases.end) && sim.pending === 0 };
  } catch (error) {
    if (error instanceof AssertionFailure && error.situation === '') error.situation = sim.situation();
    if (error instanceof Error) error.message += `\n${sim.situation()}`;
    throw error;
  }
}
