/** Faults: whether what they strike exists and can be struck so, and whether they ever strike. */
import { type QueueOrder, queueOrders } from '../models/brokers/broker-view.ts';
import { viewOf } from '../models/brokers/index.ts';
import { faultModel, type FaultSpec } from '../models/faults/index.ts';
import { firstNameOf } from '../models/target.ts';
import { formatDuration } from '../sim/units.ts';
import { checkBackup, checkRestore } from './backup-checks.ts';
import { badPattern, cannotBeOrdered, hasNoPolicies, policyOfSome, readsNoClock, skewsNothing, withoutTls } from './broker-fault-messages.ts';
import { checkClientFault } from './client-fault-checks.ts';
import { checkDiskFault } from './disk-fault-checks.ts';
import type { Findings } from './findings.ts';
import * as say from './messages.ts';
import type { Parts } from './parts.ts';
import type { Path } from './problem.ts';
import { checkProcessFault } from './process-fault-checks.ts';
import { unknownQueueOf } from './queue-paths.ts';
import { checkStruckUser } from './rabbitmq/user-checks.ts';
import { resolveStruck } from './targets.ts';
import { whyUnreadable } from './rabbitmq/policy-checks.ts';
import { checkTrigger, kindThere } from './trigger-checks.ts';

export function checkFaults(parts: Parts, findings: Findings): void {
  parts.faults.forEach((fault, index) => {
    if (fault === undefined) return;
    const path: Path = ['faults', index];
    checkTrigger(fault, path, parts, findings);
    if (fault.kind === 'backup') checkBackup(fault, path, parts, findings);
    else if (fault.kind === 'restore') checkRestore(fault, path, parts, findings);
    else if ('user' in fault) checkStruckUser(fault, path, parts, findings);
    else if (fault.kind === 'clock-skew' && fault.jump === 0 && fault.drift === 0) findings.error(path, skewsNothing());
    else if (fault.kind === 'policy-change') checkPolicyChange(fault, path, parts, findings);
    else if (isOrder(fault)) checkOrder(fault, [...path, 'queue'], parts, findings);
    else checkProcessFault(fault, path, parts, findings);
    for (const [target, at] of targetsOf(fault, path)) checkTarget(target, fault, at, parts, findings);
    checkDiskFault(fault, path, parts, findings);
    checkClientFault(fault, path, parts, findings);
    checkSplit(fault, path, parts, findings);
    checkClientWay(fault, path, parts, findings);
  });
}

function checkTarget(target: string, fault: FaultSpec, path: Path, parts: Parts, findings: Findings): void {
  const resolved = resolveStruck(target, kindThere(fault, parts), parts);
  const { kind } = fault;
  const { strikes } = faultModel(fault);
  if (resolved === undefined) return;
  if ('finding' in resolved) findings.error(path, resolved.finding);
  else if (!strikes.includes(resolved.kind)) findings.error(path, say.faultCannotStrike(kind, target, resolved.kind, strikes));
  else if (kind === 'stop' && !brokerDoes(target, 'stopsInOrder', parts)) findings.error(path, say.noStopInOrder(target));
  else if (kind === 'disk-full' && !brokerDoes(target, 'looksAtDisk', parts)) findings.error(path, say.freeSpaceIgnored(target));
  else if (kind === 'clock-skew' && !brokerDoes(target, 'readsClock', parts)) findings.error(path, readsNoClock(target));
  else if (kind === 'certificate-expiry' && !brokerDoes(target, 'speaksTls', parts)) findings.error(path, withoutTls(target));
}

function checkPolicyChange({ target, policy: { pattern } }: Extract<FaultSpec, { kind: 'policy-change' }>, path: Path, parts: Parts, findings: Findings): void {
  const [broker, ...node] = target.split('.');
  const why = whyUnreadable(pattern);
  if (why !== undefined) findings.error([...path, 'policy', 'pattern'], badPattern(why));
  if (parts.brokers?.has(broker!) !== true) return;
  if (node.length > 0) findings.error([...path, 'target'], policyOfSome(target));
  else if (!brokerDoes(target, 'hasPolicies', parts)) findings.error([...path, 'target'], hasNoPolicies(target));
}

function isOrder(fault: FaultSpec): fault is Extract<FaultSpec, { kind: QueueOrder }> {
  return (queueOrders as readonly string[]).includes(fault.kind);
}

function checkOrder({ kind, queue }: Extract<FaultSpec, { kind: QueueOrder }>, path: Path, parts: Parts, findings: Findings): void {
  const unknown = unknownQueueOf(queue, parts);
  const [broker, name] = queue.split('/') as [string, string];
  const spec = parts.brokers?.get(broker)?.spec;
  if (unknown !== undefined) findings.error(path, unknown);
  else if (spec !== undefined && !viewOf(spec).orders[name]!.includes(kind)) findings.error(path, cannotBeOrdered(kind, queue));
}

/** Nothing is said of a broker that cannot be read. */
function brokerDoes(target: string, what: 'stopsInOrder' | 'looksAtDisk' | 'speaksTls' | 'hasPolicies' | 'readsClock', parts: Parts): boolean {
  const spec = parts.brokers?.get(firstNameOf(target) ?? '')?.spec;
  return spec === undefined || viewOf(spec)[what];
}

/** Nodes of one broker that lose sight of each other and run on, where that is not modelled. Strikes drawn by a rate may add up. */
function checkSplit(fault: FaultSpec, path: Path, parts: Parts, findings: Findings): void {
  if (fault.kind !== 'partition' && fault.kind !== 'pause') return;
  for (const [name, { spec }] of parts.brokers ?? []) {
    const split = spec === undefined ? undefined : viewOf(spec).unmodelledSplit;
    if (split === undefined) continue;
    const after = split[fault.kind];
    const lasting = fault.rate === undefined ? fault.for : Infinity;
    if (lasting >= after && after < Infinity && separates(fault, name)) findings.error(path, say.wouldBeLedTwice(`${name}/${split.queue}`, fault.kind, formatDuration(after)));
  }
}

/** What happens to the sockets of clients is not modelled for those between the nodes of a broker. */
function checkClientWay(fault: FaultSpec, path: Path, parts: Parts, findings: Findings): void {
  if (fault.kind !== 'half-open' && fault.kind !== 'limit-data') return;
  const isOfBroker = (target: string): boolean => parts.brokers?.has(firstNameOf(target) ?? '') ?? false;
  if (fault.between.every((side) => side.some(isOfBroker))) findings.error([...path, 'between'], say.onlyOfClients(fault.kind));
}

/** Of the broker's nodes some do not see others. */
function separates(fault: Extract<FaultSpec, { kind: 'partition' | 'pause' }>, broker: string): boolean {
  const isOf = (target: string): boolean => firstNameOf(target) === broker;
  return fault.kind === 'pause' ? isOf(fault.target) && fault.target !== broker : fault.between.every((side) => side.some(isOf));
}

function targetsOf(fault: FaultSpec, path: Path): [string, Path][] {
  if ('user' in fault || isOrder(fault)) return [];
  if (!('between' in fault)) return [[fault.target, [...path, 'target']]];
  // A side of a single target may be written without a list; the path then simply ends one step earlier.
  return fault.between.flatMap((side, index) => side.map((target, at): [string, Path] => [target, [...path, 'between', index, at]]));
}
