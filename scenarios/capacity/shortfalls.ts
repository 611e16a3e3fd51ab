/** Where the simulation handles less than what comes, though the settings promise that it could: theory overlooked something. */
import type { StationAnswer } from '../predictions/station-answer.ts';
import { estimateOf } from './estimate.ts';
import type { Replication } from './replication.ts';

export interface Shortfall {
  readonly name: string;
  /** Messages per second. */
  readonly wanted: number;
  readonly simulated: number;
}

/** A share of what comes that is missing by the edges of a run. */
const edge = 0.03;

export function shortfallsOf(answers: readonly StationAnswer[], replications: readonly Replication[]): Shortfall[] {
  return answers.flatMap((answer) => {
    const { station } = answer;
    const { value, interval } = estimateOf(replications.map(({ groups }) => station.groups.reduce((sum, group) => sum + groups[group]!.throughput, 0)));
    const most = interval === null ? value : interval[1];
    const wanted = answer.throughput;
    return typeof most === 'number' && most < wanted * (1 - edge) ? [{ name: station.groups.join(' + '), wanted, simulated: value as number }] : [];
  });
}
