/**
 * Average rates that follow from the settings alone, as far as they do: what is offered to each queue, and how busy that
 * keeps its consumers. No waiting, faults or limits are in it; it is what a warning before a run needs.
 */
import type { ArrivalsSpec } from '../models/arrival-settings.ts';
import type { ConsumerSpec } from '../models/consumer-settings.ts';
import type { ProducerSpec } from '../models/producer-settings.ts';
import { distribution } from '../sim/distribution.ts';
import { nanosPerSecond, type PerSecond } from '../sim/units.ts';
import { destinationsOf } from './destinations.ts';
import type { Scenario } from './scenario.ts';
import { shovelledQueues } from './shovelled.ts';

export interface OfferedLoad {
  /** Messages per second published to a queue, by `broker/queue`; absent where it cannot be known. */
  readonly rates: ReadonlyMap<string, PerSecond>;
  /** Rate × mean service / servers; absent where the rate is. */
  readonly utilisation: ReadonlyMap<string, number>;
}

/** @param rateOf messages per second of one producer; undefined where it is not known */
export function offeredLoad(scenario: Scenario, rateOf: (producer: ProducerSpec) => PerSecond | undefined = lastingRate): OfferedLoad {
  const fresh = freshRates(scenario, rateOf);
  const groups = Object.values(scenario.consumers);
  let rates: ReadonlyMap<string, PerSecond> = fresh;
  // Pipelines settle after as many rounds as they have stages, and loops converge as what is published onward thins out.
  for (let round = 0; round < roundsMax; round++) {
    const next = withOnward(scenario, fresh, rates);
    const isSettled = next.size === rates.size && [...next].every(([queue, rate]) => rates.get(queue) === rate);
    rates = next;
    if (isSettled) break;
  }
  const { from, to } = shovelledQueues(scenario);
  // What a shovel moves, formulas do not follow.
  const hidden = new Set([...from, ...to]);
  if (hidden.size > 0) rates = new Map([...rates].filter(([queue]) => !hidden.has(queue)));
  const utilisation = new Map<string, number>();
  for (const [queue, rate] of rates) {
    const capacity = capacityOf(queue, groups);
    if (capacity > 0) utilisation.set(queue, rate / capacity);
  }
  return { rates, utilisation };
}

const roundsMax = 64;

/** Messages per second that a group can handle when it never waits, attempts that fail and come back included. */
export function groupCapacity(group: ConsumerSpec): PerSecond {
  const mean = distribution(group.service).mean / nanosPerSecond;
  if (!(mean > 0)) return Infinity;
  // What was acknowledged before it failed does not come back.
  const again = group.acknowledge === 'after-work' && group.failure?.then === 'requeue' ? group.failure.probability : 0;
  return (serversOf(group) * (1 - again)) / mean;
}

/** A worker handles no more at a time than it may hold. */
export function serversOf(group: ConsumerSpec): number {
  const held = group.acknowledge === 'after-work' ? Math.min(group.concurrency, group.prefetch) : group.concurrency;
  return group.count * held;
}

/** Messages per second of one producer; undefined where the settings do not say it in one number. */
export function meanRate(arrivals: ArrivalsSpec): PerSecond | undefined {
  switch (arrivals.kind) {
    case 'constant':
    case 'poisson':
      return arrivals.rate;
    case 'renewal':
      return nanosPerSecond / distribution(arrivals.gap).mean;
    case 'daily':
      return (arrivals.low + arrivals.high) / 2;
    case 'phases': {
      if (!arrivals.repeat) return undefined;
      const length = arrivals.steps.reduce((sum, step) => sum + step.for, 0);
      return arrivals.steps.reduce((sum, step) => sum + (step.for / length) * ((step.from + step.to) / 2), 0);
    }
    case 'recorded': {
      const last = arrivals.times.at(-1) ?? 0;
      return last > 0 ? (arrivals.times.length / last) * nanosPerSecond : undefined;
    }
    case 'markovModulated':
      return undefined;
  }
}

/** Of a producer that never stops by itself. */
function lastingRate({ messages, arrivals }: ProducerSpec): PerSecond | undefined {
  return messages === undefined ? meanRate(arrivals) : undefined;
}

function freshRates(scenario: Scenario, rateOf: (producer: ProducerSpec) => PerSecond | undefined): Map<string, PerSecond> {
  const rates = new Map<string, PerSecond>();
  const unknown = new Set<string>();
  for (const producer of Object.values(scenario.producers)) {
    const rate = rateOf(producer);
    for (const queue of destinationsOf(scenario, producer)) {
      if (rate === undefined) unknown.add(queue);
      else rates.set(queue, (rates.get(queue) ?? 0) + rate * producer.count);
    }
  }
  for (const queue of unknown) rates.delete(queue);
  return rates;
}

function withOnward(scenario: Scenario, fresh: ReadonlyMap<string, PerSecond>, rates: ReadonlyMap<string, PerSecond>): Map<string, PerSecond> {
  const groups = Object.values(scenario.consumers);
  const next = new Map(fresh);
  for (const group of groups) {
    const offered = rates.get(group.subscribe);
    if (offered === undefined) continue;
    const share = groupCapacity(group) / capacityOf(group.subscribe, groups);
    const handled = Math.min(offered * (Number.isNaN(share) ? 1 : share), groupCapacity(group));
    for (const onward of group.publish) {
      for (const queue of destinationsOf(scenario, onward)) next.set(queue, (next.get(queue) ?? 0) + handled * onward.probability);
    }
  }
  return next;
}

function capacityOf(queue: string, groups: readonly ConsumerSpec[]): PerSecond {
  return groups.filter((group) => group.subscribe === queue).reduce((sum, group) => sum + groupCapacity(group), 0);
}
