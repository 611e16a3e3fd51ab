/** How long a replication runs: long enough to say something, and no longer than the scenario itself. */
import { nanosPerSecond } from '../../sim/units.ts';
import type { StationAnswer } from '../predictions/station-answer.ts';
import type { Scenario } from '../scenario.ts';

/** Messages of a replication that are enough for a percentile, where the scenario has more. */
const messagesWanted = 40_000;
/** Warm-up lasts so many relaxation times of the slowest station, and at most as long as what is measured. */
const relaxations = 8;

/** @param answers the stations at the greatest load that will be simulated */
export function replicationPhases(scenario: Scenario, answers: readonly StationAnswer[]): Scenario['phases'] {
  const { warmUp, measure, drain } = scenario.phases;
  const total = answers.reduce((sum, { station }) => sum + station.arrivals.rate, 0);
  const isSteady = answers.every(({ station }) => station.arrivals.varying.length === 0);
  const wanted = isSteady && total > 0 ? Math.min(measure, Math.round((messagesWanted / total) * nanosPerSecond)) : measure;
  const slowest = answers.filter(({ modelled }) => modelled.answer.utilisation < 1).reduce((most, { relaxationTime }) => Math.max(most, relaxationTime), 0);
  const forgetting = Math.min(wanted, Math.round(relaxations * slowest * nanosPerSecond));
  return { warmUp: isSteady ? Math.max(warmUp, forgetting) : warmUp, measure: wanted, drain: Math.max(drain, 2 * wanted) };
}
