/**
 * The write-ahead log of a node, which all its quorum queues share: one write and one fdatasync for all that came meanwhile
 * (ra_log_wal). What is in the batch under way is in the page cache already, so a process that dies leaves it.
 */
import type { Sampler } from '../../../../sim/distribution.ts';
import type { EventType, OwnerId, Simulation } from '../../../../sim/simulation.ts';
import type { Nanos } from '../../../../sim/units.ts';

/** A member of a group, as its node's log knows it. */
export interface WalWriter {
  /** Entries up to this index are written and synced, where this log is synced. */
  onSynced(index: number, now: Nanos): void;
}

export class Wal {
  /** What each writer wants to have on disk. */
  private waiting = new Map<WalWriter, number>();
  private underway = new Map<WalWriter, number>();
  private spare = new Map<WalWriter, number>();
  private readonly synced: EventType;
  private readonly sim: Simulation;
  private readonly owner: OwnerId;
  private readonly drawTime: Sampler;
  private readonly tell = (index: number, writer: WalWriter): void => writer.onSynced(index, this.sim.now);
  /** False where it is only written, and left to the kernel. */
  readonly isSynced: boolean;

  constructor(sim: Simulation, name: string, owner: OwnerId, drawTime: Sampler, isSynced = true) {
    this.sim = sim;
    this.owner = owner;
    this.drawTime = drawTime;
    this.isSynced = isSynced;
    this.synced = sim.declare(`${name}.walSynced`);
    sim.mayBeLate(this.synced);
    sim.handle(this.synced, () => this.onSynced());
  }

  append(writer: WalWriter, index: number): void {
    this.waiting.set(writer, index);
    if (this.underway.size === 0) this.begin();
  }

  /** The writer's log ends there now: what it wanted beyond is not wanted any more. */
  truncate(writer: WalWriter, index: number): void {
    const wanted = this.waiting.get(writer);
    if (wanted !== undefined && wanted > index) this.waiting.set(writer, index);
    const inBatch = this.underway.get(writer);
    if (inBatch !== undefined && inBatch > index) this.underway.set(writer, index);
  }

  /** Up to which index a writer's entries survive the process. */
  writtenOf(writer: WalWriter): number {
    return this.underway.get(writer) ?? 0;
  }

  get isIdle(): boolean {
    return this.underway.size === 0;
  }

  crashed(): void {
    this.waiting.clear();
    this.underway.clear();
  }

  private begin(): void {
    const empty = this.underway;
    this.underway = this.waiting;
    this.waiting = empty;
    this.sim.post(Math.round(this.drawTime()), this.synced, 0, 0, this.owner);
  }

  private onSynced(): void {
    const done = this.underway;
    this.underway = this.spare;
    done.forEach(this.tell);
    done.clear();
    this.spare = done;
    if (this.underway.size === 0 && this.waiting.size > 0) this.begin();
  }
}
