/** What RabbitMQ will make of each publish of a producer, where that can hardly be meant. */
import { viewOf } from '../../models/brokers/index.ts';
import type { RabbitmqSpec } from '../../models/brokers/rabbitmq/settings.ts';
import { rulesOf } from '../../models/brokers/rabbitmq/versions.ts';
import type { PublisherSettings } from '../../models/producer-settings.ts';
import { distribution } from '../../sim/distribution.ts';
import { formatBytes } from '../../sim/units.ts';
import type { Findings } from '../findings.ts';
import type { Path } from '../problem.ts';
import type { Scenario } from '../scenario.ts';
import * as say from './publishing-messages.ts';

export function suspectPublishes({ brokers, producers, consumers }: Scenario, findings: Findings): void {
  const look = (to: string, settings: PublisherSettings, key: string, path: Path): void => {
    const [broker, name] = to.split('/') as [string, string];
    const spec = brokers[broker];
    if (spec?.kind === 'rabbitmq') suspect(name, settings, spec, key, path, findings);
  };
  for (const [name, producer] of Object.entries(producers)) look(producer.publish, producer, 'publish', ['producers', name]);
  for (const [name, { publish }] of Object.entries(consumers)) publish.forEach((onward, index) => look(onward.to, onward, 'to', ['consumers', name, 'publish', index]));
}

function suspect(to: string, { routingKey, headers, mandatory, deliveryMode, size }: PublisherSettings, spec: RabbitmqSpec, key: string, path: Path, findings: Findings): void {
  const most = spec.config.max_message_size ?? rulesOf(spec.version).messageSizeMax;
  if (distribution(size).mean > most) findings.warning([...path, 'size'], say.tooLarge(formatBytes(most)));
  const queues = viewOf(spec).routes({ to, routingKey, headers, mandatory, persistent: deliveryMode === 'persistent' });
  if (queues.length === 0) findings.warning([...path, key], say.routedNowhere(to, routingKey, mandatory));
  if (deliveryMode === 'transient' && queues.length > 0 && queues.every((queue) => isReplicatedLog(spec, queue))) findings.warning([...path, 'deliveryMode'], say.keptAllTheSame(queues[0]!));
}

function isReplicatedLog(spec: RabbitmqSpec, queue: string): boolean {
  const type = spec.queues[queue]?.arguments['x-queue-type'];
  return type === 'quorum' || type === 'stream';
}
