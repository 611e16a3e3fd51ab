/** The scenario with one thing changed, as the questions about its capacity need it. */
import type { ArrivalsSpec } from '../../models/arrival-settings.ts';
import { hostOf } from '../../models/consumer-settings.ts';
import type { DistributionSpec } from '../../sim/distribution.ts';
import type { Nanos } from '../../sim/units.ts';
import type { Scenario } from '../scenario.ts';

/** All producers publish so many times as much. */
export function withLoad(scenario: Scenario, factor: number): Scenario {
  if (factor === 1) return scenario;
  const producers = Object.fromEntries(Object.entries(scenario.producers).map(([name, producer]) => [name, { ...producer, arrivals: faster(producer.arrivals, factor) }]));
  return { ...scenario, producers };
}

/** Groups that consume over one channel have as many workers each. */
export function withWorkers(scenario: Scenario, group: string, count: number): Scenario {
  const host = hostOf(scenario.consumers, group);
  const consumers = Object.entries(scenario.consumers).map(([name, spec]) => [name, hostOf(scenario.consumers, name) === host ? { ...spec, count } : spec]);
  return { ...scenario, consumers: Object.fromEntries(consumers) as Scenario['consumers'] };
}

/** Without faults, and with nothing claimed: what is asked is how it runs while all is well. */
export function undisturbed(scenario: Scenario): Scenario {
  return { ...scenario, faults: [], claims: [] };
}

export function withPhases(scenario: Scenario, phases: Scenario['phases']): Scenario {
  return { ...scenario, phases };
}

/** A node or a group's workers are down for a while. */
export function withOutage(scenario: Scenario, target: string, at: Nanos, length: Nanos): Scenario {
  return { ...scenario, faults: [{ kind: 'crash', target, scope: 'process', at, for: length }] };
}

function faster(arrivals: ArrivalsSpec, factor: number): ArrivalsSpec {
  switch (arrivals.kind) {
    case 'constant':
    case 'poisson':
      return { ...arrivals, rate: arrivals.rate * factor };
    case 'renewal':
      return { ...arrivals, gap: shorter(arrivals.gap, factor) };
    case 'phases':
      return { ...arrivals, steps: arrivals.steps.map((step) => ({ ...step, from: step.from * factor, to: step.to * factor })) };
    case 'daily':
      return { ...arrivals, low: arrivals.low * factor, high: arrivals.high * factor };
    case 'markovModulated':
      return { ...arrivals, states: Object.fromEntries(Object.entries(arrivals.states).map(([name, rate]) => [name, rate * factor])) };
    case 'recorded':
      return { ...arrivals, times: arrivals.times.map((time) => time / factor) };
  }
}

/** A distribution of durations that are all so many times shorter. */
function shorter(spec: DistributionSpec, factor: number): DistributionSpec {
  switch (spec.kind) {
    case 'constant': return { ...spec, value: spec.value / factor };
    case 'uniform': return { ...spec, min: spec.min / factor, max: spec.max / factor };
    case 'exponential':
    case 'erlang':
    case 'gamma':
    case 'hyperexponential':
    case 'lognormal': return { ...spec, mean: spec.mean / factor };
    case 'normal': return { ...spec, mean: spec.mean / factor, deviation: spec.deviation / factor };
    case 'weibull': return { ...spec, scale: spec.scale / factor };
    case 'pareto': return { ...spec, min: spec.min / factor };
    case 'boundedPareto': return { ...spec, min: spec.min / factor, max: spec.max / factor };
    case 'triangular': return { ...spec, min: spec.min / factor, mode: spec.mode / factor, max: spec.max / factor };
    case 'empirical':
    case 'recorded': return { ...spec, values: spec.values.map((value) => value / factor) };
    case 'mixture': return { ...spec, parts: spec.parts.map(({ weight, of }) => ({ weight, of: shorter(of, factor) })) };
    case 'shifted': return { ...spec, by: spec.by / factor, of: shorter(spec.of, factor) };
  }
}
