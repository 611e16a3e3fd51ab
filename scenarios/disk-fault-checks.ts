/** Faults of disks: whether the broker that they strike is modelled down to that, and every sentence about it. */
import { type DiskFault, diskFaults } from '../models/brokers/broker-view.ts';
import { viewOf } from '../models/brokers/index.ts';
import type { FaultSpec } from '../models/faults/index.ts';
import { firstNameOf } from '../models/target.ts';
import type { Findings } from './findings.ts';
import type { Parts } from './parts.ts';
import type { Finding, Path } from './problem.ts';

type Of<Kind extends FaultSpec['kind']> = Extract<FaultSpec, { kind: Kind }>;

export function checkDiskFault(fault: FaultSpec, path: Path, parts: Parts, findings: Findings): void {
  if (fault.kind === 'crash') {
    if (fault.unsynced !== undefined) checkUnsynced(fault, path, parts, findings);
  } else if ((diskFaults as readonly string[]).includes(fault.kind) && 'target' in fault) {
    checkDoes(fault.kind as DiskFault, fault.target, [...path, 'target'], parts, findings);
  }
}

function checkUnsynced(crash: Of<'crash'>, path: Path, parts: Parts, findings: Findings): void {
  const at = [...path, 'unsynced'];
  if (crash.scope === 'process') findings.error(at, keepsItsPages());
  else if (['producers', 'consumers'].includes(firstNameOf(crash.target) ?? '')) findings.error(at, hasNoDisk(crash.target));
  else checkDoes('unsynced', crash.target, at, parts, findings);
}

/** Nothing is said of a broker that cannot be read. */
function checkDoes(what: DiskFault, target: string, path: Path, parts: Parts, findings: Findings): void {
  const spec = parts.brokers?.get(firstNameOf(target) ?? '')?.spec;
  if (spec !== undefined && !viewOf(spec).diskFaults.includes(what)) findings.error(path, notModelled(what, target, spec.kind));
}

const keepsItsPages = (): Finding => ({ message: 'a process that dies leaves all that it wrote to the operating system', hint: 'write scope: host' });
const hasNoDisk = (target: string): Finding => ({ message: `${target} has no disk of which something could be left`, hint: 'unsynced is of a broker' });
const notModelled = (what: DiskFault, target: string, kind: string): Finding => ({
  message: what === 'unsynced' ? `what of the page cache of ${target} survives a loss of power is modelled as all or nothing` : `what ${target} does at ${what} is not modelled`,
  found: `a broker of kind ${kind}`, hint: 'brokers of kind work-queue can be struck so',
});
