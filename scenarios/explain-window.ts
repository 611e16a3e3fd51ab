/** What happened to all messages within a window of time, by running the seed again. */
import { lifeLine } from './explain.ts';
import type { HistoryLine } from './history.ts';
import type { WindowStory } from './result.ts';
import { runScenario } from './run.ts';
import type { RunOptions } from './run-options.ts';
import type { Scenario } from './scenario.ts';

/** More is counted, and not told. */
const linesMax = 10_000;

/** @param from @param to in simulated seconds: from the one on, and before the other */
export function explainWindow(scenario: Scenario, from: number, to: number, options: Pick<RunOptions, 'maxEvents'> = {}): WindowStory {
  const lines: HistoryLine[] = [];
  const messages = new Set<string>();
  let left = 0;
  const { faults } = runScenario(scenario, {
    ...options, predict: false,
    history: (line) => {
      if (line.at < from || line.at >= to) return;
      messages.add(line.message);
      if (lines.length < linesMax) lines.push(line);
      else left++;
    },
  });
  return {
    schema: 'faultline/window@1', scenario: scenario.name, seed: scenario.seed, from, to, life: lines.map((line) => ({ ...lifeLine(line, faults), message: line.message })), messages: messages.size, left,
    faults: faults.filter(({ begin, end }) => begin < to && (end === null || end > from)),
  };
}
