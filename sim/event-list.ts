/**
 * Pending events, earliest first; at one instant in the order of their scheduling.
 *
 * Three places hold events, and each is there for a measured reason:
 * - a binary heap over dense typed arrays, with the position of every event, so that cancelling truly removes;
 * - *lanes*: events of one constant delay are in order already, so a ring holds them and only its head is in the heap.
 *   Most timers of a message queue are deadlines that are armed and cancelled, and never come near the front;
 * - the *present*: events due at this very instant, which go through a plain ring.
 *
 * Taking the earliest leaves a hole at the root, which the next event added fills with one sift.
 */
import type { Nanos } from './units.ts';
import { assert } from './assert.ts';
import { SlotRing } from './slot-ring.ts';

export type EventSlot = number;
/** Generation and slot in one number; a handle of an event that fired or was cancelled is known to be stale. */
export type EventHandle = number & { readonly __handle?: true };
export type LaneId = number & { readonly __lane?: true };

const slotsMax = 16_777_216;
const nowhere = -1;
const noLane = -1;

export class EventList {
  /** Columns of an event, by slot. */
  kind = new Int32Array(64);
  a = new Int32Array(64);
  b = new Int32Array(64);
  owner = new Int32Array(64);
  time = new Float64Array(64);
  private sequence = new Float64Array(64);
  private generation = new Int32Array(64);
  private where = new Int32Array(64).fill(nowhere);
  private lane = new Int32Array(64);

  private free = new Int32Array(64);
  private freeCount = 0;
  private slotsUsed = 0;

  private heapTime = new Float64Array(64);
  private heapSequence = new Float64Array(64);
  private heapSlot = new Int32Array(64);
  private heapSize = 0;
  private hole = false;

  private readonly lanes: SlotRing[] = [];
  private readonly laneDelay: Nanos[] = [];
  private readonly present = new SlotRing();
  private presentTime: Nanos = 0;

  private nextSequence = 0;
  private pending = 0;
  private readonly drawTie: (() => number) | undefined;

  /** @param drawTie draws the rank of an event among those of its instant; without it, scheduling order decides. */
  constructor(drawTie?: () => number) {
    this.drawTie = drawTie;
  }

  get size(): number {
    return this.pending;
  }

  /** A lane for events that are always added with this delay. The same delay gives the same lane. */
  createLane(delay: Nanos): LaneId {
    const known = this.laneDelay.indexOf(delay);
    if (known >= 0) return known;
    this.lanes.push(new SlotRing());
    return this.laneDelay.push(delay) - 1;
  }

  /** @param time not before the present */
  add(now: Nanos, time: Nanos, kind: number, a: number, b: number, owner: number): EventSlot {
    const slot = this.fill(time, kind, a, b, owner);
    if (time === now && this.drawTie === undefined) {
      this.presentTime = now;
      this.lane[slot] = noLane;
      this.present.push(slot, this.where);
    } else {
      this.lane[slot] = noLane;
      this.enter(slot, time, this.sequence[slot]!);
    }
    return slot;
  }

  /** Adds an event at `now` plus the lane's delay. */
  addToLane(lane: LaneId, now: Nanos, kind: number, a: number, b: number, owner: number): EventSlot {
    const delay = this.laneDelay[lane]!;
    if (delay === 0 || this.drawTie !== undefined) return this.add(now, now + delay, kind, a, b, owner);
    const time = now + delay;
    const slot = this.fill(time, kind, a, b, owner);
    const ring = this.lanes[lane]!;
    this.lane[slot] = lane;
    ring.push(slot, this.where);
    if (ring.size === 1) this.enter(slot, time, this.sequence[slot]!);
    return slot;
  }

  handleOf(slot: EventSlot): EventHandle {
    return this.generation[slot]! * slotsMax + slot;
  }

  /** Time of the earliest event; Infinity when none is pending. */
  get earliest(): Nanos {
    if (this.present.size > 0) return this.presentTime;
    this.closeHole();
    return this.heapSize === 0 ? Infinity : this.heapTime[0]!;
  }

  /** Takes the earliest event out. Its columns stay readable until the next event is added. */
  take(): EventSlot {
    const slot = this.present.size > 0 && !this.heapIsBeforePresent() ? this.present.shift() : this.takeFromHeap();
    this.release(slot);
    return slot;
  }

  isPending(handle: EventHandle): boolean {
    const slot = handle % slotsMax;
    return handle >= 0 && this.where[slot] !== nowhere && this.generation[slot] === (handle - slot) / slotsMax;
  }

  /** Removes an event. False when it has fired or was cancelled before. */
  cancel(handle: EventHandle): boolean {
    if (!this.isPending(handle)) return false;
    this.remove(handle % slotsMax);
    return true;
  }

  /** The pending events of an owner, in the order in which they would fire. */
  owned(owner: number): EventSlot[] {
    const slots: EventSlot[] = [];
    for (let slot = 0; slot < this.slotsUsed; slot++) {
      if (this.where[slot] !== nowhere && this.owner[slot] === owner) slots.push(slot);
    }
    return slots.sort((one, other) => this.time[one]! - this.time[other]! || this.sequence[one]! - this.sequence[other]!);
  }

  /** Removes a pending event, which the caller found by `owned`. */
  remove(slot: EventSlot): void {
    assert(this.where[slot] !== nowhere, 'an event is removed that is not pending');
    this.leave(slot);
    this.release(slot);
  }

  /**
   * Moves a pending event to a later time. It gets a new rank among the events of that instant, so that a caller who
   * postpones events in the order in which they were due keeps that order. Its handle stays valid.
   */
  postpone(slot: EventSlot, time: Nanos): void {
    this.leave(slot);
    this.lane[slot] = noLane;
    this.time[slot] = time;
    this.sequence[slot] = this.nextRank();
    this.enter(slot, time, this.sequence[slot]!);
  }

  private fill(time: Nanos, kind: number, a: number, b: number, owner: number): EventSlot {
    if (this.freeCount === 0 && this.slotsUsed === this.kind.length) this.grow();
    const slot = this.freeCount > 0 ? this.free[--this.freeCount]! : this.slotsUsed++;
    this.kind[slot] = kind;
    this.a[slot] = a;
    this.b[slot] = b;
    this.owner[slot] = owner;
    this.time[slot] = time;
    this.sequence[slot] = this.drawTie === undefined ? this.nextSequence++ : this.nextRank();
    this.pending++;
    return slot;
  }

  private nextRank(): number {
    return this.drawTie === undefined ? this.nextSequence++ : this.drawTie();
  }

  private release(slot: EventSlot): void {
    this.where[slot] = nowhere;
    this.generation[slot]!++;
    this.free[this.freeCount++] = slot;
    this.pending--;
  }

  private leave(slot: EventSlot): void {
    if (this.where[slot]! >= 0) {
      this.closeHole();
      this.leaveHeap(this.where[slot]!);
    } else if (this.lane[slot] === noLane) {
      this.present.remove(slot, this.where);
    } else {
      this.lanes[this.lane[slot]!]!.remove(slot, this.where);
    }
  }

  /** An event in the heap may be due at this instant too, and may have been scheduled before those in the present. */
  private heapIsBeforePresent(): boolean {
    const time = this.presentTime;
    if (this.hole) {
      const size = this.heapSize;
      if (!((size > 1 && this.heapTime[1] === time) || (size > 2 && this.heapTime[2] === time))) return false;
      this.closeHole();
    }
    return this.heapSize > 0 && this.heapTime[0] === time && this.heapSequence[0]! < this.sequence[this.present.first()]!;
  }

  private takeFromHeap(): EventSlot {
    this.closeHole();
    assert(this.heapSize > 0, 'an event is taken from an empty list');
    const slot = this.heapSlot[0]!;
    const lane = this.lane[slot]!;
    this.hole = true;
    if (lane !== noLane) this.advanceLane(lane);
    return slot;
  }

  /** Puts an event into the heap: into the hole when there is one, else at the end. */
  private enter(slot: EventSlot, time: Nanos, sequence: number): void {
    if (this.hole) {
      this.hole = false;
      this.siftDown(0, slot, time, sequence);
      return;
    }
    if (this.heapSize === this.heapTime.length) this.growHeap();
    this.siftUp(this.heapSize++, slot, time, sequence);
  }

  private closeHole(): void {
    if (!this.hole) return;
    this.hole = false;
    const last = --this.heapSize;
    if (last > 0) this.siftDown(0, this.heapSlot[last]!, this.heapTime[last]!, this.heapSequence[last]!);
  }

  /** Takes the entry at `place` out of the heap and lets the next of its lane in. */
  private leaveHeap(place: number): void {
    const slot = this.heapSlot[place]!;
    const last = --this.heapSize;
    if (place !== last) {
      const moved = this.heapSlot[last]!;
      const time = this.heapTime[last]!;
      const sequence = this.heapSequence[last]!;
      const parent = (place - 1) >> 1;
      if (place > 0 && this.isBefore(time, sequence, parent)) this.siftUp(place, moved, time, sequence);
      else this.siftDown(place, moved, time, sequence);
    }
    if (this.lane[slot] !== noLane) this.advanceLane(this.lane[slot]!);
  }

  /** The head of a lane has left the heap: the next of the lane takes its turn there. */
  private advanceLane(lane: LaneId): void {
    const ring = this.lanes[lane]!;
    ring.shift();
    if (ring.size === 0) return;
    const next = ring.first();
    this.enter(next, this.time[next]!, this.sequence[next]!);
  }

  private isBefore(time: Nanos, sequence: number, place: number): boolean {
    return time < this.heapTime[place]! || (time === this.heapTime[place] && sequence < this.heapSequence[place]!);
  }

  private siftUp(place: number, slot: EventSlot, time: Nanos, sequence: number): void {
    const { heapTime, heapSequence, heapSlot, where } = this;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const parentTime = heapTime[parent]!;
      if (parentTime < time || (parentTime === time && heapSequence[parent]! < sequence)) break;
      heapTime[place] = parentTime;
      heapSequence[place] = heapSequence[parent]!;
      where[(heapSlot[place] = heapSlot[parent]!)] = place;
      place = parent;
    }
    heapTime[place] = time;
    heapSequence[place] = sequence;
    heapSlot[place] = slot;
    where[slot] = place;
  }

  private siftDown(place: number, slot: EventSlot, time: Nanos, sequence: number): void {
    const { heapTime, heapSequence, heapSlot, where, heapSize } = this;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heapSize) break;
      let childTime = heapTime[child]!;
      const right = child + 1;
      if (right < heapSize) {
        const rightTime = heapTime[right]!;
        if (rightTime < childTime || (rightTime === childTime && heapSequence[right]! < heapSequence[child]!)) {
          child = right;
          childTime = rightTime;
        }
      }
      if (time < childTime || (time === childTime && sequence < heapSequence[child]!)) break;
      heapTime[place] = childTime;
      heapSequence[place] = heapSequence[child]!;
      where[(heapSlot[place] = heapSlot[child]!)] = place;
      place = child;
    }
    heapTime[place] = time;
    heapSequence[place] = sequence;
    heapSlot[place] = slot;
    where[slot] = place;
  }

  private grow(): void {
    const length = this.kind.length * 2;
    assert(length <= slotsMax, `more than ${slotsMax} events are pending`);
    this.kind = grown(this.kind, length);
    this.a = grown(this.a, length);
    this.b = grown(this.b, length);
    this.owner = grown(this.owner, length);
    this.generation = grown(this.generation, length);
    this.lane = grown(this.lane, length);
    this.free = grown(this.free, length);
    const where = new Int32Array(length).fill(nowhere);
    where.set(this.where);
    this.where = where;
    this.time = grownFloat(this.time, length);
    this.sequence = grownFloat(this.sequence, length);
  }

  private growHeap(): void {
    const length = this.heapTime.length * 2;
    this.heapTime = grownFloat(this.heapTime, length);
    this.heapSequence = grownFloat(this.heapSequence, length);
    this.heapSlot = grown(this.heapSlot, length);
  }
}

export const noEvent: EventHandle = -1;

function grown(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(column);
  return longer;
}

function grownFloat(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(column);
  return longer;
}
