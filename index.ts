/**
 * Faultline's public entry.
 *
 *   const loaded = await loadScenario('checkout.yaml', { seed: 7 });
 *   if (loaded.ok) console.log(summarise(runScenario(loaded.scenario), { colour: true, width: 80 }));
 */
export { compareResults } from './scenarios/comparison.ts';
export type { Comparison, ComparisonCell, ComparisonRow } from './scenarios/comparison-result.ts';
export { createScenario, defineScenario, ScenarioError, type ScenarioSettings } from './scenarios/define.ts';
export { explainMessage, UnknownMessage } from './scenarios/explain.ts';
export { jsonSchema } from './scenarios/json-schema.ts';
export { formatProblem, type Loaded, type LoadOptions, loadScenario, type ParseOptions, parseScenario, type Problem } from './scenarios/load.ts';
export type {
  ClaimVerdict, Explanation, FaultResult, GroupResult, Latency, MessageCounts, ObjectiveResult, ProducerResult, QueueResult, RunResult, Series, Verdict, Witness,
} from './scenarios/result.ts';
export { studyCapacity } from './scenarios/capacity/capacity.ts';
export type { CapacityOptions } from './scenarios/capacity/options.ts';
export type { CapacityResult } from './scenarios/capacity-result.ts';
export type { ChainTransition, LifecyclePrediction, MessageChain, PredictedValue, Prediction } from './scenarios/prediction-result.ts';
export { runScenario } from './scenarios/run.ts';
export type { Scenario } from './scenarios/scenario.ts';
export type { HistoryLine } from './scenarios/history.ts';
export type { RunOptions } from './scenarios/run-options.ts';
export { evaluate } from './models/theory/index.ts';
export * as theory from './models/theory/index.ts';
export { ImpossibleParameters } from './models/theory/checks.ts';
export { renderCapacity } from './reports/capacity-report.ts';
export { renderComparison } from './reports/comparison-report.ts';
export { formatComparison } from './reports/comparison-summary.ts';
export { renderReport } from './reports/report.ts';
export { formatExplanation } from './reports/story.ts';
export { summarise } from './reports/summary.ts';
export { AssertionFailure } from './sim/assert.ts';
