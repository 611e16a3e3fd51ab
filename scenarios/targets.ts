/** What a fault or a link names: `orders-mq.0`, `orders-mq.0.disk`, `producers.web`, `consumers.payments.3`, `leader(orders-mq/orders)`. */
import { viewOf } from '../models/brokers/index.ts';
import type { TargetKind } from '../models/faults/fault.ts';
import { isOfDisk, parseTarget, type Target } from '../models/target.ts';
import type { Finding } from './problem.ts';
import type { Parts } from './parts.ts';
import * as say from './messages.ts';
import { noProcess } from './rabbitmq/channel-messages.ts';
import { unknownQueueOf } from './queue-paths.ts';
import { nearest } from './suggest.ts';

type Resolved = { readonly kind: TargetKind } | { readonly finding: Finding } | undefined;

/** The same of what a fault strikes, which may be told by its role. @param there what it is that the fault waits at; undefined where nothing is known of it */
export function resolveStruck(text: string, there: TargetKind | undefined, parts: Parts): Resolved {
  const target = parseTarget(text);
  if (target === undefined) return undefined;
  const resolved = resolveRole(target, there, parts);
  if (target.of === 'names' || !isOfDisk(text) || resolved === undefined || 'finding' in resolved) return resolved;
  return resolved.kind === 'broker' ? { kind: 'disk' } : { finding: say.hasNoDisk(text) };
}

function resolveRole(target: Target, there: TargetKind | undefined, parts: Parts): Resolved {
  switch (target.of) {
    case 'names': return resolveTarget(target.name, parts);
    case 'nodes': return resolveRole(target.among, there, parts);
    case 'there': return there === undefined ? { finding: say.nowhere() } : { kind: there };
    case 'queue': return resolveQueue(`${target.broker}/${target.queue}`, parts);
  }
}

function resolveQueue(path: string, parts: Parts): Resolved {
  if (parts.brokers === undefined) return undefined;
  const finding = unknownQueueOf(path, parts);
  return finding === undefined ? { kind: 'broker' } : { finding };
}

/** The kind of what `target` names, or what is wrong with it; undefined where the file is too broken to say. */
export function resolveTarget(target: string, parts: Parts): Resolved {
  const [first, ...rest] = target.split('.');
  if (first === 'producers' || first === 'consumers') return resolveClients(first, rest, parts);
  if (parts.brokers === undefined) return undefined;
  if (!parts.brokers.has(first!)) {
    const names = knownTargets(parts);
    return { finding: say.unknownTarget(target, nearest(target, names) ?? nearestClient(target, parts), names) };
  }
  const [index, part, ...more] = rest;
  if (index === undefined) return { kind: 'broker' };
  const { spec } = parts.brokers.get(first!)!;
  const nodes = spec === undefined ? nodesMax : viewOf(spec).nodes;
  if (!isIndexBelow(index, nodes)) return { finding: say.noSuchIndividual(first!, index, nodes) };
  if (part === undefined) return { kind: 'broker' };
  return part === 'disk' && more.length === 0 ? { kind: 'disk' } : { finding: say.unknownTarget(target, `${first}.${index}.disk`, []) };
}

/** Where nothing is known of a broker. */
const nodesMax = 99;

function resolveClients(kind: 'producers' | 'consumers', rest: readonly string[], parts: Parts): Resolved {
  const section = parts[kind];
  if (section === undefined) return undefined;
  const [name, index, ...more] = rest;
  const names = [...section.keys()].map((known) => `${kind}.${known}`);
  if (name === undefined || !section.has(name)) {
    const written = [kind, ...rest].join('.');
    return { finding: say.unknownTarget(written, nearest(`${kind}.${name ?? ''}`, names) ?? nearestClient(name ?? '', parts), names) };
  }
  const host = kind === 'consumers' ? parts.consumers?.get(name)?.channel?.of : undefined;
  if (host !== undefined) return { finding: noProcess(name, host) };
  const count = section.get(name)?.count;
  if (more.length > 0) return { finding: say.unknownTarget([kind, ...rest].join('.'), `${kind}.${name}.${index}`, []) };
  if (index !== undefined && count !== undefined && !isIndexBelow(index, count)) return { finding: say.noSuchIndividual(`${kind}.${name}`, index, count) };
  return { kind };
}

function knownTargets(parts: Parts): string[] {
  const of = (kind: 'producers' | 'consumers') => [...(parts[kind]?.keys() ?? [])].map((name) => `${kind}.${name}`);
  return [...(parts.brokers?.keys() ?? []), ...of('producers'), ...of('consumers')];
}

/** `web` for `producers.web` is a likely slip. */
function nearestClient(written: string, parts: Parts): string | undefined {
  const [name] = written.split('.');
  return knownTargets(parts).find((target) => target.endsWith(`.${name}`));
}

function isIndexBelow(index: string, count: number): boolean {
  return /^(0|[1-9]\d{0,6})$/.test(index) && Number(index) < count;
}
