/** RabbitMQ as formulas, checks and warnings see it: the nearest generic work queue, and what is different. */
import { distribution } from '../../../sim/distribution.ts';
import type { BrokerView, QueueOrder } from '../broker-view.ts';
import type { QueueSpec } from '../work-queue/settings.ts';
import { Policies } from './routing/policies.ts';
import { effectiveArguments, type QueueRules } from './routing/queue-rules.ts';
import { Router } from './routing/router.ts';
import type { RabbitmqSpec } from './settings.ts';
import { rulesOf } from './versions.ts';

export function rabbitView(spec: RabbitmqSpec): BrokerView {
  const policies = new Policies(spec.policies);
  const router = new Router(spec);
  const queues = Object.entries(spec.queues).map(([name, queue]): [string, QueueSpec] => {
    const rules = effectiveArguments(queue, policies.forQueue(name, queue.arguments['x-queue-type']), spec.version);
    return [name, queueView(name, rules, router, spec)];
  });
  const { write, fsync, boot, delivery, turnaround } = spec.timing;
  const [idle, again] = [delivery, turnaround].map((each) => distribution(each).mean);
  return {
    nodes: spec.nodes,
    storage: { durable: true, fsync: { kind: 'always' }, confirm: 'after-sync', checksum: true, onSyncError: 'stop', write, sync: fsync, groupCommit: 0, writeback: 30e9 },
    processing: { kind: 'constant', value: 0 },
    canBeSlowed: true,
    stopsInOrder: true,
    looksAtDisk: true,
    readsClock: true,
    speaksTls: spec.tls !== 'none',
    diskFaults: [],
    unmodelledSplit: splitOfMirrors(spec, policies),
    backpressure: undefined,
    recovery: boot,
    queues: Object.fromEntries(queues),
    logs: Object.keys(spec.queues).filter((queue) => spec.queues[queue]!.arguments['x-queue-type'] === 'stream'),
    hasPolicies: true,
    orders: Object.fromEntries(Object.entries(spec.queues).map(([name, queue]) => [name, ordersOf(queue.arguments['x-queue-type'])])),
    exchanges: Object.keys(spec.exchanges),
    routes: ({ to, routingKey, headers }) => (spec.queues[to] === undefined && router.hasExchange(to) ? router.route(to, [routingKey], headers) : [to]),
    unlike: idle! + again! > 0 ? ['what RabbitMQ needs between two deliveries is not part of it'] : [],
  };
}

/** A stream is never empty, and is not deleted here; who leads a classic queue is where it lives. */
function ordersOf(type: QueueRules['type'] | undefined): readonly QueueOrder[] {
  return type === 'stream' ? [] : type === 'quorum' ? ['purge', 'queue-delete', 'leadership-transfer'] : ['purge', 'queue-delete'];
}

/**
 * Mirrors that do not see their leader promote one of themselves, and the leader goes on where it is: a queue with two leaders. A node
 * that pauses for being in a minority ends that at once; one that stands still does not know, and leads when it wakes.
 */
function splitOfMirrors({ nodes, queues, version, config }: RabbitmqSpec, policies: Policies): BrokerView['unmodelledSplit'] {
  const isMirrored = (name: string): boolean => effectiveArguments(queues[name]!, policies.forQueue(name, queues[name]!.arguments['x-queue-type']), version).mirrors !== undefined;
  const queue = nodes > 1 ? Object.keys(queues).find(isMirrored) : undefined;
  if (queue === undefined) return undefined;
  // The net tick notices no silence that is shorter.
  const noticed = 0.75 * config.net_ticktime;
  return { queue, partition: config.cluster_partition_handling === 'pause_minority' ? Infinity : noticed, pause: noticed };
}

function queueView(name: string, rules: QueueRules, router: Router, spec: RabbitmqSpec): QueueSpec {
  const { deadLetterExchange: exchange, deadLetterRoutingKey } = rules;
  const letters = exchange === undefined || !router.hasExchange(exchange) ? [] : router.route(exchange, [deadLetterRoutingKey ?? name]);
  const finite = (value: number): number | undefined => (value === Infinity ? undefined : value);
  const isQuorum = rules.type === 'quorum';
  const isStream = rules.type === 'stream';
  return {
    durable: rules.durable || rules.type !== 'classic',
    lease: undefined,
    // One more delivery than returns; where what is given back does not count, nothing bounds it.
    lateAcknowledgement: 'ignored',
    deliveryLimit: rules.deliveryLimit === Infinity || (isQuorum && !rulesOf(spec.version).countsNacks) ? undefined : rules.deliveryLimit + 1,
    deadLetter: letters[0],
    ttl: finite(rules.ttl),
    maxLength: finite(rules.maxLength),
    // That of a stream bounds what is kept, whether somebody has read it or not.
    maxBytes: isStream ? undefined : finite(rules.maxBytes),
    overflow: rules.overflow === 'drop-head' ? 'drop-head' : rules.overflow === 'reject-publish' ? 'reject' : 'reject-to-dead-letter',
    priorities: isQuorum ? rulesOf(spec.version).quorumPriorities : rules.maxPriority + 1,
    requeue: isQuorum ? 'head' : 'original',
  };
}
