/** What it costs to lose one worker of a group, for ever. */
import type { LossFigures, WorkerLoss } from '../capacity-result.ts';
import { isMet } from '../objective-results.ts';
import { resultNumber } from '../result-number.ts';
import type { Scenario } from '../scenario.ts';
import { withWorkers } from './altered.ts';
import { estimateOf } from './estimate.ts';
import type { Laboratory } from './laboratory.ts';
import type { Replication } from './replication.ts';
import { answerFor, loadOf, stationFor } from './theory.ts';

export async function workerLosses(scenario: Scenario, laboratory: Laboratory): Promise<WorkerLoss[]> {
  const groups = Object.entries(scenario.consumers).filter(([, { count }]) => count > 1);
  return Promise.all(groups.map(([group, { count }]) => lossOf(scenario, group, count, laboratory)));
}

async function lossOf(scenario: Scenario, group: string, workers: number, laboratory: Laboratory): Promise<WorkerLoss> {
  const fewer = withWorkers(scenario, group, workers - 1);
  const [before, after] = await Promise.all([laboratory.experiment('load 1', scenario), laboratory.experiment(`${group} with ${workers - 1} workers`, fewer)]);
  const isMetIn = (replications: readonly Replication[], index: number): boolean | null =>
    isMet(scenario.objectives[index]!, estimateOf(replications.map(({ objectives }) => objectives[index]!.value)).value);
  const broken = scenario.objectives.filter((_, index) => isMetIn(before, index) === true && isMetIn(after, index) === false).map(({ text }) => text);
  return { group, workers, before: figuresOf(scenario, group, before), after: figuresOf(fewer, group, after), broken };
}

function figuresOf(scenario: Scenario, group: string, replications: readonly Replication[]): LossFigures {
  const station = stationFor(scenario, group);
  const answer = answerFor(scenario, group);
  const figures = replications.map(({ groups }) => groups[group]!);
  const p99 = answer?.hasLatencies ? answer.quantile('sojourn', 0.99) : undefined;
  return {
    utilisation: station === undefined ? (estimateOf(figures.map(({ utilisation }) => utilisation)).value as number) : loadOf(station),
    predictedMean: answer?.hasLatencies ? resultNumber(answer.mean('sojourn')) : null,
    predictedP99: p99 === undefined ? null : resultNumber(p99),
    mean: estimateOf(figures.map(({ mean }) => mean)), p99: estimateOf(figures.map((each) => each.p99)),
  };
}
