/** What happened in a run that no formula counts on: said with how often, so that a difference has a reason. */
import type { Simulated } from './simulated.ts';
import type { Station } from './station.ts';

export function whatHappened({ queue }: Station, { faults, queues, system }: Simulated): string[] {
  const result = queues[queue]!;
  const said: string[] = [];
  for (const { id, label, target, changed } of faults) if (changed > 0) said.push(`fault ${id} (${label}) struck ${target}`);
  const retries = system.producers.groups.filter((group) => group.publishing.queues.some((id) => system.world.ledger.queues[id]!.name === queue))
    .reduce((sum, { publishing }) => sum + Math.max(0, publishing.attempts - publishing.firstAttempts), 0);
  if (retries > 0) said.push(retries === 1 ? '1 publish was a retry' : `${retries} publishes were retries`);
  const lost = Object.entries(result.dropped).filter(([, count]) => count > 0);
  for (const [cause, count] of lost) said.push(`${count === 1 ? '1 message was' : `${count} messages were`} dropped (${cause})`);
  const { leasesExpired, deduplicated } = system.world.ledger.totals;
  if (leasesExpired > 0) said.push(`${leasesExpired === 1 ? '1 lease' : `${leasesExpired} leases`} expired, and the message was delivered again`);
  if (deduplicated > 0) said.push(`${deduplicated === 1 ? '1 delivery was' : `${deduplicated} deliveries were`} known to an idempotency store and took no time`);
  if (system.world.sim.isLateSometimes) said.push('what takes its time takes longer now and then (late: sometimes)');
  return said;
}
