/** What clients and judges may know of a broker. */
import type { Simulation } from '../../../sim/simulation.ts';
import type { QueueGuarantees } from '../../broker.ts';
import type { NodeId } from '../../node.ts';
import type { BrokerPort } from '../../protocol.ts';
import type { Destinations } from './destinations.ts';
import type { RabbitQueue } from './queue.ts';
import type { VersionRules } from './versions.ts';

export function createPort(sim: Simulation, name: string, nodes: readonly NodeId[], queues: readonly RabbitQueue[], destinations: Destinations, declareArrived: BrokerPort['declareArrived']): BrokerPort {
  return {
    name,
    entries: nodes,
    publishArrived: sim.declare(`${name}.publishArrived`),
    settlementArrived: sim.declare(`${name}.settlementArrived`),
    subscribeArrived: sim.declare(`${name}.subscribeArrived`),
    declareArrived,
    queue: (wanted) => queues.find((queue) => queue.name === wanted)!.id,
    destination: (of) => destinations.add(of),
    queuesOf: (destination) => destinations.queuesOf(destination),
  };
}

export function guaranteesOf(queue: RabbitQueue, destinations: Destinations, { countsNacks }: VersionRules): QueueGuarantees {
  const { deadLetterExchange, deadLetterRoutingKey, deliveryLimit, ttl } = queue.rules;
  const targets = deadLetterExchange === undefined ? [] : (destinations.through(deadLetterExchange, deadLetterRoutingKey ?? queue.name, {}) ?? []);
  // Where what is given back does not count, nothing bounds it.
  return {
    queue: queue.id, deliveriesMax: countsNacks ? deliveryLimit + 1 : Infinity, deadLetter: targets[0]?.id, expires: ttl < Infinity && targets.length > 0, holding: (copy) => queue.disk.holding(copy),
  };
}
