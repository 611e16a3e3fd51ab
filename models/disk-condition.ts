/** What is wrong with the disk of each node, or will be when its power is lost: the knobs that faults turn. Brokers read them. */
import type { CauseId } from './causes.ts';
import type { NodeId } from './node.ts';
import type { PowerLoss } from './power-loss.ts';

/** A loss of power finds a write half done. */
export interface Tear {
  readonly cause: CauseId;
  /** A record was torn. */
  readonly onTorn: () => void;
}

/** Syncs fail. */
export interface SyncError {
  readonly cause: CauseId;
  /** Whether this one does; whoever asks has it happen. */
  fails(): boolean;
  /** A broker that knows what that means ends its process. */
  readonly stop: () => void;
}

/** Writes land in the place of other records. */
export interface Misdirection {
  readonly cause: CauseId;
  /** Whether this one does; whoever asks has it happen. */
  hits(): boolean;
  /** Somewhere among so many. */
  below(records: number): number;
}

export class DiskCondition {
  /** What the loss of power that is happening leaves; undefined while none is, and where it leaves nothing that was not synced. */
  powerLoss: PowerLoss | undefined;
  /** By the name of who tears. */
  readonly tears = new Map<string, Tear>();
  /** By the name of who misdirects. */
  readonly misdirections = new Map<string, Misdirection>();
  /** By the name of who has them fail. */
  readonly syncErrors = new Map<string, SyncError>();
}

/** Of all nodes. */
export class DiskConditions {
  private readonly byNode: DiskCondition[] = [];

  of(node: NodeId): DiskCondition {
    return (this.byNode[node] ??= new DiskCondition());
  }
}
