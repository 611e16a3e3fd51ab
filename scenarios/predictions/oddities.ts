/** What in a scenario's settings keeps a queue from being the plain station of a formula: said before anything is run. */
import { viewOf } from '../../models/brokers/index.ts';
import type { ConsumerSpec } from '../../models/consumer-settings.ts';
import { formatDuration } from '../../sim/units.ts';
import { goesTo } from '../destinations.ts';
import type { Scenario } from '../scenario.ts';
import { breakdownsOf } from './breakdowns-of.ts';

export function oddities(scenario: Scenario, queue: string, readers: readonly [string, ConsumerSpec][]): string[] {
  return [
    ...readers.flatMap(([name, group]) => ofGroup(name, group, group.count > 1 || readers.length > 1)),
    ...ofQueue(scenario, queue),
    ...ofPublishers(scenario, queue),
    ...ofLifecycles(scenario, queue, readers),
  ];
}

/** `isOneOfSeveral`: each worker has others beside it, of its group or of another. */
function ofGroup(name: string, group: ConsumerSpec, isOneOfSeveral: boolean): string[] {
  const said: string[] = [];
  if (isOneOfSeveral && group.acknowledge === 'after-work' && group.prefetch > group.concurrency) {
    const held = group.prefetch === Infinity ? 'without limit' : `${group.prefetch}`;
    said.push(`${name} prefetches ${held}: a message waits at a worker that is busy while another is idle`);
  }
  if (isOneOfSeveral && group.acknowledge !== 'after-work') said.push(`${name} acknowledges before the work is done: the broker deals messages out in turn, not to whoever is free`);
  if (group.multiple !== undefined) said.push(`${name} acknowledges ${group.multiple.messages} at a time: what is done is at the broker until then`);
  if (group.failure?.retry !== undefined) said.push(`workers of ${name} try again by themselves: a message keeps its server through all of it`);
  if (group.failure?.poison !== undefined) said.push(`some messages fail at every delivery to ${name}`);
  if (group.crashes.length > 0) said.push(`handlers of ${name} crash`);
  if (group.service.kind === 'recorded') said.push(`${name} replays recorded service times, which follow each other as they were recorded`);
  return said;
}

function ofQueue(scenario: Scenario, path: string): string[] {
  const [broker, name] = path.split('/') as [string, string];
  const { backpressure, queues } = viewOf(scenario.brokers[broker]!);
  const queue = queues[name]!;
  const said: string[] = [];
  if (queue.ttl !== undefined) said.push(`messages expire after ${formatDuration(queue.ttl)}`);
  if (queue.maxBytes !== undefined) said.push('the queue is limited by bytes');
  if (queue.overflow === 'drop-head' && queue.maxLength !== undefined) said.push('a full queue drops its oldest message');
  if (queue.priorities > 1 && hasSeveralPriorities(scenario, path)) said.push('messages are served by priority');
  if (backpressure !== undefined) said.push('the broker holds publishers back');
  const isDeadLetterQueue = Object.values(queues).some(({ deadLetter }) => deadLetter === name);
  if (isDeadLetterQueue) said.push('dead letters come to it, too');
  return said;
}

function hasSeveralPriorities(scenario: Scenario, queue: string): boolean {
  const given = Object.values(scenario.producers).filter((producer) => goesTo(scenario, producer, queue)).map(({ priority }) => priority);
  return given.some((priority) => typeof priority === 'object') || new Set(given).size > 1;
}

function ofPublishers(scenario: Scenario, queue: string): string[] {
  return Object.entries(scenario.producers).filter(([, producer]) => goesTo(scenario, producer, queue)).flatMap(([name, producer]) => [
    ...(producer.ttl === undefined ? [] : [`messages of ${name} expire after ${formatDuration(producer.ttl)}`]),
    ...(producer.maxUnconfirmed === undefined ? [] : [`${name} waits while ${producer.maxUnconfirmed} of its messages are unconfirmed`]),
  ]);
}

function ofLifecycles(scenario: Scenario, queue: string, readers: readonly [string, ConsumerSpec][]): string[] {
  const [broker] = queue.split('/') as [string];
  // Breakdowns and repairs of exponential work are part of the model.
  const isSolved = (group: ConsumerSpec): boolean => readers.length === 1 && group.service.kind === 'exponential' && breakdownsOf(group) !== undefined;
  const owners = [
    ...readers.filter(([, group]) => group.lifecycle !== undefined && !isSolved(group)).map(([name]) => name),
    ...(scenario.brokers[broker]!.lifecycle === undefined ? [] : [broker]),
    ...Object.entries(scenario.producers).filter(([, producer]) => producer.lifecycle !== undefined && goesTo(scenario, producer, queue)).map(([name]) => name),
  ];
  return owners.map((name) => `${name} has a life cycle of its own`);
}
