/** Settings that are allowed and that people regret: warnings before anything is run. */
import { viewOf } from '../models/brokers/index.ts';
import { type ConsumerSpec, hostOf } from '../models/consumer-settings.ts';
import type { LifecycleSpec } from '../models/lifecycle-settings.ts';
import type { ProducerSpec } from '../models/producer-settings.ts';
import type { RetrySpec } from '../models/retry.ts';
import { distribution } from '../sim/distribution.ts';
import { formatBytes, formatDuration, formatRate, type Nanos } from '../sim/units.ts';
import { goesTo } from './destinations.ts';
import { baseOf, firstNameOf, isOfDisk } from '../models/target.ts';
import { Findings } from './findings.ts';
import type { Located } from './located.ts';
import * as say from './messages.ts';
import { offeredLoad } from './offered-load.ts';
import type { Path, Problem } from './problem.ts';
import { suspectAccess } from './rabbitmq/suspect-access.ts';
import { suspectPublishes } from './rabbitmq/suspect-publishing.ts';
import type { Scenario } from './scenario.ts';
import { shovelledQueues } from './shovelled.ts';

export function suspectSettings(scenario: Scenario, root: Located): Problem[] {
  const findings = new Findings(root);
  for (const [name, group] of Object.entries(scenario.consumers)) {
    const path: Path = ['consumers', name];
    const ofChannel = scenario.consumers[hostOf(scenario.consumers, name)]!.channel?.prefetch ?? Infinity;
    suspectHandling({ ...group, prefetch: Math.min(group.prefetch, ofChannel) }, path, findings);
    suspectLease(scenario, group, path, findings);
    suspectEndlessDelivery(scenario, group, path, findings);
    suspectDoubleEffect(scenario, group, path, findings);
    suspectLifecycle(group.lifecycle, true, path, findings);
  }
  for (const [name, producer] of Object.entries(scenario.producers)) {
    const path: Path = ['producers', name];
    suspectPublishing(scenario, producer, path, findings);
    suspectPriority(scenario, producer, path, findings);
    suspectLifecycle(producer.lifecycle, producer.serialise !== undefined, path, findings);
  }
  suspectAccess(scenario, findings);
  suspectPublishes(scenario, findings);
  suspectQueues(scenario, findings);
  suspectSlowness(scenario, findings);
  suspectLoad(scenario, findings);
  return findings.problems;
}

function suspectHandling(group: ConsumerSpec, path: Path, findings: Findings): void {
  if (group.acknowledge === 'automatic') findings.warning([...path, 'acknowledge'], say.automaticAcknowledgement());
  else if (group.prefetch === Infinity) findings.warning([...path, 'prefetch'], say.unlimitedPrefetch());
  if (group.multiple !== undefined && group.prefetch < group.multiple.messages) findings.warning([...path, 'prefetch'], say.prefetchBelowMultiple(group.prefetch, group.multiple.messages));
  if (group.acknowledge === 'after-work' && group.prefetch < group.concurrency) {
    findings.warning([...path, 'prefetch'], say.prefetchBelowConcurrency(group.prefetch, group.concurrency));
  }
}

/** A delivery's lease runs while it waits in the worker's buffer behind everything that was prefetched before it. */
function suspectLease(scenario: Scenario, group: ConsumerSpec, path: Path, findings: Findings): void {
  const lease = queueOf(scenario, group.subscribe)?.lease;
  if (lease === undefined || group.acknowledge !== 'after-work' || group.prefetch === Infinity) return;
  const { mean, variance } = distribution(group.service);
  const ahead = Math.ceil(group.prefetch / group.concurrency);
  const long = longTime(ahead * mean, ahead * variance);
  const [broker, queue] = parted(group.subscribe);
  const at = ['brokers', broker, 'queues', queue, 'lease'];
  if (lease < ahead * mean) findings.warning(at, say.leaseBelowMean(formatDuration(lease), formatDuration(ahead * mean), String(path[1]), ahead));
  else if (lease < long) findings.warning(at, say.leaseBelowLong(formatDuration(lease), formatDuration(long), String(path[1])));
}

/** The 99th percentile of a lognormal law with that mean and variance: near enough for whatever the law is. */
function longTime(mean: number, variance: number): number {
  const spread = Math.log1p(variance / (mean * mean));
  return Number.isFinite(spread) ? mean * Math.exp(2.326 * Math.sqrt(spread) - spread / 2) : 0;
}

function suspectEndlessDelivery(scenario: Scenario, group: ConsumerSpec, path: Path, findings: Findings): void {
  const queue = queueOf(scenario, group.subscribe);
  if (queue === undefined || queue.deliveryLimit !== undefined || (group.failure?.then ?? 'requeue') !== 'requeue') return;
  const isPoisoned = scenario.faults.some((fault) => fault.kind === 'poison' && publishesTo(scenario, fault.target, group.subscribe));
  const fails = group.failure !== undefined && (group.failure.probability > 0 || group.failure.poison !== undefined);
  if (isPoisoned || fails) findings.warning([...path, ...(group.failure === undefined ? [] : ['failure'])], say.endlessRedelivery(group.subscribe));
}

function suspectDoubleEffect(scenario: Scenario, group: ConsumerSpec, path: Path, findings: Findings): void {
  const retries = publishersTo(scenario, group.subscribe).flatMap(({ retry, confirm }) => (retry !== undefined && confirm !== undefined ? [{ retry, timeout: confirm.timeout }] : []));
  const isClaimed = scenario.claims.some(({ claim }) => claim === 'exactly-once-effect');
  if (group.idempotency === undefined) {
    if (isClaimed && retries.length > 0) findings.warning(path, say.retriesWithoutIdempotency());
    return;
  }
  if (isClaimed && !group.idempotency.atomic) findings.warning([...path, 'idempotency', 'atomic'], say.effectApartFromRecord());
  const { window } = group.idempotency;
  if (window === undefined) return;
  const at = [...path, 'idempotency', 'window'];
  const lease = queueOf(scenario, group.subscribe)?.lease;
  const horizon = Math.max(0, ...retries.map(({ retry, timeout }) => retryHorizon(retry, timeout)));
  if (window < horizon) findings.warning(at, say.windowBelowRetries(formatDuration(window), formatDuration(horizon)));
  else if (lease !== undefined && window < lease) findings.warning(at, say.windowBelowLease(formatDuration(window), formatDuration(lease)));
}

/** Priorities that no queue looks at which the producer reaches. */
function suspectPriority(scenario: Scenario, { publish, routingKey, headers, mandatory, deliveryMode, priority }: ProducerSpec, path: Path, findings: Findings): void {
  const [broker, to] = parted(publish);
  const { queues, routes } = viewOf(scenario.brokers[broker]!);
  const reached = routes({ to, routingKey, headers, mandatory, persistent: deliveryMode === 'persistent' });
  if (priority !== 0 && reached.length > 0 && reached.every((queue) => queues[queue]!.priorities === 1)) findings.warning([...path, 'priority'], say.priorityIgnored(`${broker}/${reached[0]!}`));
}

function suspectPublishing(scenario: Scenario, producer: ProducerSpec, path: Path, findings: Findings): void {
  const isClaimed = scenario.claims.some(({ claim }) => claim === 'at-least-once');
  if (producer.confirm === undefined) {
    if (isClaimed) findings.warning(path, say.publishWithoutConfirm());
    return;
  }
  const [broker] = parted(producer.publish);
  const { fsync, confirm } = viewOf(scenario.brokers[broker]!).storage;
  if (confirm === 'after-sync' && fsync.kind === 'interval' && producer.confirm.timeout <= fsync.interval) {
    findings.warning([...path, 'confirm', 'timeout'], say.timeoutBelowSync(formatDuration(producer.confirm.timeout), formatDuration(fsync.interval)));
  }
}

function suspectQueues(scenario: Scenario, findings: Findings): void {
  const subscribed = new Set([...Object.values(scenario.consumers).map((group) => group.subscribe), ...shovelledQueues(scenario).from]);
  const somethingExpires = Object.values(scenario.producers).some(({ ttl }) => ttl !== undefined);
  for (const [broker, spec] of Object.entries(scenario.brokers)) {
    const { queues, storage } = viewOf(spec);
    const deadLetterQueues = new Set(Object.values(queues).map((queue) => queue.deadLetter));
    const crashes = scenario.faults.some((fault) => (fault.kind === 'crash' || fault.kind === 'stop') && firstNameOf(fault.target) === broker);
    for (const [name, queue] of Object.entries(queues)) {
      const path = ['brokers', broker, 'queues', name];
      // Other brokers have other names for it.
      const at = (key: string): Path => (spec.kind === 'work-queue' ? [...path, key] : path);
      const isTransient = !(queue.durable ?? storage.durable);
      if (crashes && isTransient) findings.warning(queue.durable === undefined ? path : [...path, 'durable'], say.transientQueueCrashes());
      if (queue.deliveryLimit !== undefined && queue.deadLetter === undefined) findings.warning(at('deliveryLimit'), say.limitWithoutDeadLetter());
      // What expires moves on by itself.
      const empties = queue.deadLetter !== undefined && (queue.ttl !== undefined || somethingExpires);
      if (!subscribed.has(`${broker}/${name}`) && !deadLetterQueues.has(name) && !empties) findings.warning(path, say.nobodyConsumes(`${broker}/${name}`));
    }
  }
}

/** A client's states: it accepts no connections, and a producer without serialising does nothing that takes time. */
function suspectLifecycle(lifecycle: LifecycleSpec | undefined, takesTime: boolean, path: Path, findings: Findings): void {
  for (const [name, state] of Object.entries(lifecycle?.states ?? {})) {
    const at = [...path, 'lifecycle', 'states', name];
    if (state.refusesConnections) findings.warning([...at, 'refusesConnections'], say.nobodyConnects());
    if (state.serviceFactor !== undefined && !takesTime) findings.warning([...at, 'serviceFactor'], say.nothingToSlow('publishing takes no time', 'give the producer a serialise time'));
  }
}

/** What takes no time is not slowed by any factor. */
function suspectSlowness(scenario: Scenario, findings: Findings): void {
  scenario.faults.forEach((fault, index) => {
    if (fault.kind !== 'slow') return;
    const name = firstNameOf(fault.target);
    const part = isOfDisk(fault.target) ? 'disk' : undefined;
    const spec = scenario.brokers[name ?? ''];
    if (spec === undefined) return;
    const broker = viewOf(spec);
    const isOnDisk = Object.values(broker.queues).some((queue) => queue.durable ?? broker.storage.durable);
    const at = ['faults', index, 'target'];
    if (part === 'disk' && !isOnDisk) findings.warning(at, say.nothingToSlow(`no queue of ${name} is durable`, 'nothing is written to its disk'));
    if (part === undefined && !broker.canBeSlowed) findings.warning(at, say.nothingToSlow(`${name} has no processing time`, `give it one, or slow its disk: ${name}.0.disk`));
  });
}

function suspectLoad(scenario: Scenario, findings: Findings): void {
  const { rates, utilisation } = offeredLoad(scenario);
  for (const [queue, share] of utilisation) {
    if (share < 1) continue;
    const groups = Object.entries(scenario.consumers).filter(([, group]) => group.subscribe === queue);
    const rate = rates.get(queue)!;
    findings.warning(['consumers', groups[0]![0], 'count'], say.overload(queue, share, formatRate(rate), formatRate(rate / share), whenFull(queueOf(scenario, queue), 1 - 1 / share)));
  }
}

/** What an overloaded queue does that has a limit. */
function whenFull(queue: ReturnType<typeof queueOf>, lost: number): string | undefined {
  if (queue === undefined || (queue.maxLength === undefined && queue.maxBytes === undefined)) return undefined;
  const limits = [...(queue.maxLength === undefined ? [] : [queue.maxLength === 1 ? '1 message' : `${queue.maxLength} messages`]), ...(queue.maxBytes === undefined ? [] : [formatBytes(queue.maxBytes)])];
  return say.fullQueue(`at most ${limits.join(' or ')}`, queue.overflow, queue.deadLetter, lost);
}

/** From the first publish to the last attempt's deadline, when every wait is as long as it can be. */
function retryHorizon(retry: RetrySpec, timeout: Nanos): Nanos {
  let total = timeout;
  for (let attempt = 1; attempt < retry.attempts; attempt++) {
    total += timeout + longestWait(retry, attempt);
    if (total > retry.deadline + timeout || attempt > attemptsCounted) break;
  }
  const isEndless = retry.attempts === Infinity && retry.deadline === Infinity;
  return isEndless ? Infinity : Math.min(total, retry.deadline + timeout);
}

/** More attempts than this take longer than any window that a store could hold. */
const attemptsCounted = 10_000;

function longestWait({ backoff }: RetrySpec, attempt: number): Nanos {
  if (backoff.kind === 'fixed') return backoff.delay;
  if (backoff.kind === 'random') return backoff.max;
  if (backoff.kind === 'linear') return Math.min(backoff.max, backoff.initial + backoff.step * (attempt - 1));
  const factor = backoff.jitter === 'decorrelated' ? 3 : backoff.factor;
  return Math.min(backoff.max, backoff.initial * Math.exp((attempt - 1) * Math.log(factor)));
}

function queueOf(scenario: Scenario, path: string) {
  const [broker, queue] = parted(path);
  const spec = scenario.brokers[broker];
  return spec === undefined ? undefined : viewOf(spec).queues[queue];
}

function publishersTo(scenario: Scenario, queue: string) {
  const onward = Object.values(scenario.consumers).flatMap((group) => group.publish.filter((onward) => goesTo(scenario, onward, queue)));
  return [...Object.values(scenario.producers).filter((producer) => goesTo(scenario, producer, queue)), ...onward];
}

function publishesTo(scenario: Scenario, target: string, queue: string): boolean {
  const producer = scenario.producers[baseOf(target)?.split('.')[1] ?? ''];
  return producer !== undefined && goesTo(scenario, producer, queue);
}

function parted(queue: string): [broker: string, queue: string] {
  const slash = queue.indexOf('/');
  return [queue.slice(0, slash), queue.slice(slash + 1)];
}
