/**
 * One loop, one clock, one list. Everything that happens is an event: a name, two integers, a time.
 */
import { Lateness } from './lateness.ts';
import { assert, AssertionFailure } from './assert.ts';
import { type EventHandle, EventList, type LaneId } from './event-list.ts';
import { Fingerprint, hashName } from './fingerprint.ts';
import { RandomStreams, type RandomStream } from './random.ts';
import { Trace } from './trace.ts';
import { formatDuration, type Id, type Nanos, nanosMax } from './units.ts';

declare const operands: unique symbol;
/** A declared event; the types of its operands are part of its type. */
export type EventType<A extends number = number, B extends number = number> = number & {
  readonly [operands]: (a: A, b: B) => void;
};
/** Whoever can lose all its pending events at once: a node, or one direction of a connection. */
export type OwnerId = Id<'owner'>;
type Handler = (a: number, b: number) => void;
type Watcher = (type: EventType, a: number, b: number) => unknown;

export interface SimulationOptions {
  readonly seed: number;
  readonly replication?: number;
  /** scheduled: events of one instant follow each other in the order of their scheduling; shuffled: in an order drawn from the seed. */
  readonly ties?: 'scheduled' | 'shuffled';
  /** sometimes: events that may be late are, at some places and some times. */
  readonly late?: 'never' | 'sometimes';
}

export class Simulation {
  readonly fingerprint = new Fingerprint();
  readonly trace = new Trace();
  readonly isShuffled: boolean;
  /** Undefined where nothing is late. */
  private readonly lateness: Lateness | undefined;
  private readonly streams: RandomStreams;
  private readonly events: EventList;
  private readonly names: string[] = [];
  private readonly nameHashes: number[] = [];
  private readonly handlers: Handler[] = [];
  private readonly watchedBefore: (Watcher[] | undefined)[] = [];
  private readonly watchedAfter: (Watcher[] | undefined)[] = [];
  private watched = new Uint8Array(0);
  private watchersBefore = 0;
  /** Events whose watchers were told of them before something postponed them. */
  private readonly announced = new Set<EventHandle>();
  private owners = 0;
  private taken = 0;
  private stopped = false;

  constructor(options: SimulationOptions) {
    this.streams = new RandomStreams(options.seed, options.replication ?? 0);
    this.isShuffled = options.ties === 'shuffled';
    this.lateness = options.late === 'sometimes' ? new Lateness() : undefined;
    if (this.isShuffled) {
      const ties = this.streams.stream('simulation/ties');
      this.events = new EventList(() => ties.double());
    } else {
      this.events = new EventList();
    }
  }

  get now(): Nanos {
    return this.events.now;
  }

  /** Declares an event by a name that no other has. */
  declare<A extends number = number, B extends number = number>(name: string): EventType<A, B> {
    assert(!this.names.includes(name), `the event ${name} is declared twice`);
    const type = this.names.push(name) - 1;
    this.nameHashes.push(hashName(name));
    this.handlers.push(() => {
      throw new AssertionFailure(`nobody handles the event ${name}`);
    });
    this.watched = new Uint8Array(this.names.length).map((_, index) => this.watched[index] ?? 0);
    return type as EventType<A, B>;
  }

  handle<A extends number, B extends number>(type: EventType<A, B>, handler: (a: A, b: B) => void): void {
    this.handlers[type] = handler as Handler;
  }

  get isLateSometimes(): boolean {
    return this.lateness !== undefined;
  }

  /** What that event ends may take longer than was drawn for it, and nothing is wrong with that. */
  mayBeLate(type: EventType<never, never>): void {
    this.lateness?.mayBeLate(type as number, this.streams.stream(`simulation/late/${this.names[type as number]!}`));
  }

  nameOf(type: EventType): string {
    return this.names[type]!;
  }

  createOwner(): OwnerId {
    return this.owners++ as OwnerId;
  }

  /** Schedules an event `delay` from now. Whole nanoseconds; a time beyond 104 days never comes. */
  after<A extends number, B extends number>(delay: Nanos, type: EventType<A, B>, a: A, b: B, owner = -1 as OwnerId): EventHandle {
    if (!(delay >= 0)) throw new AssertionFailure(`the event ${this.names[type]} is scheduled ${delay} ns from now`);
    const taken = this.lateness === undefined ? delay : this.lateness.of(type as number, delay);
    return this.events.handleOf(this.events.add(Math.min(taken, nanosMax - this.events.now), type, a, b, owner));
  }

  /** As `after`, for the many events that nobody cancels one by one: a handle is a number on the heap. */
  post<A extends number, B extends number>(delay: Nanos, type: EventType<A, B>, a: A, b: B, owner: OwnerId): void {
    if (!(delay >= 0)) throw new AssertionFailure(`the event ${this.names[type]} is scheduled ${delay} ns from now`);
    const taken = this.lateness === undefined ? delay : this.lateness.of(type as number, delay);
    this.events.add(Math.min(taken, nanosMax - this.events.now), type, a, b, owner);
  }

  /** A lane for events that are always scheduled with this delay: cheaper than `after` where most are cancelled. */
  lane(delay: Nanos): LaneId {
    return this.events.createLane(delay);
  }

  afterLane<A extends number, B extends number>(lane: LaneId, type: EventType<A, B>, a: A, b: B, owner = -1 as OwnerId): EventHandle {
    return this.events.handleOf(this.events.addToLane(lane, type, a, b, owner));
  }

  /** As `afterLane`, without a handle. */
  postLane<A extends number, B extends number>(lane: LaneId, type: EventType<A, B>, a: A, b: B, owner: OwnerId): void {
    this.events.addToLane(lane, type, a, b, owner);
  }

  /** False when the event has fired or was cancelled before. */
  cancel(event: EventHandle): boolean {
    return this.events.cancel(event);
  }

  isPending(event: EventHandle): boolean {
    return this.events.isPending(event);
  }

  /** Cancels all that an owner has pending; `visit` hears of each, in the order in which they would have fired. */
  cancelOwned(owner: OwnerId, visit?: (type: EventType, a: number, b: number) => void): number {
    const slots = this.events.owned(owner);
    const { events } = this;
    const cancelled = slots.map((slot) => [events.kindOf(slot) as EventType, events.firstOf(slot), events.secondOf(slot)] as const);
    for (const slot of slots) this.events.remove(slot);
    if (visit !== undefined) for (const [type, first, second] of cancelled) visit(type, first, second);
    return slots.length;
  }

  /** All that an owner has pending and that is due before `until` is due then, in the order in which it was due. */
  postponeOwned(owner: OwnerId, until: Nanos): number {
    let postponed = 0;
    for (const slot of this.events.owned(owner)) {
      // Where chance decides within an instant, an order that matters takes a nanosecond for each.
      const time = until + (this.isShuffled ? postponed : 0);
      if (this.events.timeOf(slot) >= time) break;
      this.events.postpone(slot, time);
      postponed++;
    }
    return postponed;
  }

  stream(name: string): RandomStream {
    return this.streams.stream(name);
  }

  /** Calls `watcher` before or after each event of a type: where causal triggers hang. The returned function takes it off. */
  watch(type: EventType, side: 'before' | 'after', watcher: Watcher): () => void {
    const table = side === 'before' ? this.watchedBefore : this.watchedAfter;
    table[type] = [...(table[type] ?? []), watcher];
    this.watched[type] = 1;
    if (side === 'before') this.watchersBefore++;
    return () => {
      if (!table[type]!.includes(watcher)) return;
      table[type] = table[type]!.filter((other) => other !== watcher);
      if (side === 'before') this.watchersBefore--;
      this.watched[type] = (this.watchedBefore[type]?.length ?? 0) + (this.watchedAfter[type]?.length ?? 0) > 0 ? 1 : 0;
    };
  }

  /** Events handled so far. */
  get count(): number {
    return this.taken;
  }

  get pending(): number {
    return this.events.size;
  }

  /** Time of the next event; Infinity when nothing is pending. */
  get nextTime(): Nanos {
    return this.events.earliest;
  }

  /** `runUntil` returns after the present event. */
  stop(): void {
    this.stopped = true;
  }

  /** Handles the earliest event, unless those who watch for it cancel or postpone it. False when there is none. */
  step(): boolean {
    if (this.events.size === 0) return false;
    if (this.watchersBefore > 0 && !this.announce()) return true;
    const slot = this.events.take();
    const type = this.events.kindOf(slot);
    const a = this.events.firstOf(slot);
    const b = this.events.secondOf(slot);
    const { now } = this.events;
    this.taken++;
    this.fingerprint.mix(now, this.nameHashes[type]!, a, b);
    this.trace.note(now, type, a, b);
    if ((this.taken & 1023) === 0) this.fingerprint.checkpoint(this.taken, now);
    if (this.watched[type] === 0) this.handlers[type]!(a, b);
    else this.handleWatched(type as EventType, a, b);
    return true;
  }

  /**
   * Handles events up to and including `time` and sets the clock to it. Stops early after `eventsMax` events in all, or
   * when somebody called `stop`; then the clock stays at the last event. True when `time` was reached.
   */
  runUntil(time: Nanos, eventsMax = Infinity): boolean {
    this.stopped = false;
    try {
      while (this.events.earliest <= time) {
        if (this.taken >= eventsMax) return false;
        this.step();
        if (this.stopped) return false;
      }
    } catch (error) {
      if (error instanceof AssertionFailure && error.situation === '') error.situation = this.situation();
      throw error;
    }
    if (time > this.events.now) this.events.now = time;
    return true;
  }

  /** Where the simulation stands, for an assertion that failed. */
  situation(): string {
    const lines = this.trace
      .last(20, this.names)
      .map((event) => `  ${(event.time / 1e9).toFixed(9).padStart(18)}  ${event.name}(${event.a}, ${event.b})`);
    return [`at ${formatDuration(this.now)} simulated, after ${this.taken} events; the last ones:`, ...lines].join('\n');
  }

  /**
   * Tells who watches for the earliest event, while it is still pending: a crash just before an event cancels it with
   * all others of its node, and a pause postpones it. False when it is the earliest no more.
   */
  private announce(): boolean {
    const { events, announced } = this;
    const slot = events.peek();
    const type = events.kindOf(slot) as EventType;
    const handle = events.handleOf(slot);
    if ((this.watchedBefore[type]?.length ?? 0) === 0 || announced.delete(handle)) return true;
    events.now = events.timeOf(slot);
    for (const watcher of this.watchedBefore[type]!) {
      watcher(type, events.firstOf(slot), events.secondOf(slot));
      if (!events.isPending(handle)) return false;
    }
    if (events.peek() === slot) return true;
    announced.add(handle);
    return false;
  }

  private handleWatched(type: EventType, a: number, b: number): void {
    this.handlers[type]!(a, b);
    for (const watcher of this.watchedAfter[type] ?? []) watcher(type, a, b);
  }
}
