/** The registry of queueing theory: every model by name, and every typed function. */
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

// The typed functions, with the field's own names.
export { mm1AsymptoticVariance } from './asymptotic-variance.ts';
export { drainAfterOutage, littlesLaw, timeToEmpty } from './backlog.ts';
export { batchArrivals, batchArrivalsGeneral } from './batches/batch-arrivals.ts';
export { bulkService } from './batches/bulk-service.ts';
export { mmcBreakdown } from './breakdowns.ts';
export { confirmedLoss } from './durability/confirmed-loss.ts';
export { quorumAvailability } from './durability/quorum.ts';
export { asyncReplicationLoss, replicaLoss } from './durability/replica-loss.ts';
export { erlangAForManyServers } from './erlang-a-approximation.ts';
export { erlangA } from './erlang-a.ts';
export { erlangB, erlangBContinuous, erlangC, offeredLoadFor } from './erlang.ts';
export { engset, finiteSource } from './finite-source.ts';
export { ggc } from './ggc.ts';
export { gimc } from './gimc.ts';
export { infiniteServers } from './infinite-servers.ts';
export { law } from './laws/law.ts';
export { absorption } from './markov/absorption.ts';
export { birthDeath } from './markov/birth-death.ts';
export { gamblersRuin } from './markov/gamblers-ruin.ts';
export { hittingTimes } from './markov/hitting-times.ts';
export { steadyStateOfProbabilities, steadyStateOfRates } from './markov/steady-state.ts';
export { transientOfRates } from './markov/transient.ts';
export { mdc } from './mdc.ts';
export { mg1, mg1ProcessorSharing } from './mg1.ts';
export { mm1BusyPeriodCdf, mm1Transient } from './mm1-transient.ts';
export { mmc } from './mmc.ts';
export { mmck } from './mmck.ts';
export { classNetwork, classNetworkApproximately } from './networks/class-network.ts';
export { closedNetwork } from './networks/closed-network.ts';
export { forkJoin, quorumReply, splitMerge } from './networks/fork-join.ts';
export { openNetwork } from './networks/open-network.ts';
export { mphc } from './phase-type-queue.ts';
export { mg1PriorityNonPreemptive, mg1PriorityPreemptive } from './priorities/mg1-priority.ts';
export { mmcPriorityNonPreemptive, mmcPriorityPreemptive } from './priorities/mmc-priority.ts';
export { mmcPriorityUnequalNonPreemptive } from './priorities/non-preemptive-unequal.ts';
export { mmcPriorityUnequalPreemptive } from './priorities/preemptive-unequal.ts';
export { overflowInBusyCycle } from './rare-overflow.ts';
export { backoff } from './retries/backoff.ts';
export { redelivery, retrial } from './retries/redelivery.ts';
export { retryStorm } from './retries/retry-storm.ts';
export { cheapestServers, halfinWhitt, leastServers, squareRootStaffing } from './staffing.ts';
export type { LawSpec } from './laws/law-spec.ts';
export type { QueueAnswer } from './queue-answer.ts';

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
