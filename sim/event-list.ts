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
import { SlotRing, whereColumn } from './slot-ring.ts';

export type EventSlot = number;
/** Generation and slot in one number; a handle of an event that fired or was cancelled is known to be stale. */
export type EventHandle = number & { readonly __handle?: true };
export type LaneId = number & { readonly __lane?: true };

const slotsMax = 16_777_216;
const nowhere = -1;
const noLane = -1;
/** Generations begin anew where a handle would no longer be exact. */
const generationsMax = 0x1fff_ffff;

/** Where an integer of a slot lies: slot × 8 and this. */
const kindColumn = 0;
const aColumn = 1;
const bColumn = 2;
const ownerColumn = 3;
const laneColumn = 5;
const generationColumn = 6;

export class EventList {
  /** Eight integers for each slot, side by side: an event is one line of the cache. the columns are named above. */
  private ints = emptySlots(64);
  /** Time and rank of each slot. */
  private keys = new Float64Array(128);

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
  /** The clock: times of events are counted from it. It moves when an event is taken, or when it is set. */
  now: Nanos = 0;

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

  /**
   * Adds an event `delay` from now. Times travel in the slot's own columns and not as arguments: a double that is handed
   * to a function that is not inlined costs an allocation.
   */
  add(delay: Nanos, kind: number, a: number, b: number, owner: number): EventSlot {
    const slot = this.fill(kind, a, b, owner);
    const { keys } = this;
    keys[2 * slot] = this.now + delay;
    if (delay === 0 && this.drawTie === undefined) {
      keys[2 * slot + 1] = this.nextSequence++;
      this.present.push(slot, this.ints);
    } else {
      keys[2 * slot + 1] = this.nextRank();
      this.enter(slot);
    }
    return slot;
  }

  /** Adds an event at the lane's delay from now. */
  addToLane(lane: LaneId, kind: number, a: number, b: number, owner: number): EventSlot {
    const delay = this.laneDelay[lane]!;
    if (delay === 0 || this.drawTie !== undefined) return this.add(delay, kind, a, b, owner);
    const slot = this.fill(kind, a, b, owner);
    const ring = this.lanes[lane]!;
    this.keys[2 * slot] = this.now + delay;
    this.keys[2 * slot + 1] = this.nextSequence++;
    this.ints[8 * slot + laneColumn] = lane;
    ring.push(slot, this.ints);
    if (ring.size === 1) this.enter(slot);
    return slot;
  }

  /** What an event that was taken or is pending is: its kind, operands and time. */
  kindOf(slot: EventSlot): number {
    return this.ints[8 * slot + kindColumn]!;
  }

  firstOf(slot: EventSlot): number {
    return this.ints[8 * slot + aColumn]!;
  }

  secondOf(slot: EventSlot): number {
    return this.ints[8 * slot + bColumn]!;
  }

  timeOf(slot: EventSlot): Nanos {
    return this.keys[2 * slot]!;
  }

  handleOf(slot: EventSlot): EventHandle {
    return this.ints[8 * slot + generationColumn]! * slotsMax + slot;
  }

  /** Time of the earliest event; Infinity when none is pending. */
  get earliest(): Nanos {
    if (this.present.size > 0) return this.now;
    this.closeHole();
    return this.heapSize === 0 ? Infinity : this.heapTime[0]!;
  }

  /** Takes the earliest event out and sets the clock to its time. Its columns stay readable until the next event is added. */
  take(): EventSlot {
    const slot = this.present.size > 0 && !this.heapIsBeforePresent() ? this.present.shift() : this.takeFromHeap();
    this.now = this.keys[2 * slot]!;
    this.release(slot);
    return slot;
  }

  /** The earliest event, which stays where it is; there must be one. */
  peek(): EventSlot {
    if (this.present.size > 0 && !this.heapIsBeforePresent()) return this.present.first();
    this.closeHole();
    return this.heapSlot[0]!;
  }

  isPending(handle: EventHandle): boolean {
    const slot = handle % slotsMax;
    return handle >= 0 && this.whereIs(slot) !== nowhere && this.ints[8 * slot + generationColumn] === (handle - slot) / slotsMax;
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
      if (this.whereIs(slot) !== nowhere && this.ints[8 * slot + ownerColumn] === owner) slots.push(slot);
    }
    const { keys } = this;
    return slots.sort((one, other) => keys[2 * one]! - keys[2 * other]! || keys[2 * one + 1]! - keys[2 * other + 1]!);
  }

  /** Removes a pending event, which the caller found by `owned`. */
  remove(slot: EventSlot): void {
    assert(this.whereIs(slot) !== nowhere, 'an event is removed that is not pending');
    this.leave(slot);
    this.release(slot);
  }

  /**
   * Moves a pending event to a later time. It gets a new rank among the events of that instant, so that a caller who
   * postpones events in the order in which they were due keeps that order. Its handle stays valid.
   */
  postpone(slot: EventSlot, time: Nanos): void {
    this.leave(slot);
    this.ints[8 * slot + laneColumn] = noLane;
    this.keys[2 * slot] = time;
    this.keys[2 * slot + 1] = this.nextRank();
    this.enter(slot);
  }

  private fill(kind: number, a: number, b: number, owner: number): EventSlot {
    if (this.freeCount === 0 && 8 * this.slotsUsed === this.ints.length) this.grow();
    const slot = this.freeCount > 0 ? this.free[--this.freeCount]! : this.slotsUsed++;
    const { ints } = this;
    const at = 8 * slot;
    ints[at + kindColumn] = kind;
    ints[at + aColumn] = a;
    ints[at + bColumn] = b;
    ints[at + ownerColumn] = owner;
    ints[at + laneColumn] = noLane;
    this.pending++;
    return slot;
  }

  private nextRank(): number {
    return this.drawTie === undefined ? this.nextSequence++ : this.drawTie();
  }

  private release(slot: EventSlot): void {
    this.ints[8 * slot + whereColumn] = nowhere;
    this.ints[8 * slot + generationColumn] = (this.ints[8 * slot + generationColumn]! + 1) & generationsMax;
    this.free[this.freeCount++] = slot;
    this.pending--;
  }

  private whereIs(slot: EventSlot): number {
    return this.ints[8 * slot + whereColumn]!;
  }

  private leave(slot: EventSlot): void {
    const lane = this.ints[8 * slot + laneColumn]!;
    if (this.whereIs(slot) >= 0) {
      this.leaveHeap(this.whereIs(slot));
    } else if (lane === noLane) {
      this.present.remove(slot, this.ints);
    } else {
      this.lanes[lane]!.remove(slot, this.ints);
    }
  }

  /** An event in the heap may be due at this instant too, and may have been scheduled before those in the present. */
  private heapIsBeforePresent(): boolean {
    const time = this.now;
    if (this.hole) {
      const size = this.heapSize;
      if (!((size > 1 && this.heapTime[1] === time) || (size > 2 && this.heapTime[2] === time))) return false;
      this.closeHole();
    }
    return this.heapSize > 0 && this.heapTime[0] === time && this.heapSequence[0]! < this.keys[2 * this.present.first() + 1]!;
  }

  private takeFromHeap(): EventSlot {
    this.closeHole();
    assert(this.heapSize > 0, 'an event is taken from an empty list');
    const slot = this.heapSlot[0]!;
    const lane = this.ints[8 * slot + laneColumn]!;
    this.hole = true;
    if (lane !== noLane) this.advanceLane(lane);
    return slot;
  }

  /** Puts an event into the heap: into the hole when there is one, else at the end. */
  private enter(slot: EventSlot): void {
    if (this.hole) {
      this.hole = false;
      this.siftDown(0, slot);
      return;
    }
    if (this.heapSize === this.heapTime.length) this.growHeap();
    this.siftUp(this.heapSize++, slot);
  }

  private closeHole(): void {
    if (!this.hole) return;
    this.hole = false;
    const last = --this.heapSize;
    if (last > 0) this.siftDown(0, this.heapSlot[last]!);
  }

  /**
   * Takes the entry at `place` out of the heap and lets the next of its lane in. A hole at the root may stay: what was
   * there came before everything else, so nothing is sifted above it.
   */
  private leaveHeap(place: number): void {
    const slot = this.heapSlot[place]!;
    const last = --this.heapSize;
    if (place !== last) {
      const moved = this.heapSlot[last]!;
      if (place > 0 && this.isBeforeParent(moved, place)) this.siftUp(place, moved);
      else this.siftDown(place, moved);
    }
    const lane = this.ints[8 * slot + laneColumn]!;
    if (lane !== noLane) this.advanceLane(lane);
  }

  /** The head of a lane has left the heap: the next of the lane takes its turn there. */
  private advanceLane(lane: LaneId): void {
    const ring = this.lanes[lane]!;
    ring.shift();
    if (ring.size === 0) return;
    const next = ring.first();
    this.enter(next);
  }

  private isBeforeParent(slot: EventSlot, place: number): boolean {
    const parent = (place - 1) >> 1;
    const time = this.keys[2 * slot]!;
    return time < this.heapTime[parent]! || (time === this.heapTime[parent] && this.keys[2 * slot + 1]! < this.heapSequence[parent]!);
  }

  private siftUp(place: number, slot: EventSlot): void {
    const { heapTime, heapSequence, heapSlot, ints } = this;
    const time = this.keys[2 * slot]!;
    const sequence = this.keys[2 * slot + 1]!;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const parentTime = heapTime[parent]!;
      if (parentTime < time || (parentTime === time && heapSequence[parent]! < sequence)) break;
      heapTime[place] = parentTime;
      heapSequence[place] = heapSequence[parent]!;
      ints[8 * (heapSlot[place] = heapSlot[parent]!) + whereColumn] = place;
      place = parent;
    }
    heapTime[place] = time;
    heapSequence[place] = sequence;
    heapSlot[place] = slot;
    ints[8 * slot + whereColumn] = place;
  }

  private siftDown(place: number, slot: EventSlot): void {
    const { heapTime, heapSequence, heapSlot, ints, heapSize } = this;
    const time = this.keys[2 * slot]!;
    const sequence = this.keys[2 * slot + 1]!;
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
      ints[8 * (heapSlot[place] = heapSlot[child]!) + whereColumn] = place;
      place = child;
    }
    heapTime[place] = time;
    heapSequence[place] = sequence;
    heapSlot[place] = slot;
    ints[8 * slot + whereColumn] = place;
  }

  private grow(): void {
    const slots = (this.ints.length / 8) * 2;
    assert(slots <= slotsMax, `more than ${slotsMax} events are pending`);
    const ints = emptySlots(slots);
    ints.set(this.ints);
    this.ints = ints;
    this.keys = grownFloat(this.keys, 2 * slots);
    this.free = grown(this.free, slots);
  }

  private growHeap(): void {
    const length = this.heapTime.length * 2;
    this.heapTime = grownFloat(this.heapTime, length);
    this.heapSequence = grownFloat(this.heapSequence, length);
    this.heapSlot = grown(this.heapSlot, length);
  }
}

export const noEvent: EventHandle = -1;

function emptySlots(slots: number): Int32Array<ArrayBuffer> {
  const ints = new Int32Array(8 * slots);
  for (let slot = 0; slot < slots; slot++) ints[8 * slot + whereColumn] = nowhere;
  return ints;
}

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
