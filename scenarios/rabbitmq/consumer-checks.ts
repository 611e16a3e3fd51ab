/** Consumers of RabbitMQ: what a stream refuses, and what reading one does not do (rabbit_stream_queue `consume` and `settle`, v4.3.5). */
import type { RabbitmqSpec } from '../../models/brokers/rabbitmq/settings.ts';
import type { ConsumerSpec } from '../../models/consumer-settings.ts';
import type { Finding, Path } from '../problem.ts';
import * as say from './messages.ts';

interface ConsumerProblem {
  readonly severity: 'error' | 'warning';
  /** Inside of the consumer's settings. */
  readonly path: Path;
  readonly finding: Finding;
}

/** @param broker undefined for one that is no RabbitMQ */
export function consumerProblems(consumer: ConsumerSpec, broker: RabbitmqSpec | undefined): readonly ConsumerProblem[] {
  const { subscribe, acknowledge, prefetch, priority, offset, concurrency, failure, count, idempotency } = consumer;
  const isStream = broker?.queues[subscribe.slice(subscribe.indexOf('/') + 1)]?.arguments['x-queue-type'] === 'stream';
  const problems: ConsumerProblem[] = [];
  const tell = (severity: ConsumerProblem['severity'], isSo: boolean, path: Path, finding: Finding): void => {
    if (isSo) problems.push({ severity, path, finding });
  };
  if (!isStream) {
    tell('error', offset !== undefined, ['offset'], say.offsetWithoutStream());
    return problems;
  }
  tell('error', acknowledge === 'automatic', ['acknowledge'], say.automaticStream());
  tell('error', prefetch === Infinity, ['prefetch'], say.unlimitedStream());
  tell('error', priority !== 0, ['priority'], say.prioritisedStream());
  tell('error', offset === 'stored' && concurrency > 1, ['concurrency'], say.storedOutOfOrder());
  tell('warning', failure?.then === 'requeue', ['failure', 'then'], say.nothingGivenBack());
  tell('warning', count > 1 && idempotency === undefined, ['count'], say.everyWorkerReads(count));
  return problems;
}
