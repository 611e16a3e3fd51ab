import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventHandle, EventList, noEvent } from '../../sim/event-list.ts';
import { RandomStreams } from '../../sim/random.ts';

interface Pending {
  readonly id: number;
  readonly owner: number;
  readonly handle: EventHandle;
  time: number;
  rank: number;
}

const laneDelays = [0, 4, 4, 7];

/** The list, a sorted array that says what it has to do, and the handles of all events there ever were. */
class Pair {
  readonly drawn: number[] = [];
  readonly list: EventList;
  readonly lanes: number[];
  readonly model: Pending[] = [];
  readonly handles: EventHandle[] = [noEvent];
  private ranks = 0;
  private ids = 0;

  constructor(isShuffled: boolean) {
    const ties = new RandomStreams(1).stream('ties');
    this.list = isShuffled ? new EventList(() => this.draw(ties.double())) : new EventList();
    this.lanes = laneDelays.map((delay) => this.list.createLane(delay));
  }

  add(delay: number, owner: number, lane?: number): void {
    const id = this.ids++;
    const { list } = this;
    const slot = lane === undefined ? list.add(delay, id % 5, id, ~id, owner) : list.addToLane(this.lanes[lane]!, id % 5, id, ~id, owner);
    const handle = list.handleOf(slot);
    this.handles.push(handle);
    this.model.push({ id, owner, handle, time: list.now + delay, rank: this.nextRank() });
  }

  take(): void {
    const expected = this.model.shift()!;
    expect(this.list.firstOf(this.list.peek())).toBe(expected.id);
    const slot = this.list.take();
    expect([this.list.kindOf(slot), this.list.firstOf(slot), this.list.secondOf(slot), this.list.timeOf(slot), this.list.now]).toEqual([
      expected.id % 5, expected.id, ~expected.id, expected.time, expected.time,
    ]);
  }

  cancel(handle: EventHandle): void {
    const at = this.model.findIndex((event) => event.handle === handle);
    expect(this.list.isPending(handle)).toBe(at >= 0);
    expect(this.list.cancel(handle)).toBe(at >= 0);
    if (at >= 0) this.model.splice(at, 1);
    expect(this.list.isPending(handle)).toBe(false);
    expect(this.list.cancel(handle)).toBe(false);
  }

  cancelOwned(owner: number): void {
    const owned = this.list.owned(owner);
    expect(owned.map((slot) => this.list.firstOf(slot))).toEqual(this.model.filter((event) => event.owner === owner).map(({ id }) => id));
    for (const slot of owned) this.list.remove(slot);
    this.model.splice(0, this.model.length, ...this.model.filter((event) => event.owner !== owner));
  }

  postponeOwned(owner: number, until: number): void {
    for (const slot of this.list.owned(owner)) {
      const event = this.model.find(({ id }) => id === this.list.firstOf(slot))!;
      if (event.time >= until) continue;
      this.list.postpone(slot, until);
      event.time = until;
      event.rank = this.nextRank();
      expect(this.list.isPending(event.handle)).toBe(true);
    }
  }

  /** Sorts the model, and compares what can be seen from outside. */
  check(): void {
    this.model.sort((one, other) => one.time - other.time || one.rank - other.rank);
    expect(this.list.size).toBe(this.model.length);
    expect(this.list.earliest).toBe(this.model[0]?.time ?? Infinity);
  }

  private draw(rank: number): number {
    this.drawn.push(rank);
    return rank;
  }

  /** Scheduling order, or what was drawn last. */
  private nextRank(): number {
    return this.drawn.at(-1) ?? this.ranks++;
  }
}

type Command = fc.Command<object, Pair>;

function command(name: string, run: (pair: Pair) => void, isPossible: (pair: Pair) => boolean = () => true): Command & { isPossible: (pair: Pair) => boolean } {
  return {
    isPossible,
    check: () => true,
    run: (_model, pair) => {
      if (!isPossible(pair)) return;
      run(pair);
      pair.check();
    },
    toString: () => name,
  };
}

const owner = fc.integer({ min: 0, max: 3 });
const delay = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1000 }));
const lane = fc.integer({ min: 0, max: laneDelays.length - 1 });
const hasSome = (pair: Pair): boolean => pair.model.length > 0;

const commands = [
  fc.tuple(delay, owner).map(([after, of]) => command(`add ${after} of ${of}`, (pair) => pair.add(after, of))),
  fc.tuple(lane, owner).map(([at, of]) => command(`add in lane ${at} of ${of}`, (pair) => pair.add(laneDelays[at]!, of, at))),
  fc.constant(command('take', (pair) => pair.take(), hasSome)),
  fc.constant(command('take', (pair) => pair.take(), hasSome)),
  fc.nat().map((index) => command(`cancel #${index}`, (pair) => pair.cancel(pair.handles[index % pair.handles.length]!))),
  fc.constant(command('cancel the earliest', (pair) => pair.cancel(pair.model[0]!.handle), hasSome)),
  owner.map((of) => command(`cancel all of ${of}`, (pair) => pair.cancelOwned(of))),
  fc.tuple(owner, delay).map(([of, by]) => command(`postpone all of ${of} by ${by}`, (pair) => pair.postponeOwned(of, pair.list.now + by))),
  fc.nat({ max: 20 }).map((by) => command(`let ${by} pass`, (pair) => {
    pair.list.now = Math.min(pair.list.now + by, pair.list.earliest);
  }, hasSome)),
  // More than the first columns hold, and more gaps than a ring keeps.
  fc.tuple(lane, fc.integer({ min: 50, max: 200 })).map(([at, count]) => command(`add ${count} in lane ${at}`, (pair) => {
    for (let each = 0; each < count; each++) pair.add(laneDelays[at]!, 1, at);
  })),
  fc.tuple(fc.nat(), fc.integer({ min: 2, max: 5 })).map(([from, every]) => command(`cancel every ${every}th from ${from}`, (pair) => {
    for (let index = from % pair.handles.length; index < pair.handles.length; index += every) pair.cancel(pair.handles[index]!);
  })),
];

function assertSame(isShuffled: boolean, seed: number): void {
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 120, size: 'max' }), (chosen) => {
      const pair = new Pair(isShuffled);
      fc.modelRun(() => ({ model: {}, real: pair }), chosen);
      while (pair.model.length > 0) pair.take();
      pair.check();
    }),
    { numRuns: 80, seed },
  );
}

describe('an event list does what a sorted array does', () => {
  it('with ties in the order of their scheduling', () => assertSame(false, 1));
  it('with ties in an order that is drawn', () => assertSame(true, 2));
});

describe('events of one instant', () => {
  it('come in the order of their scheduling, whichever way they came: by delay, by lane, at once or postponed', () => {
    const list = new EventList();
    const four = list.createLane(4);
    const none = list.createLane(0);
    list.add(4, 0, 1, 0, 0);
    list.addToLane(four, 0, 2, 0, 0);
    list.add(4, 0, 3, 0, 0);
    const early = list.add(1, 0, 6, 0, 0);
    list.addToLane(four, 0, 4, 0, 0);
    list.add(4, 0, 5, 0, 0);
    list.postpone(early, 4);
    const order: number[] = [];
    while (list.size > 0) {
      const slot = list.take();
      order.push(list.firstOf(slot));
      if (order.length === 1) list.add(0, 0, 7, 0, 0);
      if (order.length === 2) list.addToLane(none, 0, 8, 0, 0);
    }
    expect(order).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(list.now).toBe(4);
  });

  it('come in another order where it is drawn, and each order is as likely', () => {
    const ties = new RandomStreams(3).stream('ties');
    const first = new Float64Array(4);
    for (let round = 0; round < 4000; round++) {
      const list = new EventList(() => ties.double());
      for (let event = 0; event < 4; event++) list.add(event % 2, 0, event, 0, 0);
      list.take();
      list.take();
      // Two more, at the instant of the two that are left.
      list.add(1 - list.now, 0, 0, 0, 0);
      list.add(1 - list.now, 0, 2, 0, 0);
      first[list.firstOf(list.take())]!++;
    }
    for (const count of first) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(750));
  });
});

describe('a handle', () => {
  it('of an event that fired or was cancelled is stale, also when its place is used again', () => {
    const list = new EventList();
    const first = list.handleOf(list.add(1, 0, 0, 0, 0));
    list.take();
    const second = list.handleOf(list.add(1, 0, 0, 0, 0));
    expect([list.isPending(first), list.cancel(first)]).toEqual([false, false]);
    expect(list.cancel(second)).toBe(true);
    expect([list.isPending(noEvent), list.cancel(noEvent)]).toEqual([false, false]);
  });

  it('is exact however often its place was used before', () => {
    const list = new EventList();
    list.add(5, 0, 1, 0, 0);
    const slot = list.add(5, 0, 1, 0, 0);
    // A place that was used half a billion times; nobody wants to wait for that.
    const { ints } = list as unknown as { ints: Int32Array };
    ints[8 * slot + 6] = 2 ** 29 - 3;
    for (let round = 0; round < 6; round++) {
      const handle = list.handleOf(slot);
      expect(handle).toBeGreaterThanOrEqual(0);
      expect(Number.isSafeInteger(handle)).toBe(true);
      expect(list.cancel(handle)).toBe(true);
      expect(list.cancel(handle)).toBe(false);
      expect(list.add(5, 0, 1, 0, 0)).toBe(slot);
    }
  });
});

it('is refused to be taken from when it is empty, and to remove what is not there', () => {
  const list = new EventList();
  expect(() => list.take()).toThrow('empty');
  const slot = list.add(1, 0, 0, 0, 0);
  list.remove(slot);
  expect(() => list.remove(slot)).toThrow('not pending');
});
