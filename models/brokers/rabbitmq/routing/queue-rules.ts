/**
 * What holds for one queue in the end: its arguments, the policy that applies to it, and what the version says where neither
 * does. Read in rabbit_amqqueue_process and rabbit_quorum_queue at the tags of `versions.ts`.
 */
import type { Bytes, Nanos } from '../../../../sim/units.ts';
import type { PolicySpec, RabbitQueueSpec } from '../settings.ts';
import { isAtLeast, rulesOf, type Version } from '../versions.ts';
import type { QueueType } from './policies.ts';

/** Whether one consumer alone is served, and which. */
export type SingleActive = 'none' | 'first' | 'by-priority';

export interface QueueRules {
  readonly type: QueueType;
  readonly durable: boolean;
  /** `Infinity` is none, here and below. */
  readonly ttl: Nanos;
  readonly maxLength: number;
  readonly maxBytes: Bytes;
  /** Of a stream. */
  readonly maxAge: Nanos;
  readonly maxSegmentBytes: Bytes;
  readonly overflow: 'drop-head' | 'reject-publish' | 'reject-publish-dlx';
  /** Undefined: nothing is dead-lettered. Empty: the default exchange. */
  readonly deadLetterExchange: string | undefined;
  /** Undefined: a dead letter keeps its keys. */
  readonly deadLetterRoutingKey: string | undefined;
  readonly deadLetterStrategy: 'at-most-once' | 'at-least-once';
  readonly deliveryLimit: number;
  /** The highest level of a classic queue; 0 is a single level. Levels of quorum queues are the version's. */
  readonly maxPriority: number;
  readonly singleActiveConsumer: SingleActive;
  /** Members that a replicated queue gets, as far as there are nodes. */
  readonly groupSize: number;
  /** Undefined: that of the node. */
  readonly consumerTimeout: Nanos | undefined;
  /** Of a classic queue. */
  readonly storeVersion: 1 | 2;
  /** Undefined: a classic queue without mirrors, or another type. */
  readonly mirrors: MirrorRules | undefined;
}

/** What `ha-*` comes to (rabbit_mirror_queue_misc at 3.13.7). */
export interface MirrorRules {
  /** Places of the nodes that may have a member; undefined is all. */
  readonly nodes: readonly number[] | undefined;
  /** Leader and mirrors together, as far as there are nodes. */
  readonly size: number;
  readonly synchronises: boolean;
  readonly promoteOnFailure: 'always' | 'when-synced';
  readonly promoteOnShutdown: 'always' | 'when-synced';
}

type Arguments = RabbitQueueSpec['arguments'];
type Definition = PolicySpec['definition'];

/** `policy` is the one that applies (`Policies.forQueue`). */
export function effectiveArguments(queue: RabbitQueueSpec, policy: PolicySpec | undefined, version: Version): QueueRules {
  const given = queue.arguments;
  const definition = policy?.definition ?? {};
  const type = given['x-queue-type'];
  const overflow = overflowOf(given, definition);
  return {
    type,
    durable: queue.durable,
    ttl: least(given['x-message-ttl'], definition['message-ttl']),
    maxLength: least(given['x-max-length'], definition['max-length']),
    maxBytes: type === 'stream' ? (definition['max-length-bytes'] ?? given['x-max-length-bytes'] ?? Infinity) : least(given['x-max-length-bytes'], definition['max-length-bytes']),
    // A policy wins over a stream's own argument (rabbit_stream_queue `policy_precedence`).
    maxAge: definition['max-age'] ?? given['x-max-age'] ?? Infinity,
    maxSegmentBytes: definition['stream-max-segment-size-bytes'] ?? given['x-stream-max-segment-size-bytes'] ?? segmentBytes,
    overflow,
    ...deadLetters(given, definition, overflow),
    deliveryLimit: type === 'quorum' ? deliveryLimit(given['x-delivery-limit'], definition['delivery-limit'], version) : Infinity,
    maxPriority: type === 'classic' ? (given['x-max-priority'] ?? 0) : 0,
    singleActiveConsumer: !given['x-single-active-consumer'] ? 'none' : type === 'quorum' && isAtLeast(version, '4.0') ? 'by-priority' : 'first',
    groupSize: groupSize(given, definition),
    consumerTimeout: consumerTimeout(given, definition, version),
    // Up to 3.13 either can be had; later the setting is read and does nothing.
    storeVersion: isAtLeast(version, '4.0') ? rulesOf(version).classicStore : (given['x-queue-version'] ?? definition['queue-version'] ?? rulesOf(version).classicStore),
    mirrors: type === 'classic' ? mirrorsOf(definition) : undefined,
  };
}

function mirrorsOf(definition: Definition): MirrorRules | undefined {
  const { 'ha-mode': mode, 'ha-params': params } = definition;
  if (mode === undefined) return undefined;
  return {
    nodes: Array.isArray(params) ? params : undefined,
    size: typeof params === 'number' ? params : Infinity,
    synchronises: definition['ha-sync-mode'] === 'automatic',
    promoteOnFailure: definition['ha-promote-on-failure'] ?? 'always',
    promoteOnShutdown: definition['ha-promote-on-shutdown'] ?? 'when-synced',
  };
}

/** `DEFAULT_MAX_SEGMENT_SIZE_B` of osiris_log. */
const segmentBytes: Bytes = 500_000_000;

function groupSize(given: Arguments, definition: Definition): number {
  if (given['x-queue-type'] === 'stream') return definition['initial-cluster-size'] ?? given['x-initial-cluster-size'] ?? Infinity;
  return given['x-queue-type'] === 'quorum' ? (given['x-quorum-initial-group-size'] ?? 3) : 1;
}

/** Of two limits the lower one holds. */
function least(argument: number | undefined, ofPolicy: number | undefined): number {
  return Math.min(argument ?? Infinity, ofPolicy ?? Infinity);
}

/** The one setting in which queue types differ: a classic queue's argument wins over its policy, a quorum queue's does not. */
function overflowOf(given: Arguments, definition: Definition): QueueRules['overflow'] {
  if (given['x-queue-type'] === 'classic') return given['x-overflow'] ?? definition.overflow ?? 'drop-head';
  const overflow = definition.overflow ?? given['x-overflow'] ?? 'drop-head';
  // Quorum queues know no reject-publish-dlx, and say so only in their log.
  return overflow === 'reject-publish-dlx' ? 'drop-head' : overflow;
}

function deadLetters(given: Arguments, definition: Definition, overflow: QueueRules['overflow']) {
  const deadLetterExchange = given['x-dead-letter-exchange'] ?? definition['dead-letter-exchange'];
  const hasExchange = deadLetterExchange !== undefined;
  const strategy = given['x-dead-letter-strategy'] ?? definition['dead-letter-strategy'];
  // At-least-once keeps dead letters in the queue until they arrived; a queue that drops its head cannot promise that.
  const isSafe = given['x-queue-type'] === 'quorum' && strategy === 'at-least-once' && overflow === 'reject-publish' && hasExchange;
  return {
    deadLetterExchange,
    deadLetterRoutingKey: hasExchange ? (given['x-dead-letter-routing-key'] ?? definition['dead-letter-routing-key']) : undefined,
    deadLetterStrategy: isSafe ? ('at-least-once' as const) : ('at-most-once' as const),
  };
}

/** From 4.0 on below 0 is none, and a limit wins over none; before that it was one more number, which every return exceeds. */
function deliveryLimit(argument: number | undefined, ofPolicy: number | undefined, version: Version): number {
  const given = [argument, ofPolicy].filter((limit) => limit !== undefined);
  if (given.length === 0) return rulesOf(version).deliveryLimit;
  if (!isAtLeast(version, '4.0')) return Math.max(0, Math.min(...given));
  return Math.min(...given.map((limit) => (limit < 0 ? Infinity : limit)));
}

/** Queues have one of their own from 3.12 on, and from 4.3 on none but quorum queues have any. */
function consumerTimeout(given: Arguments, definition: Definition, version: Version): Nanos | undefined {
  if (!isAtLeast(version, '3.13')) return undefined;
  if (isAtLeast(version, '4.3') && given['x-queue-type'] !== 'quorum') return Infinity;
  const own = least(given['x-consumer-timeout'], definition['consumer-timeout']);
  return own === Infinity ? undefined : own;
}
