/** What theory alone says of a scenario's capacity. */
import { holds, type Objective } from '../objective.ts';
import { answerOf, type StationAnswer } from '../predictions/station-answer.ts';
import { stationsOf } from '../predictions/station.ts';
import type { Scenario } from '../scenario.ts';
import { withLoad } from './altered.ts';

/** Queues with their readers that a model fits, the busiest first. */
export function answersOf(scenario: Scenario): StationAnswer[] {
  return stationsOf(scenario)
    .map(answerOf)
    .filter((answer): answer is StationAnswer => !('why' in answer))
    .sort((one, other) => other.modelled.answer.utilisation - one.modelled.answer.utilisation);
}

/** The station that a group belongs to, alone or with others, or that reads a queue. */
export function stationFor(scenario: Scenario, groupOrQueue: string): StationAnswer | undefined {
  const station = stationsOf(scenario).find(({ groups, queue }) => queue === groupOrQueue || groups.includes(groupOrQueue));
  const answer = station === undefined ? undefined : answerOf(station);
  return answer === undefined || 'why' in answer ? undefined : answer;
}

/** The same where what it says holds for just that group or queue: groups that share a queue are one to a model, which knows none of their own figures. */
export function answerFor(scenario: Scenario, groupOrQueue: string): StationAnswer | undefined {
  const answer = stationFor(scenario, groupOrQueue);
  return answer !== undefined && (answer.station.queue === groupOrQueue || answer.station.groups.length === 1) ? answer : undefined;
}

/** Messages per second that a station can handle. */
export function capacityOf(answer: StationAnswer): number {
  return answer.station.arrivals.rate / loadOf(answer);
}

/** Offered load by servers, in the model of a station. */
export function loadOf({ modelled }: StationAnswer): number {
  return modelled.answer.utilisation;
}

/** The value that theory has for an objective; undefined where it has none. */
export function predictedValue(scenario: Scenario, { statistic, of, measure }: Objective): number | undefined {
  const answer = answerFor(scenario, of);
  if (answer === undefined) return undefined;
  switch (statistic.kind) {
    case 'percentile':
      return measure === '' || !answer.hasLatencies ? undefined : answer.quantile(measure, statistic.q);
    case 'mean':
      return measure === '' || !answer.hasLatencies ? undefined : answer.mean(measure);
    case 'utilisation':
      return answer.utilisation;
    case 'throughput':
      return answer.throughput;
    default:
      return undefined;
  }
}

/** Whether more load makes it harder to meet: a limit from above on something that grows. */
export function isAgainstLoad({ comparison, statistic }: Objective): boolean {
  return comparison.startsWith('<') && ['percentile', 'mean', 'utilisation'].includes(statistic.kind);
}

const halvings = 40;
/** Where no backlog grows without end, limits are looked for up to so many times the load. */
const farthest = 1e6;

/**
 * The greatest load, as a multiple of the scenario's, at which theory has an objective met; undefined where theory has no value.
 * @param saturation the load from which on some backlog grows without end; Infinity where none does
 */
export function predictedLimit(scenario: Scenario, objective: Objective, saturation: number): number | undefined {
  const isMetAt = (load: number): boolean | undefined => {
    const value = predictedValue(withLoad(scenario, load), objective);
    return value === undefined ? undefined : holds(objective, value);
  };
  let high = saturation < Infinity ? saturation * 0.9999 : farthest;
  let low = high * 1e-6;
  const least = isMetAt(low);
  const most = isMetAt(high);
  if (least === undefined || most === undefined) return undefined;
  if (!least) return 0;
  if (most) return saturation;
  for (let step = 0; step < halvings && high - low > 1e-4 * high; step++) {
    const middle = (low + high) / 2;
    if (isMetAt(middle)) low = middle;
    else high = middle;
  }
  return low;
}
