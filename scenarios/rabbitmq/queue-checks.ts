/** Queues of RabbitMQ: what their type and the version do not know, and where their dead letters go. */
import type { Policies, QueueType } from '../../models/brokers/rabbitmq/routing/policies.ts';
import { effectiveArguments, type QueueRules } from '../../models/brokers/rabbitmq/routing/queue-rules.ts';
import { defaultExchange } from '../../models/brokers/rabbitmq/routing/router.ts';
import type { PolicySpec, RabbitQueueSpec } from '../../models/brokers/rabbitmq/settings.ts';
import { membersMax } from '../../models/brokers/rabbitmq/raft/addresses.ts';
import { isAtLeast, rulesOf } from '../../models/brokers/rabbitmq/versions.ts';
import type { Path } from '../problem.ts';
import { nearest } from '../suggest.ts';
import type { CheckedTopology } from './checked-topology.ts';
import * as say from './messages.ts';

interface CheckedQueue {
  readonly spec: RabbitQueueSpec;
  readonly policy: PolicySpec | undefined;
  readonly rules: QueueRules;
  readonly path: Path;
}

export function checkQueues(policies: Policies, checked: CheckedTopology): void {
  for (const [name, spec] of Object.entries(checked.spec.queues)) {
    if (checked.isFull) return;
    const policy = policies.forQueue(name, spec.arguments['x-queue-type']);
    const queue: CheckedQueue = { spec, policy, rules: effectiveArguments(spec, policy, checked.spec.version), path: ['queues', name] };
    checkType(queue, checked);
    checkVersion(queue, checked);
    checkNodes(queue, checked);
    checkDeadLetters(queue, checked);
    checkStrategy(queue, checked);
  }
}

type Argument = keyof RabbitQueueSpec['arguments'];

const ofStreams: readonly Argument[] = ['x-max-age', 'x-stream-max-segment-size-bytes', 'x-initial-cluster-size'];
/** Arguments that RabbitMQ knows of other types alone (rabbit_amqqueue `check_arguments_key`, `queue_arguments` of each type). */
const foreignArguments: Readonly<Record<QueueType, readonly Argument[]>> = {
  classic: ['x-delivery-limit', 'x-dead-letter-strategy', 'x-quorum-initial-group-size', ...ofStreams],
  quorum: ['x-max-priority', 'x-queue-version', ...ofStreams],
  stream: [
    'x-message-ttl', 'x-max-length', 'x-overflow', 'x-dead-letter-exchange', 'x-dead-letter-routing-key', 'x-dead-letter-strategy', 'x-delivery-limit',
    'x-consumer-timeout', 'x-queue-version', 'x-max-priority', 'x-single-active-consumer', 'x-quorum-initial-group-size',
  ],
};
/** What it may be instead. */
const otherType: Readonly<Record<QueueType, string>> = { classic: 'quorum queue', quorum: 'classic queue', stream: 'queue' };

function checkType({ spec, rules: { type }, path }: CheckedQueue, checked: CheckedTopology): void {
  const { version } = checked.spec;
  const foreign = [...foreignArguments[type]];
  // It was any queue's until it became the quorum queues' own.
  if (type === 'classic' && isAtLeast(version, '4.3')) foreign.push('x-consumer-timeout');
  for (const argument of foreign) {
    const given = spec.arguments[argument];
    const instead = ofStreams.includes(argument) ? 'stream' : otherType[type];
    if (given !== undefined && given !== false) checked.error([...path, 'arguments', argument], say.unsupportedArgument(type, argument, instead));
  }
  if (spec.durable) return;
  if (type !== 'classic') checked.error([...path, 'durable'], say.transientReplicated(type));
  else if (rulesOf(version).refusesTransientQueues) checked.error([...path, 'durable'], say.transientRefused(version));
}

function checkVersion({ spec: { arguments: given }, rules, path }: CheckedQueue, checked: CheckedTopology): void {
  const { version } = checked.spec;
  const at = (argument: Argument): Path => [...path, 'arguments', argument];
  const limit = given['x-delivery-limit'];
  if (rules.type === 'quorum' && limit !== undefined && limit < 0 && !isAtLeast(version, '4.0')) checked.warning(at('x-delivery-limit'), say.noNegativeLimit(version));
  if (given['x-consumer-timeout'] !== undefined && !isAtLeast(version, '3.13')) checked.warning(at('x-consumer-timeout'), say.noEffectIn('x-consumer-timeout', version, 'set consumer_timeout under config'));
  if (rules.type !== 'classic' || given['x-queue-version'] !== 1 || !isAtLeast(version, '4.0')) return;
  if (isAtLeast(version, '4.3')) checked.error(at('x-queue-version'), say.unknownToVersion('version 1 of classic queues', version));
  else checked.warning(at('x-queue-version'), say.noEffectIn('version 1', version, 'all classic queues have version 2'));
}

function checkNodes({ spec, rules, path }: CheckedQueue, checked: CheckedTopology): void {
  const { nodes } = checked.spec;
  const size = spec.arguments['x-quorum-initial-group-size'];
  if (spec.node >= nodes) checked.error([...path, 'node'], say.noSuchNode(spec.node, nodes));
  if (size !== undefined && size > nodes) checked.warning([...path, 'arguments', 'x-quorum-initial-group-size'], say.groupAboveNodes(size, nodes));
  if (rules.type !== 'stream') return;
  const replicas = Math.min(rules.groupSize, nodes);
  const at: Path = [...path, 'arguments', ...(spec.arguments['x-initial-cluster-size'] === undefined ? [] : ['x-initial-cluster-size'])];
  if (replicas > membersMax) checked.error(at, say.groupTooLarge(replicas, membersMax));
  else if (rules.groupSize < Infinity && rules.groupSize > nodes) checked.warning(at, say.groupAboveNodes(rules.groupSize, nodes));
  else if (replicas < nodes) checked.warning(at, say.fewReplicas(replicas, nodes));
}

function checkDeadLetters(queue: CheckedQueue, checked: CheckedTopology): void {
  const { rules, spec, path } = queue;
  const { deadLetterExchange: exchange, deadLetterRoutingKey: key } = rules;
  if (spec.arguments['x-dead-letter-routing-key'] !== undefined && spec.arguments['x-dead-letter-exchange'] === undefined) {
    checked.error([...path, 'arguments', 'x-dead-letter-routing-key'], say.keyWithoutExchange());
  } else if (exchange === undefined) {
    if (queue.policy?.definition['dead-letter-routing-key'] !== undefined) checked.warning(placeOf(queue, 'dead-letter-routing-key', checked), say.nothingDeadLettered());
  } else if (!checked.hasExchange(exchange)) {
    checked.warning(placeOf(queue, 'dead-letter-exchange', checked), say.missingDeadLetterExchange(exchange, nearest(exchange, checked.exchanges), rules.deadLetterStrategy === 'at-least-once'));
  } else if (exchange === defaultExchange && key !== undefined && !checked.hasQueue(key)) {
    checked.warning(placeOf(queue, 'dead-letter-routing-key', checked), say.deadLettersToNobody(key, nearest(key, checked.queues), rules.deadLetterStrategy === 'at-least-once'));
  }
}

function checkStrategy(queue: CheckedQueue, checked: CheckedTopology): void {
  const { rules, spec, policy } = queue;
  if (rules.type !== 'quorum') return;
  const strategy = spec.arguments['x-dead-letter-strategy'] ?? policy?.definition['dead-letter-strategy'];
  // A policy's overflow wins over a quorum queue's own.
  const isOfPolicy = policy?.definition.overflow !== undefined;
  const overflow = policy?.definition.overflow ?? spec.arguments['x-overflow'];
  if (overflow === 'reject-publish-dlx') checked.warning(isOfPolicy ? policyPath(policy, 'overflow', checked) : [...queue.path, 'arguments', 'x-overflow'], say.countsAsDropHead());
  if (strategy !== 'at-least-once' || rules.deadLetterStrategy === strategy) return;
  checked.warning(placeOf(queue, 'dead-letter-strategy', checked), rules.deadLetterExchange === undefined ? say.nothingDeadLettered() : say.fallsBack());
}

type DeadLetterKey = 'dead-letter-exchange' | 'dead-letter-routing-key' | 'dead-letter-strategy';

/** Where a setting stands: an argument wins over the policy. */
function placeOf({ spec, policy, path }: CheckedQueue, key: DeadLetterKey, checked: CheckedTopology): Path {
  if (spec.arguments[`x-${key}`] !== undefined) return [...path, 'arguments', `x-${key}`];
  return policyPath(policy!, key, checked);
}

function policyPath(policy: PolicySpec, key: DeadLetterKey | 'overflow', checked: CheckedTopology): Path {
  return ['policies', checked.spec.policies.indexOf(policy), 'definition', key];
}
