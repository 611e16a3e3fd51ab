/** Groups of consumers that share channels, and the prefetch of a channel. */
import type { ConsumerSpec } from '../../models/consumer-settings.ts';
import type { RabbitmqSpec } from '../../models/brokers/rabbitmq/settings.ts';
import type { Findings } from '../findings.ts';
import { onlyWithRabbitmq } from '../messages.ts';
import type { Parts } from '../parts.ts';
import type { Path } from '../problem.ts';
import { nearest } from '../suggest.ts';
import * as say from './channel-messages.ts';

export function checkChannel(name: string, consumer: ConsumerSpec, parts: Parts, findings: Findings): void {
  const { channel, subscribe } = consumer;
  if (channel === undefined) return;
  const path: Path = ['consumers', name, 'channel'];
  const spec = parts.brokers?.get(brokerOf(subscribe))?.spec;
  if (spec !== undefined && spec.kind !== 'rabbitmq') findings.error(path, onlyWithRabbitmq('channel'));
  else if (channel.of !== undefined) checkSharing(name, consumer, channel.of, path, parts, findings);
  else if (channel.prefetch === undefined) findings.warning(path, say.emptyChannel());
  else if (spec !== undefined) checkPrefetch(name, spec, [...path, 'prefetch'], parts, findings);
}

function checkSharing(name: string, consumer: ConsumerSpec, of: string, path: Path, parts: Parts, findings: Findings): void {
  const at: Path = [...path, 'of'];
  const groups = parts.consumers!;
  const other = groups.get(of);
  if (!groups.has(of)) findings.error(at, say.unknownGroup(of, nearest(of, [...groups.keys()])));
  else if (of === name) findings.error(at, say.ownChannel());
  if (other === undefined || of === name) return;
  if (other.channel?.of !== undefined) findings.error(at, say.sharedFurther(of, other.channel.of));
  if (brokerOf(other.subscribe) !== brokerOf(consumer.subscribe)) findings.error(at, say.otherBroker(of, brokerOf(other.subscribe)));
  if (other.count !== consumer.count) findings.error(['consumers', name, 'count'], say.otherCount(of, other.count));
  if (other.user !== consumer.user) findings.error(['consumers', name, 'user'], say.otherUser(of, other.user));
  if (consumer.channel!.prefetch !== undefined) findings.error([...path, 'prefetch'], say.saidByOwner(`channel.prefetch`, of));
  if (consumer.declare) findings.error(['consumers', name, 'declare'], say.saidByOwner('declare', of));
  if (consumer.reconnect !== undefined) findings.error(['consumers', name, 'reconnect'], say.saidByOwner('reconnect', of));
  if (consumer.lifecycle !== undefined) findings.error(['consumers', name, 'lifecycle'], say.saidByOwner('lifecycle', of));
  for (const [group, { multiple }] of [[name, consumer], [of, other]] as const) if (multiple !== undefined) findings.error(['consumers', group, 'multiple'], say.multipleOnShared());
}

/** Every queue that is read over the channel has to take it. */
function checkPrefetch(name: string, { version, queues }: RabbitmqSpec, path: Path, parts: Parts, findings: Findings): void {
  if (version === '4.3') findings.error(path, say.globalDenied());
  for (const [group, consumer] of parts.consumers!) {
    if (consumer === undefined || (group !== name && consumer.channel?.of !== name)) continue;
    const queue = consumer.subscribe.slice(consumer.subscribe.indexOf('/') + 1);
    const type = queues[queue]?.arguments['x-queue-type'];
    if (type === 'quorum' || type === 'stream') findings.error(path, say.globalRefused(queue, type));
  }
}

function brokerOf(path: string): string {
  return path.slice(0, path.indexOf('/'));
}
