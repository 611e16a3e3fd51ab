/** Backups and restores: what is not modelled or would do nothing, and every sentence about it. */
import { viewOf } from '../models/brokers/index.ts';
import type { FaultSpec } from '../models/faults/index.ts';
import { formatDuration } from '../sim/units.ts';
import type { Findings } from './findings.ts';
import type { Parts } from './parts.ts';
import type { Finding, Path } from './problem.ts';

type Of<Kind extends FaultSpec['kind']> = Extract<FaultSpec, { kind: Kind }>;

export function checkBackup(backup: Of<'backup'>, path: Path, parts: Parts, findings: Findings): void {
  checkWhole(backup, path, parts, findings);
  const broker = parts.brokers?.get(backup.target)?.spec;
  if (backup.of === 'stopped' && broker !== undefined && !viewOf(broker).stopsInOrder) findings.error([...path, 'of'], cannotBeStopped(backup.target));
  if (backup.every !== undefined && backup.at === undefined) findings.error([...path, 'every'], everyNeedsAt());
  if (backup.of === 'definitions' && backup.bandwidth !== undefined) findings.error([...path, 'bandwidth'], copiesNothing());
  if (backup.of !== 'snapshot' && backup.slows !== undefined) findings.error([...path, 'slows'], slowsNothing(backup.of));
}

export function checkRestore(restore: Of<'restore'>, path: Path, parts: Parts, findings: Findings): void {
  checkWhole(restore, path, parts, findings);
  const isBackedUp = parts.faults.some((fault) => fault === undefined || (fault.kind === 'backup' && fault.target === restore.target));
  if (!isBackedUp && !restore.target.includes('.')) findings.warning([...path, 'target'], neverBackedUp(restore.target));
  if (restore.at === undefined || parts.phases === undefined) return;
  const end = parts.phases.warmUp + parts.phases.measure;
  const back = restore.at + restore.after;
  if (restore.at < end && back >= end) findings.warning([...path, 'after'], healedBefore(formatDuration(back), formatDuration(end)));
}

/** `mq.0` is one node, of however many. */
function checkWhole({ kind, target }: Of<'backup' | 'restore'>, path: Path, parts: Parts, findings: Findings): void {
  const [broker, ...node] = target.split('.');
  if (node.length > 0 && parts.brokers?.has(broker!) === true) findings.error([...path, 'target'], onlyWholeBrokers(kind, target));
}

const cannotBeStopped = (broker: string): Finding => ({ message: `what ${broker} does when it is told to stop is not modelled`, hint: 'take a snapshot of its disk: of: snapshot' });
const onlyWholeBrokers = (kind: string, target: string): Finding => ({
  message: `a ${kind} of some nodes alone is not modelled`, found: target, wanted: `a broker with all its nodes: ${target.split('.')[0]}`,
  hint: 'RabbitMQ\'s guide has the whole cluster stopped for a backup; a member of a quorum queue that comes back with an old log can lose what was confirmed',
});
const everyNeedsAt = (): Finding => ({ message: 'nothing says when the first backup is taken', hint: 'write at: the time of the first one' });
const copiesNothing = (): Finding => ({ message: 'definitions are small: nothing is copied that takes time', hint: 'leave bandwidth away, or back up messages too: of: stopped' });
const slowsNothing = (of: string): Finding => ({ message: `a backup of ${of === 'stopped' ? 'stopped nodes' : 'definitions'} slows nobody's disk`, hint: 'slows is of a snapshot, which is copied while nodes run' });
const neverBackedUp = (broker: string): Finding => ({ message: `${broker} is never backed up: everything in it is lost`, hint: `add a backup: { kind: backup, target: ${broker}, of: stopped, at: 1m }` });
const healedBefore = (back: string, end: string): Finding => ({
  message: 'faults are healed before the nodes are there again: how long that takes is not measured', found: `at ${back}`, wanted: `a time before the measured phase ends, at ${end}`, hint: 'measure for longer, or lose the disks earlier',
});
