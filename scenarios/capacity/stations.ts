/** Everything in a scenario that can be saturated, and how far it is from that. */
import { viewOf } from '../../models/brokers/index.ts';
import { distribution, type DistributionSpec } from '../../sim/distribution.ts';
import { nanosPerSecond } from '../../sim/units.ts';
import type { Estimate, StationCapacity } from '../capacity-result.ts';
import { resultNumber } from '../result-number.ts';
import type { Scenario } from '../scenario.ts';
import { arrivalsTo } from '../predictions/arrivals-to.ts';
import type { StationAnswer } from '../predictions/station-answer.ts';
import { estimateOf } from './estimate.ts';
import type { Replication } from './replication.ts';
import { loadOf } from './theory.ts';

export function stationCapacities(scenario: Scenario, answers: readonly StationAnswer[], replications: readonly Replication[]): StationCapacity[] {
  const consumers = answers.map((answer) => ofConsumers(answer, simulatedUtilisation(answer, scenario, replications)));
  return [...consumers, ...brokerLines(scenario)].sort((one, other) => other.utilisation - one.utilisation);
}

function ofConsumers(answer: StationAnswer, simulated: Estimate): StationCapacity {
  const { station, modelled } = answer;
  const { rate } = station.arrivals;
  const utilisation = loadOf(answer);
  return {
    name: station.groups.join(' + '), kind: 'consumers', queue: station.queue, model: modelled.model, arrivalRate: rate, offeredLoad: utilisation * station.servers,
    servers: station.servers, whenFull: station.whenFull ?? null, utilisation, simulatedUtilisation: simulated, saturatedAt: resultNumber(1 / utilisation), headroom: Math.max(0, rate / utilisation - rate),
  };
}

function simulatedUtilisation({ station }: StationAnswer, scenario: Scenario, replications: readonly Replication[]): Estimate {
  const servers = (group: string): number => scenario.consumers[group]!.count * scenario.consumers[group]!.concurrency;
  const all = station.groups.reduce((sum, group) => sum + servers(group), 0);
  return estimateOf(replications.map(({ groups }) => station.groups.reduce((sum, group) => sum + groups[group]!.utilisation * servers(group), 0) / all));
}

/** Brokers' threads and disks, where they take time. */
export function brokerLines(scenario: Scenario): StationCapacity[] {
  return Object.keys(scenario.brokers).flatMap((broker) => linesOf(scenario, broker));
}

/** Those of one broker. */
export function linesOf(scenario: Scenario, broker: string): StationCapacity[] {
  const arrivals = [...arrivalsTo(scenario)];
  const { processing, storage, queues } = viewOf(scenario.brokers[broker]!);
  const here = arrivals.filter(([queue]) => queue.startsWith(`${broker}/`));
  const rate = here.reduce((sum, [, { rate: each }]) => sum + each, 0);
  const durable = here.filter(([queue]) => queues[queue.slice(broker.length + 1)]?.durable ?? storage.durable).reduce((sum, [, { rate: each }]) => sum + each, 0);
  return [...ofLine(`${broker} thread`, 'broker-thread', rate, processing), ...ofLine(`${broker} disk`, 'disk', durable, storage.write)];
}

function ofLine(name: string, kind: StationCapacity['kind'], arrivalRate: number, spec: DistributionSpec): StationCapacity[] {
  const utilisation = (arrivalRate * distribution(spec).mean) / nanosPerSecond;
  if (!(utilisation > 0)) return [];
  return [{
    name, kind, queue: null, model: null, arrivalRate, offeredLoad: utilisation, servers: 1, whenFull: null, utilisation, simulatedUtilisation: null,
    saturatedAt: resultNumber(1 / utilisation), headroom: Math.max(0, arrivalRate / utilisation - arrivalRate),
  }];
}
