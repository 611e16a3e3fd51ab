/** What theory adds to the result of a run. */
import type { RunResult } from '../result.ts';
import type { Scenario } from '../scenario.ts';
import { lifecyclePredictions } from './lifecycle-predictions.ts';
import { messageChains } from './message-chain.ts';
import { predictionsOf } from './predictions.ts';
import type { Simulated } from './simulated.ts';

export function theoryBeside(scenario: Scenario, simulated: Simulated, isWanted: boolean): Pick<RunResult, 'predictions' | 'unpredicted' | 'chains' | 'lifecycles'> {
  if (!isWanted) return { predictions: [], unpredicted: [], chains: [], lifecycles: [] };
  const { predictions, unpredicted } = predictionsOf(scenario, simulated);
  return { predictions, unpredicted, chains: messageChains(scenario, simulated), lifecycles: lifecyclePredictions(simulated.measurements) };
}
