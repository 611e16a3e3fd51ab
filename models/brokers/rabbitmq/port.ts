/** What clients and judges may know of a broker. */
import type { EventType, Simulation } from '../../../sim/simulation.ts';
import type { QueueGuarantees } from '../../broker.ts';
import type { AttemptId, ConnectionId, MessageId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { BrokerPort, Reply } from '../../protocol.ts';
import type { World } from '../../world.ts';
import type { Destinations } from './destinations.ts';
import type { RabbitOperator } from './operator.ts';
import type { RabbitQueue } from './queue.ts';
import { ReplicatedQueue } from './replicated-queue.ts';
import type { VersionRules } from './versions.ts';

export function createPort(sim: Simulation, name: string, nodes: readonly NodeId[], queues: readonly RabbitQueue[], destinations: Destinations, declareArrived: BrokerPort['declareArrived']): BrokerPort {
  return {
    name,
    entries: nodes,
    publishArrived: sim.declare(`${name}.publishArrived`),
    settlementArrived: sim.declare(`${name}.settlementArrived`),
    subscribeArrived: sim.declare(`${name}.subscribeArrived`),
    cancelArrived: sim.declare(`${name}.cancelArrived`),
    declareArrived,
    queue: (wanted) => queues.find((queue) => queue.name === wanted)!.id,
    placement: (of) => {
      const queue = queues.find(({ id }) => id === of)!;
      return { leader: queue.leader, members: nodes.filter((node) => queue.keepsAt(node)), term: queue instanceof ReplicatedQueue ? queue.group.term : undefined };
    },
    destination: (of) => destinations.add(of),
    queuesOf: (destination) => destinations.queuesOf(destination),
  };
}

/** Moments of messages at the nodes that their clients are connected to. */
export function addMoments({ moments, attempts, deliveries, copies, network }: World, port: BrokerPort, answered: EventType<AttemptId, Reply>): void {
  const messageOf = (attempt: AttemptId): MessageId => attempts.messageOf(attempt);
  const serverOf = (attempt: AttemptId): NodeId => network.nodeAt(attempts.connection[attempt] as ConnectionId, 'server');
  moments.add('arrived', port.publishArrived, messageOf, serverOf);
  moments.add('confirmed', answered, messageOf, serverOf);
  moments.add(
    'acknowledged', port.settlementArrived, (delivery) => copies.messageOf(deliveries.copyOf(delivery)),
    (delivery) => network.nodeAt(deliveries.connection[delivery] as ConnectionId, 'server'),
  );
}

export function guaranteesOf(queue: RabbitQueue, operator: RabbitOperator, destinations: Destinations, { countsNacks }: VersionRules): QueueGuarantees {
  const { deadLetterExchange, deadLetterRoutingKey, ttl, type, singleActiveConsumer } = queue.rules;
  const targets = deadLetterExchange === undefined ? [] : (destinations.through(deadLetterExchange, deadLetterRoutingKey ?? queue.name, {}) ?? []);
  // Where what is given back does not count, nothing bounds it.
  return {
    queue: queue.id, deadLetter: targets[0]?.id, expires: ttl < Infinity && targets.length > 0,
    get deliveriesMax() {
      return countsNacks ? operator.limitsOf(queue).deliveryLimit + 1 : Infinity;
    },
    get lengthMax() {
      return operator.limitsOf(queue).maxLength;
    },
    // What is beyond the length of a stream is no message that waits.
    get bytesMax() {
      return type === 'stream' ? Infinity : operator.limitsOf(queue).maxBytes;
    },
    isExclusive: singleActiveConsumer !== 'none', holding: (copy) => queue.disk.holding(copy),
  };
}
