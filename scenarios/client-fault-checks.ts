/** Faults of clients: whether those that they strike do what the fault is about, and every sentence about it. */
import type { ConsumerSpec } from '../models/consumer-settings.ts';
import type { FaultSpec } from '../models/faults/index.ts';
import { baseOf } from '../models/target.ts';
import type { Findings } from './findings.ts';
import type { Parts } from './parts.ts';
import type { Finding, Path } from './problem.ts';

export function checkClientFault(fault: FaultSpec, path: Path, parts: Parts, findings: Findings): void {
  if (fault.kind !== 'crash-consumer' && fault.kind !== 'forget' && fault.kind !== 'wrong-ack') return;
  const [section, group] = baseOf(fault.target)?.split('.') ?? [];
  const consumer = section === 'consumers' ? parts.consumers?.get(group!) : undefined;
  if (consumer === undefined) return;
  if (fault.kind === 'forget') {
    if (consumer.idempotency === undefined) findings.error([...path, 'target'], nothingToForget(group!));
  } else if (fault.kind === 'wrong-ack') {
    const kind = parts.brokers?.get(consumer.subscribe.split('/')[0]!)?.spec?.kind;
    if (kind !== undefined && kind !== 'rabbitmq') findings.error([...path, 'target'], mistakeIgnored(fault.target));
  } else {
    const missing = missingFor(fault.point, consumer);
    if (missing !== undefined) findings.error([...path, 'point'], neverThere(fault.point, group!, missing));
  }
}

/** What a group would have to do to come to that point. */
function missingFor(point: Extract<FaultSpec, { kind: 'crash-consumer' }>['point'], { acknowledge, multiple, publish }: ConsumerSpec): string | undefined {
  if (point === 'after-effect-before-ack' && acknowledge !== 'after-work') return 'acknowledge: after-work';
  if (point === 'after-ack-before-send' && acknowledge === 'after-work') return 'acknowledge before its work, or automatically: otherwise it publishes first';
  if (point === 'after-ack-before-send' && publish.length === 0) return 'publish something';
  return point === 'after-partial-batch' && multiple === undefined ? 'acknowledge several deliveries at once, with multiple' : undefined;
}

const nothingToForget = (group: string): Finding => ({ message: `consumers.${group} has no idempotency store`, hint: 'give it idempotency, or leave the fault out' });

const neverThere = (point: string, group: string, missing: string): Finding => ({
  message: `consumers.${group} never comes to the point ${point}`, hint: `for that it would have to ${missing.replace(/^acknowledge: /, 'be set to acknowledge: ')}`,
});

const mistakeIgnored = (target: string): Finding => ({ message: `the broker of ${target} has no channels that a wrong acknowledgement closes`, hint: 'RabbitMQ has; a work queue ignores what it does not know' });
