/**
 * Mistakes that releases, or what was tested before one, had: a scenario asks for one by name (`defects`), to rebuild what happened, and to
 * see that its guarantees would have told.
 */
import type { CauseId } from '../../causes.ts';
import type { CopyId } from '../../message.ts';
import type { QueueTypes } from './queue-factory.ts';
import { QuorumQueue } from './quorum-queue.ts';
import type { Defect } from './settings.ts';

/**
 * What a consumer held when its channel was lost does not come back, and nobody knows of it any more. Quorum queues of 3.8.0 before its
 * release (alpha.613 and beta.3, found with a single active consumer by the ChaosTestingCode project, 2019).
 */
class ForgetfulQuorumQueue extends QuorumQueue {
  protected override takeBack(copy: CopyId, reason: CauseId, isLost: boolean): void {
    if (!isLost) {
      super.takeBack(copy, reason, isLost);
      return;
    }
    this.world.sim.trace.reached('queue.forgotUnacknowledged');
    // The ledger is not told, as nobody was: it still has the copy in flight.
    this.inFlight--;
  }
}

/** The classes of queues of a broker that has these. */
export function withDefects(types: QueueTypes, which: readonly Defect[]): QueueTypes {
  return which.includes('forgets-unacknowledged') ? { ...types, quorum: ForgetfulQuorumQueue } : types;
}
