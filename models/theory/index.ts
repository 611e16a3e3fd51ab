/** The registry: every model of queueing theory, by name. */
import { availabilityAndDurabilityModels } from './catalogue/availability-and-durability.ts';
import { backlogModels } from './catalogue/backlog.ts';
import { batchesModels } from './catalogue/batches.ts';
import { breakdownsModels } from './catalogue/breakdowns.ts';
import { finiteAndImpatientModels } from './catalogue/finite-and-impatient.ts';
import { generalServiceModels } from './catalogue/general-service.ts';
import { markovChainsModels } from './catalogue/markov-chains.ts';
import { multiServerModels } from './catalogue/multi-server.ts';
import { networksModels } from './catalogue/networks.ts';
import { prioritiesModels } from './catalogue/priorities.ts';
import { redeliveryAndRetriesModels } from './catalogue/redelivery-and-retries.ts';
import { ImpossibleParameters } from './checks.ts';
import type { TheoryModel } from './theory-model.ts';

export const theoryModels: ReadonlyMap<string, TheoryModel> = byName([
  multiServerModels, finiteAndImpatientModels, generalServiceModels, prioritiesModels, batchesModels, breakdownsModels, redeliveryAndRetriesModels, networksModels,
  markovChainsModels, availabilityAndDurabilityModels, backlogModels,
]);

function byName(families: readonly (readonly TheoryModel[])[]): Map<string, TheoryModel> {
  const models = new Map<string, TheoryModel>();
  for (const model of families.flat()) {
    if (models.has(model.name)) throw new Error(`two models are called ${model.name}`);
    models.set(model.name, model);
  }
  return models;
}

/**
 * The metrics of a model for parameters: rates per second, times in seconds (or both in one other unit of time). Metrics that
 * need an optional parameter (a quantile its `p`, a tail its `t`) are there when it is given. A system without a steady state
 * has infinite metrics and a `growth_rate` above zero.
 *
 *   evaluate('mmc', { lambda: 900, mu: 100, c: 10, p: 0.99 }).Wq_quantile
 *
 * @throws ImpossibleParameters naming each parameter that is missing, unknown or out of range, and the unit wanted
 */
export function evaluate(model: string, params: object): Record<string, number> {
  const found = theoryModels.get(model);
  if (found === undefined) throw new ImpossibleParameters([{ parameter: 'model', found: `"${model}"`, wanted: `one of ${[...theoryModels.keys()].join(', ')}` }]);
  return found.evaluate(params as Readonly<Record<string, unknown>>);
}
