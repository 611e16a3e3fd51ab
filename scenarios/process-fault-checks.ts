/** Faults of processes: what those that they strike cannot do. */
import { viewOf } from '../models/brokers/index.ts';
import type { FaultSpec } from '../models/faults/index.ts';
import { firstNameOf } from '../models/target.ts';
import type { Findings } from './findings.ts';
import { noStopInOrder } from './messages.ts';
import type { Parts } from './parts.ts';
import type { Path } from './problem.ts';
import * as say from './process-fault-messages.ts';

export function checkProcessFault(fault: FaultSpec, path: Path, parts: Parts, findings: Findings): void {
  switch (fault.kind) {
    case 'rolling-restart': return checkRollingRestart(fault, path, parts, findings);
    default:
  }
}

type Of<Kind extends FaultSpec['kind']> = Extract<FaultSpec, { kind: Kind }>;

function checkRollingRestart({ target, by, drain }: Of<'rolling-restart'>, path: Path, parts: Parts, findings: Findings): void {
  if (knowsStops(target, parts)) return;
  if (by === 'stop' && firstNameOf(target) !== 'consumers') findings.error([...path, 'target'], { ...noStopInOrder(target), hint: 'kill them instead: by: crash' });
  if (drain !== undefined) findings.error([...path, 'drain'], say.noDrain(target));
}

/** True also where the target, or its broker, cannot be read: that is said elsewhere. */
function knowsStops(target: string, { brokers }: Parts): boolean {
  const name = firstNameOf(target);
  if (name === undefined) return true;
  if (name === 'producers' || name === 'consumers') return false;
  const spec = brokers?.get(name)?.spec;
  return spec === undefined || viewOf(spec).stopsInOrder;
}
