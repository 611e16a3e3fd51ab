/** What the parts of a scenario say about each other: names that must exist, settings that need one another. */
import { viewOf } from '../models/brokers/index.ts';
import type { ProducerSpec, PublisherSettings } from '../models/producer-settings.ts';
import type { Backoff } from '../models/retry.ts';
import type { ConsumerSpec, OnwardSpec } from '../models/consumer-settings.ts';
import { formatDuration, nanosMax } from '../sim/units.ts';
import { checkArrivals } from './arrival-checks.ts';
import { checkFaults } from './fault-checks.ts';
import { Findings } from './findings.ts';
import type { Located } from './located.ts';
import * as say from './messages.ts';
import type { Objective } from './objective.ts';
import type { Parts } from './parts.ts';
import type { Path, Problem } from './problem.ts';
import { checkChannel } from './rabbitmq/channel-checks.ts';
import { checkClient } from './rabbitmq/user-checks.ts';
import { consumerProblems } from './rabbitmq/consumer-checks.ts';
import { shovelProblems } from './rabbitmq/shovel-checks.ts';
import { rabbitmqProblems } from './rabbitmq-checks.ts';
import { queuesOf, unknownQueueOf } from './queue-paths.ts';
import { nearest } from './suggest.ts';
import { resolveTarget } from './targets.ts';

export function checkReferences(parts: Parts, root: Located): Problem[] {
  const findings = new Findings(root);
  checkNames(parts, findings);
  checkPhases(parts, findings);
  checkBrokers(parts, findings);
  checkRabbitmq(parts, findings);
  checkProducers(parts, findings);
  checkConsumers(parts, findings);
  checkLinks(parts, findings);
  checkFaults(parts, findings);
  for (const { queue, path } of parts.loose) checkQueue(queue, path, parts, findings);
  parts.objectives.forEach((objective, index) => objective && checkObjective(objective, ['objectives', index], parts, findings));
  return findings.problems;
}

function checkNames(parts: Parts, findings: Findings): void {
  for (const name of ['producers', 'consumers']) {
    if (parts.brokers?.has(name)) findings.error(['brokers', name], say.takenName(name));
  }
}

function checkPhases(parts: Parts, findings: Findings): void {
  if (parts.phases === undefined) return;
  const { warmUp, measure, drain } = parts.phases;
  const total = warmUp + measure + drain;
  if (total > nanosMax) findings.error(['phases'], say.runTooLong(formatDuration(total)));
}

function checkBrokers(parts: Parts, findings: Findings): void {
  for (const [broker, { spec, queues }] of parts.brokers ?? []) {
    if (spec?.kind !== 'work-queue') continue;
    const targets = new Map(Object.entries(spec.queues).map(([queue, settings]) => [queue, settings.deadLetter]));
    for (const [queue, deadLetter] of targets) {
      const path = ['brokers', broker, 'queues', queue, 'deadLetter'];
      if (spec.queues[queue]?.overflow === 'reject-to-dead-letter' && deadLetter === undefined) {
        findings.error(['brokers', broker, 'queues', queue, 'overflow'], say.overflowNeedsDeadLetter());
      }
      if (deadLetter === undefined) continue;
      if (deadLetter === queue) findings.error(path, say.ownDeadLetter(queue));
      else if (!queues.includes(deadLetter)) findings.error(path, say.unknownQueue(deadLetter, nearest(deadLetter, queues), queues));
      else if (isInCircle(queue, targets)) findings.warning(path, say.deadLetterCircle(queue));
    }
  }
}

function checkRabbitmq(parts: Parts, findings: Findings): void {
  const specs = new Map([...(parts.brokers ?? [])].map(([name, { spec }]) => [name, spec]));
  for (const [broker, { spec }] of parts.brokers ?? []) {
    if (spec?.kind !== 'rabbitmq') continue;
    for (const problem of [...rabbitmqProblems(spec), ...shovelProblems(broker, spec, specs)]) findings[problem.severity](['brokers', broker, ...problem.path], problem.finding);
  }
}

function isInCircle(queue: string, targets: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  let at = targets.get(queue);
  while (at !== undefined && at !== queue && !seen.has(at)) {
    seen.add(at);
    at = targets.get(at);
  }
  return at === queue;
}

function checkProducers(parts: Parts, findings: Findings): void {
  for (const [name, producer] of parts.producers ?? []) {
    if (producer === undefined) continue;
    checkDestination(producer.publish, ['producers', name, 'publish'], parts, findings);
    checkPublisher(producer, ['producers', name], findings);
    if (producer.reconnect?.policy === 'on-demand' && producer.unconnected === 'wait') findings.error(['producers', name, 'reconnect'], say.onDemandNeedsFail());
    checkRouting(producer, producer.publish, ['producers', name], parts, findings);
    checkClient(producer, producer.publish, ['producers', name], parts, findings);
    checkArrivals(producer.arrivals, ['producers', name, 'arrivals'], findings);
  }
}

function checkConsumers(parts: Parts, findings: Findings): void {
  for (const [name, consumer] of parts.consumers ?? []) {
    if (consumer === undefined) continue;
    checkQueue(consumer.subscribe, ['consumers', name, 'subscribe'], parts, findings);
    if (consumer.priority !== 0 && isWithoutExchanges(consumer.subscribe, parts)) findings.error(['consumers', name, 'priority'], say.onlyWithRabbitmq('priority'));
    checkMultiple(consumer, ['consumers', name, 'multiple'], parts, findings);
    checkChannel(name, consumer, parts, findings);
    checkReading(name, consumer, parts, findings);
    checkConsumerAtBrokers(name, consumer, parts, findings);
    consumer.publish.forEach((onward, index) => {
      checkDestination(onward.to, ['consumers', name, 'publish', index, 'to'], parts, findings);
      checkPublisher(onward, ['consumers', name, 'publish', index], findings);
      checkRouting(onward, onward.to, ['consumers', name, 'publish', index], parts, findings);
    });
    consumer.crashes.forEach((crash, index) => {
      if (crash.probability === undefined && crash.messages === undefined) findings.error(['consumers', name, 'crashes', index], say.crashNeedsCause());
    });
  }
}

/** It logs in as the same user wherever it publishes onward. */
function checkConsumerAtBrokers(name: string, consumer: ConsumerSpec, parts: Parts, findings: Findings): void {
  const paths = new Map([consumer.subscribe, ...consumer.publish.map(({ to }) => to)].map((path) => [path.split('/')[0]!, path]));
  for (const path of paths.values()) {
    const isConsumed = path.startsWith(`${consumer.subscribe.split('/')[0]!}/`);
    if (isConsumed || !isWithoutExchanges(path, parts)) checkClient({ user: consumer.user, declare: isConsumed && consumer.declare }, path, ['consumers', name], parts, findings);
  }
}

function checkMultiple({ multiple, acknowledge, concurrency, subscribe }: ConsumerSpec, path: Path, parts: Parts, findings: Findings): void {
  if (multiple === undefined) return;
  if (isWithoutExchanges(subscribe, parts)) findings.error(path, say.onlyWithRabbitmq('multiple'));
  else if (acknowledge !== 'after-work') findings.error(path, say.multipleAfterWork());
  else if (concurrency > 1) findings.error(path, say.multipleOneByOne(concurrency));
}

/** What a stream asks of its consumers; nothing while its broker cannot be read. */
function checkReading(name: string, consumer: ConsumerSpec, parts: Parts, findings: Findings): void {
  const spec = parts.brokers?.get(consumer.subscribe.split('/')[0]!)?.spec;
  if (spec === undefined) return;
  for (const { severity, path, finding } of consumerProblems(consumer, spec.kind === 'rabbitmq' ? spec : undefined)) findings[severity](['consumers', name, ...path], finding);
}

function checkQueue(queue: string, path: Path, parts: Parts, findings: Findings): void {
  const unknown = unknownQueueOf(queue, parts);
  if (unknown !== undefined) findings.error(path, unknown);
}

/** A queue, or an exchange of a broker that has them. */
function checkDestination(path: string, at: Path, parts: Parts, findings: Findings): void {
  const [broker, name] = path.split('/') as [string, string];
  const spec = parts.brokers?.get(broker)?.spec;
  if (spec !== undefined && viewOf(spec).exchanges.includes(name)) return;
  checkQueue(path, at, parts, findings);
}

/** What only exchanges look at is refused where there are none. */
function checkRouting(publisher: PublisherSettings, path: string, at: Path, parts: Parts, findings: Findings): void {
  if (!isWithoutExchanges(path, parts)) {
    if (publisher.mandatory && publisher.confirm === undefined) findings.warning([...at, 'mandatory'], say.returnedUnheard());
    return;
  }
  const written = {
    routingKey: publisher.routingKey !== '', headers: Object.keys(publisher.headers).length > 0, mandatory: publisher.mandatory, deliveryMode: publisher.deliveryMode !== 'persistent',
  };
  for (const [field, isWritten] of Object.entries(written)) if (isWritten) findings.error([...at, field], say.onlyWithRabbitmq(field));
}

/** It is known of that broker that it looks at no RabbitMQ's settings. */
function isWithoutExchanges(path: string, parts: Parts): boolean {
  const broker = parts.brokers?.get(path.split('/')[0]!)?.spec;
  return broker !== undefined && broker.kind !== 'rabbitmq';
}

function checkPublisher(publisher: ProducerSpec | OnwardSpec, path: Path, findings: Findings): void {
  const { retry, unconnected } = publisher;
  if (unconnected === 'fail' && retry !== undefined && retry.attempts === Infinity && neverWaits(retry.backoff)) findings.error([...path, 'retry'], say.retriesWithoutTime());
  if (publisher.confirm !== undefined) return;
  if (publisher.maxUnconfirmed !== undefined) findings.error([...path, 'maxUnconfirmed'], say.needsConfirm());
  if ('outbox' in publisher && publisher.outbox) findings.error([...path, 'outbox'], say.outboxNeedsConfirm());
  if (publisher.retry !== undefined && publisher.unconnected === 'wait') findings.warning([...path, 'retry'], say.retryNeedsConfirm());
}

function neverWaits(backoff: Backoff): boolean {
  if (backoff.kind === 'fixed') return backoff.delay === 0;
  if (backoff.kind === 'linear') return backoff.max === 0 || (backoff.initial === 0 && backoff.step === 0);
  return backoff.kind === 'random' && backoff.max === 0;
}

function checkLinks(parts: Parts, findings: Findings): void {
  parts.network?.links.forEach((link, index) => {
    const path: Path = ['network', 'links', index];
    const ends: [string, Path][] = link.direction === 'both'
      ? [[link.from, [...path, 'between', 0]], [link.to, [...path, 'between', 1]]]
      : [[link.from, [...path, 'from']], [link.to, [...path, 'to']]];
    for (const [end, at] of ends) {
      const target = resolveTarget(end, parts);
      if (target === undefined) continue;
      if ('finding' in target) findings.error(at, target.finding);
      else if (target.kind === 'disk') findings.error(at, say.diskHasNoLink(end));
    }
  });
}

function checkObjective(objective: Objective, path: Path, parts: Parts, findings: Findings): void {
  const { of } = objective;
  if (of === '') return;
  const names = { group: [...(parts.consumers?.keys() ?? [])], producer: [...(parts.producers?.keys() ?? [])], queue: queuesOf(parts) };
  const fitting = targetsOfStatistic[objective.statistic.kind];
  const matches = fitting.filter((kind) => names[kind].includes(of));
  if (matches.length === 1) return;
  const known = fitting.flatMap((kind) => names[kind]);
  const finding = matches.length > 1
    ? say.ambiguousTarget(of)
    : say.unknownObjectiveTarget(of, objective.statistic.kind, fitting, nearest(of, known), known);
  findings.errorWithin(path, objective.ofAt, objective.ofAt + of.length, finding);
}

const targetsOfStatistic: Readonly<Record<Objective['statistic']['kind'], readonly ('group' | 'producer' | 'queue')[]>> = {
  percentile: ['group', 'queue'], mean: ['group', 'queue'], max: ['group', 'queue'],
  throughput: ['group', 'producer', 'queue'], utilisation: ['group'], backlog: ['queue'], loss: ['producer'], duplicates: [], drain: [], recoveryPoint: [], recoveryTime: [], recoveryDrain: [], recoveryLoss: [],
};
