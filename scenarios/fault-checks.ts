/** Faults: whether what they strike exists and can be struck so, and whether they ever strike. */
import type { FaultKind, FaultSpec } from '../models/faults/index.ts';
import { formatDuration } from '../sim/units.ts';
import type { Findings } from './findings.ts';
import * as say from './messages.ts';
import type { Parts } from './parts.ts';
import type { Path } from './problem.ts';
import { resolveTarget, type TargetKind } from './targets.ts';

export function checkFaults(parts: Parts, findings: Findings): void {
  parts.faults.forEach((fault, index) => {
    if (fault === undefined) return;
    const path: Path = ['faults', index];
    checkTrigger(fault, path, parts, findings);
    for (const [target, at] of targetsOf(fault, path)) checkTarget(target, fault.kind, at, parts, findings);
  });
}

/** What each kind can strike. */
const strikes: Readonly<Record<FaultKind, readonly TargetKind[]>> = {
  crash: ['producers', 'consumers', 'broker'],
  pause: ['producers', 'consumers', 'broker'],
  partition: ['producers', 'consumers', 'broker'],
  latency: ['producers', 'consumers', 'broker'],
  slow: ['consumers', 'broker', 'disk'],
  burst: ['producers'],
  poison: ['producers'],
};

function checkTarget(target: string, kind: FaultKind, path: Path, parts: Parts, findings: Findings): void {
  const resolved = resolveTarget(target, parts);
  if (resolved === undefined) return;
  if ('finding' in resolved) findings.error(path, resolved.finding);
  else if (!strikes[kind].includes(resolved.kind)) findings.error(path, say.faultCannotStrike(kind, target, resolved.kind, strikes[kind]));
}

function targetsOf(fault: FaultSpec, path: Path): [string, Path][] {
  if (!('between' in fault)) return [[fault.target, [...path, 'target']]];
  // A side of a single target may be written without a list; the path then simply ends one step earlier.
  return fault.between.flatMap((side, index) => side.map((target, at): [string, Path] => [target, [...path, 'between', index, at]]));
}

function checkTrigger(fault: FaultSpec, path: Path, parts: Parts, findings: Findings): void {
  const given = (['at', 'rate', 'on'] as const).filter((key) => fault[key] !== undefined);
  if (given.length === 0) findings.error(path, say.faultNeedsTrigger());
  if (given.length > 1) findings.error([...path, given[1]!], say.faultHasTriggers(given));
  if (fault.on !== undefined && typeof fault.on.message === 'string') checkMessage(fault.on.message, [...path, 'on', 'message'], parts, findings);
  if (fault.at === undefined || parts.phases === undefined) return;
  const end = parts.phases.warmUp + parts.phases.measure;
  if (fault.at >= end) findings.warning([...path, 'at'], say.faultTooLate(formatDuration(fault.at), formatDuration(end)));
}

/** `web.0-17`: the 17th message of a producer, or of a worker that publishes onward. */
function checkMessage(message: string, path: Path, parts: Parts, findings: Findings): void {
  const publisher = message.slice(0, message.lastIndexOf('-'));
  const dot = publisher.lastIndexOf('.');
  const name = dot === -1 ? publisher : publisher.slice(0, dot);
  const kind = parts.producers?.has(name) ? 'producers' : 'consumers';
  if (parts.producers === undefined || parts.consumers === undefined) return;
  const resolved = resolveTarget(`${kind}.${publisher}`, parts);
  if (resolved !== undefined && 'finding' in resolved) findings.error(path, say.unknownPublisher(message, [...parts.producers.keys()]));
  else if (dot === -1) findings.error(path, say.messageNeedsIndex(message));
}
