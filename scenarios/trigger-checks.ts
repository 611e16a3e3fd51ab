/** When faults strike and end: whether what they wait for can happen, and whether they ever do. */
import type { TargetKind } from '../models/faults/fault.ts';
import { faultModel, type FaultSpec } from '../models/faults/index.ts';
import { type Awaited, isMoment } from '../models/faults/trigger-settings.ts';
import { formatDuration } from '../sim/units.ts';
import type { Findings } from './findings.ts';
import * as say from './messages.ts';
import type { Parts } from './parts.ts';
import type { Path } from './problem.ts';
import { unknownQueueOf } from './queue-paths.ts';
import { resolveStruck, resolveTarget } from './targets.ts';
import * as sayOf from './trigger-messages.ts';

export function checkTrigger(fault: FaultSpec, path: Path, parts: Parts, findings: Findings): void {
  const given = (['at', 'rate', 'on'] as const).filter((key) => fault[key] !== undefined);
  if (given.length === 0) findings.error(path, say.faultNeedsTrigger());
  if (given.length > 1) findings.error([...path, given[1]!], say.faultHasTriggers(given));
  if (fault.on !== undefined) checkAwaited(fault.on, [...path, 'on'], parts, findings);
  if ('until' in fault && fault.until !== undefined) checkUntil(fault, fault.until, [...path, 'until'], parts, findings);
  if (fault.at === undefined || parts.phases === undefined) return;
  const end = parts.phases.warmUp + parts.phases.measure;
  if (fault.at >= end) findings.warning([...path, 'at'], say.faultTooLate(formatDuration(fault.at), formatDuration(end)));
}

function checkUntil(fault: FaultSpec, until: Awaited, path: Path, parts: Parts, findings: Findings): void {
  if (faultModel(fault).knowsItsEnd === true) findings.error(path, sayOf.knowsItsEnd(fault.kind));
  checkAwaited(until, path, parts, findings);
}

function checkAwaited(awaited: Awaited, path: Path, parts: Parts, findings: Findings): void {
  const { what, message, node, queue, fault } = awaited;
  for (const [key, wanted] of misfits(awaited)) findings.error([...path, key], sayOf.doesNotFit(key, what, wanted));
  if (isMoment(what) && message === undefined) findings.error(path, sayOf.momentNeedsMessage(what));
  if (typeof message === 'string') checkMessage(message, [...path, 'message'], parts, findings);
  if (node !== undefined) checkNode(node, [...path, 'node'], parts, findings);
  const unknown = queue === undefined ? undefined : unknownQueueOf(queue, parts);
  if (unknown !== undefined) findings.error([...path, 'queue'], unknown);
  if (fault !== undefined && Number(fault.slice(1)) > parts.faults.length) findings.error([...path, 'fault'], sayOf.noSuchFault(fault, parts.faults.length));
}

/** Settings that say nothing about what is awaited. */
function misfits({ what, message, nth, node, queue, fault }: Awaited): [string, string][] {
  const ofMoment = isMoment(what);
  const ofFault = what === 'fault-begins' || what === 'fault-ends';
  const ofNode = what === 'node-down' || what === 'node-up';
  const ofCopy = !ofMoment && !ofFault && !ofNode && what !== 'leader-elected';
  const found: [string, string][] = [];
  if (nth !== undefined && ofMoment) found.push(['nth', 'message: 17 is the 17th that comes there']);
  if (message !== undefined && !ofMoment && (!ofCopy || typeof message === 'number')) found.push(['message', ofCopy ? 'a message by its name, as in web.0-17, or nth' : 'nth']);
  if (node !== undefined && ofFault) found.push(['node', 'fault']);
  if (queue !== undefined && !ofCopy && what !== 'leader-elected') found.push(['queue', ofMoment ? 'message or node' : ofFault ? 'fault' : 'node']);
  if (fault !== undefined && !ofFault) found.push(['fault', 'what only faults-begins and fault-ends can be asked']);
  return found;
}

function checkNode(node: string, path: Path, parts: Parts, findings: Findings): void {
  const isDrawn = /(one|minority|majority)\(/.test(node);
  if (isDrawn) findings.error(path, sayOf.drawnNode(node));
  const resolved = resolveStruck(node, undefined, parts);
  if (resolved === undefined) return;
  if ('finding' in resolved) findings.error(path, resolved.finding);
  else if (resolved.kind === 'disk') findings.error(path, sayOf.diskIsNoNode(node));
}

/** What is struck by `there`; undefined where a fault waits for nothing that happens at a node. */
export function kindThere({ on }: FaultSpec, parts: Parts): TargetKind | undefined {
  switch (on?.what) {
    case undefined: case 'fault-begins': case 'fault-ends': return undefined;
    case 'confirm-received': return 'producers';
    case 'delivered': case 'effect': case 'settled': return 'consumers';
    case 'node-down': case 'node-up': return kindOfNode(on.node, parts);
    default: return 'broker';
  }
}

function kindOfNode(node: string | undefined, parts: Parts): TargetKind {
  const resolved = node === undefined ? undefined : resolveStruck(node, undefined, parts);
  return resolved === undefined || 'finding' in resolved ? 'broker' : resolved.kind;
}

/** `web.0-17` is of a producer, `payments.0-17` of a worker that publishes onward, `payments.0.1-17` of its second way to. */
function checkMessage(message: string, path: Path, parts: Parts, findings: Findings): void {
  const { producers, consumers } = parts;
  if (producers === undefined || consumers === undefined) return;
  const [name, index, way] = message.slice(0, message.lastIndexOf('-')).split('.');
  const kind = producers.has(name!) ? 'producers' : 'consumers';
  const ways = consumers.get(name!)?.publish.length;
  const isWay = kind === 'producers' || ways === undefined ? way === undefined : isWayOf(ways, way);
  const resolved = resolveTarget([kind, name, ...(index === undefined ? [] : [index])].join('.'), parts);
  if (resolved === undefined || !('finding' in resolved)) {
    if (index === undefined) findings.error(path, say.messageNeedsIndex(message));
    if (isWay) return;
  }
  findings.error(path, say.unknownPublisher(message, [...producers.keys()]));
}

/** A single way to publish needs no number. */
function isWayOf(ways: number, written: string | undefined): boolean {
  return ways === 1 ? written === undefined : written !== undefined && /^\d{1,3}$/.test(written) && Number(written) < ways;
}
