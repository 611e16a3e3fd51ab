/**
 * A node's disk: an append-only log in the page cache, and what of it has been synced.
 *
 * A record is *written* when it is in the page cache (it survives the process) and *synced* when an fsync that began
 * after it was written has ended (it survives the host). Policies: always (a sync runs whenever something is unsynced;
 * what comes meanwhile goes with the next, which is group commit), interval, never (the kernel writes dirty pages back).
 */
import type { Distribution, Sampler } from '../sim/distribution.ts';
import type { EventType, OwnerId, Simulation } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import type { CauseId } from './causes.ts';
import type { DiskCondition, Misdirection } from './disk-condition.ts';
import { type Remnant, remnantsOf } from './power-loss.ts';
import { Slowness } from './slowness.ts';

export type FsyncPolicy = { readonly kind: 'always' } | { readonly kind: 'interval'; readonly interval: Nanos } | { readonly kind: 'never' };

export interface DiskSpec {
  readonly fsync: FsyncPolicy;
  readonly write: Distribution;
  readonly sync: Distribution;
  readonly groupCommit: Nanos;
  readonly writeback: Nanos;
  /** A record that is not what was written is recognised when it is read. */
  readonly checksum: boolean;
  /** After a sync that failed: the process ends, or the next sync is believed. */
  readonly onSyncError: 'stop' | 'ignore';
}

interface Damage {
  readonly from: number;
  readonly cause: CauseId;
}

export class Disk {
  /** Position in the log up to which everything is written, and synced. */
  written = 0;
  synced = 0;
  readonly slowness = new Slowness();
  /** A sync is running or waiting to begin. */
  private syncPending = false;
  /** Records after the last that was synced, as the last loss of power left them: what a recovery reads. */
  private remnants: readonly Remnant[] = [];
  private remnantsFrom = 0;
  /** The first record that a failed sync left off the platter, though the kernel says that it is there: no recovery reads beyond it. */
  private hole: Damage | undefined;
  /** Records of which a bit is not what was written; and those that the last loss of power brought to light. */
  private flips = new Map<number, CauseId>();
  private found: ReadonlyMap<number, CauseId> = new Map();
  /** What the last loss of power found of a hole. */
  private lost: Damage | undefined;
  private readonly sim: Simulation;
  private readonly spec: DiskSpec;
  private readonly owner: OwnerId;
  private readonly drawWrite: Sampler | undefined;
  private readonly drawSync: Sampler;
  private readonly syncBegins: EventType;
  private readonly syncEnds: EventType;
  private readonly onSynced: () => void;
  private readonly condition: DiskCondition;

  /** @param owner the node: a crash cancels what the disk was doing for it */
  constructor(sim: Simulation, name: string, owner: OwnerId, spec: DiskSpec, condition: DiskCondition, onSynced: () => void) {
    this.sim = sim;
    this.condition = condition;
    this.spec = spec;
    this.owner = owner;
    this.onSynced = onSynced;
    const free = spec.write.mean === 0 && spec.write.variance === 0;
    this.drawWrite = free ? undefined : spec.write.sampler(sim.stream(`${name}.disk/write`));
    this.drawSync = spec.sync.sampler(sim.stream(`${name}.disk/sync`));
    this.syncBegins = sim.declare(`${name}.disk.syncBegins`);
    this.syncEnds = sim.declare(`${name}.disk.syncEnds`);
    sim.mayBeLate(this.syncEnds);
    sim.handle(this.syncBegins, () => this.onSyncBegins());
    sim.handle(this.syncEnds, (covered) => this.onSyncEnds(covered));
  }

  /** How long it takes to write a record that is begun now; undefined where it takes no time. */
  get writeTime(): (() => Nanos) | undefined {
    const { drawWrite } = this;
    return drawWrite && (() => Math.round(this.slowness.of(drawWrite(), this.sim.now)));
  }

  /** A record is in the page cache now. Its position in the log. */
  append(): number {
    this.written++;
    for (const misdirection of this.condition.misdirections.values()) if (misdirection.hits()) this.misdirect(misdirection);
    if (!this.syncPending) this.scheduleSync();
    return this.written;
  }

  /** The record that was just written lands in the place of another: neither is on the platter where it is looked for. */
  private misdirect({ cause, below }: Misdirection): void {
    this.flip(this.written, cause);
    if (this.written > 1) this.flip(1 + below(this.written - 1), cause);
  }

  /** A record is there that a backup had: synced like all of them. Nothing is being written meanwhile. */
  restore(): number {
    this.synced = ++this.written;
    return this.written;
  }

  /** The process died: nothing is being written any more; the page cache stays, and is synced by whoever comes next. */
  processCrashed(): void {
    this.syncPending = false;
  }

  /**
   * The host died. What was not synced is on the platter as chance would have it. A recovery that knows what is whole ends the log at
   * the first record that is not, since it cannot tell where the next one begins; one that does not takes all for records that it finds.
   */
  hostCrashed(): void {
    this.processCrashed();
    this.found = this.flips;
    this.flips = new Map();
    this.lost = this.hole;
    this.hole = undefined;
    if (this.lost !== undefined) {
      this.remnants = [];
      this.written = this.synced = this.lost.from - 1;
      return;
    }
    this.remnantsFrom = this.synced;
    this.remnants = tornBy(this.condition, remnantsOf(this.written - this.synced, this.condition.powerLoss));
    const isEnd = (remnant: Remnant): boolean => remnant !== 'whole';
    const end = this.spec.checksum ? this.remnants.findIndex(isEnd) : this.remnants.findLastIndex((remnant) => remnant !== 'missing') + 1;
    this.written = this.synced += end < 0 ? this.remnants.length : end;
  }

  /** Up to which position a loss of power now would leave everything. */
  get safe(): number {
    return this.hole === undefined ? this.synced : this.hole.from - 1;
  }

  flip(position: number, cause: CauseId): boolean {
    if (this.flips.has(position)) return false;
    this.flips.set(position, cause);
    return true;
  }

  /** The last loss of power brought to light that it is not what was written. */
  isFlipped(position: number): boolean {
    return this.found.has(position);
  }

  /** What had been wrong with a record before the power was lost. */
  damageAt(position: number): CauseId | undefined {
    return this.lost !== undefined && position >= this.lost.from ? this.lost.cause : this.found.get(position);
  }

  /** What the last loss of power left of a record. */
  remnantOf(position: number): Remnant {
    return position <= this.remnantsFrom ? 'whole' : (this.remnants[position - this.remnantsFrom - 1] ?? 'whole');
  }

  /** The process runs again: what a crash left unsynced is synced as usual. */
  restarted(): void {
    if (this.written > this.synced && !this.syncPending) this.scheduleSync();
  }

  private scheduleSync(): void {
    const { fsync, groupCommit, writeback } = this.spec;
    this.syncPending = true;
    this.sim.after(untilSync(this.sim.now, fsync, groupCommit, writeback), this.syncBegins, 0, 0, this.owner);
  }

  private onSyncBegins(): void {
    // Positions in the log may pass 2^31; the event carries how many records the sync covers instead.
    this.sim.after(Math.round(this.slowness.of(this.drawSync(), this.sim.now)), this.syncEnds, this.written - this.synced, 0, this.owner);
  }

  private onSyncEnds(covered: number): void {
    const error = [...this.condition.syncErrors.values()].find((each) => each.fails());
    if (error !== undefined) {
      if (this.spec.onSyncError === 'stop') {
        error.stop();
        return;
      }
      this.hole ??= { from: this.synced + 1, cause: error.cause };
    }
    this.synced += covered;
    this.syncPending = false;
    if (this.written > this.synced) this.scheduleSync();
    this.onSynced();
  }
}

/** A write that was half done is that of the first record that is missing. */
function tornBy({ tears }: DiskCondition, remnants: Remnant[]): readonly Remnant[] {
  const first = remnants.indexOf('missing');
  const [tear] = tears.values();
  if (first < 0 || tear === undefined) return remnants;
  remnants[first] = 'torn';
  tear.onTorn();
  return remnants;
}

/** Syncs by interval happen at whole multiples of it, as a timer of the broker's would. */
function untilSync(now: Nanos, fsync: FsyncPolicy, groupCommit: Nanos, writeback: Nanos): Nanos {
  if (fsync.kind === 'always') return groupCommit;
  const interval = fsync.kind === 'interval' ? fsync.interval : writeback;
  return interval - (now % interval);
}
