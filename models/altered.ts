import type { CauseId } from './causes.ts';
import type { CopyId } from './message.ts';
import type { World } from './world.ts';

/** A disk gave back something else than was written, and nobody noticed: so the copy is delivered. */
export function alteredOnDisk({ sim, copies, ledger }: World, copy: CopyId, cause: CauseId): void {
  copies.altered[copy] = 1;
  sim.trace.reached('disk.altered');
  ledger.history?.('altered', copies.messageOf(copy), { copy, queue: ledger.buckets.queueOf(copy).name, cause });
}
