/** What is read off a system while it runs: windows over the whole run, and the measured phase by itself. */
import type { ConsumerGroup } from '../models/consumer-group.ts';
import type { System } from '../models/build.ts';
import type { Occupancy } from '../models/lifecycles.ts';
import type { QueueAccount } from '../models/queue-account.ts';
import type { Level, WindowLatency } from '../sim/metrics.ts';
import type { Nanos } from '../sim/units.ts';

const windowsWanted = 240;

interface LevelSummary {
  readonly mean: number;
  readonly max: number;
}

/** A counter as it stood at the beginning and the end of the measured phase. */
export interface MeasuredGroup {
  readonly handled: number;
  readonly utilisation: number;
  readonly meanInHand: number;
}
export interface MeasuredQueue {
  readonly stored: number;
  readonly ready: LevelSummary;
  readonly inFlight: LevelSummary;
}

export interface GroupWindows {
  readonly handled: number[];
  readonly utilisation: number[];
  readonly sojourn: WindowLatency[];
  readonly waiting: WindowLatency[];
}
export interface QueueWindows {
  readonly ready: number[];
  readonly readyMax: number[];
  readonly inFlight: number[];
}

export class Measurements {
  readonly width: Nanos;
  /** Ends of the windows that are over. */
  readonly times: Nanos[] = [];
  readonly published: number[] = [];
  readonly confirmed: number[] = [];
  readonly redelivered: number[] = [];
  readonly groupWindows = new Map<ConsumerGroup, GroupWindows>();
  readonly queueWindows = new Map<QueueAccount, QueueWindows>();
  /** Share of the individuals that were in each state, by window. */
  readonly stateWindows = new Map<Occupancy, readonly number[][]>();
  readonly groups = new Map<ConsumerGroup, MeasuredGroup>();
  readonly queues = new Map<QueueAccount, MeasuredQueue>();
  /** The same share over the measured phase. */
  readonly states = new Map<Occupancy, readonly number[]>();
  readonly publishedByGroup = new Map<string, number>();
  /** How long was measured; less than planned when the run was cut short. */
  measuredFor: Nanos = 0;
  private readonly system: System;
  private readonly before = new Map<object, number>();
  private readonly atBegin = new Map<object, number>();
  private windowBegan: Nanos = 0;
  private state: 'before' | 'measuring' | 'after' = 'before';

  constructor(system: System) {
    this.system = system;
    this.width = niceWidth(system.world.phases.healAt / windowsWanted);
    for (const group of system.consumers.groups) this.groupWindows.set(group, { handled: [], utilisation: [], sojourn: [], waiting: [] });
    for (const occupancy of system.lifecycles.occupancies) this.stateWindows.set(occupancy, occupancy.levels.map(() => []));
    for (const queue of system.world.ledger.queues) this.queueWindows.set(queue, { ready: [], readyMax: [], inFlight: [] });
  }

  get measuredFrom(): Nanos {
    return this.system.world.phases.measureFrom;
  }

  get measuredUntil(): Nanos {
    return this.measuredFrom + this.measuredFor;
  }

  get nextWindow(): Nanos {
    return this.windowBegan + this.width;
  }

  /** Measuring begins: what the warm-up did is forgotten. */
  begin(): void {
    const { world, consumers, producers } = this.system;
    this.state = 'measuring';
    for (const level of this.levels()) level.restart(world.sim.now);
    for (const group of consumers.groups) this.atBegin.set(group, group.handled);
    for (const queue of world.ledger.queues) this.atBegin.set(queue, queue.stored);
    for (const group of producers.groups) this.atBegin.set(group, group.publishing.published);
  }

  end(): void {
    const { world, consumers, producers } = this.system;
    const { now } = world.sim;
    this.state = 'after';
    this.measuredFor = now - world.phases.measureFrom;
    const span = Math.max(1, this.measuredFor);
    for (const group of consumers.groups) {
      this.groups.set(group, {
        handled: group.handled - this.atBegin.get(group)!,
        utilisation: group.busy.mean(now) / group.servers,
        meanInHand: group.inHand.mean(now) + group.transit / span,
      });
    }
    for (const queue of world.ledger.queues) {
      this.queues.set(queue, {
        stored: queue.stored - this.atBegin.get(queue)!,
        ready: { mean: queue.ready.mean(now), max: queue.ready.max },
        inFlight: { mean: queue.inFlight.mean(now), max: queue.inFlight.max },
      });
    }
    for (const occupancy of this.system.lifecycles.occupancies) {
      this.states.set(occupancy, occupancy.levels.map((level) => level.mean(now) / occupancy.individuals));
    }
    for (const group of producers.groups) this.publishedByGroup.set(group.name, group.publishing.published - this.atBegin.get(group)!);
  }

  /** The run is over, as planned or not. */
  finish(): void {
    if (this.system.world.sim.now > this.windowBegan) this.closeWindow();
    if (this.state === 'before') this.begin();
    if (this.state === 'measuring') this.end();
  }

  closeWindow(): void {
    const { world, consumers, producers } = this.system;
    const { now } = world.sim;
    const { totals, queues } = world.ledger;
    const offered = producers.groups.reduce((sum, group) => sum + group.publishing.published, 0);
    const confirmed = producers.groups.reduce((sum, group) => sum + group.publishing.confirmed, 0);
    this.published.push(this.rate(this.published, offered));
    this.confirmed.push(this.rate(this.confirmed, confirmed));
    this.redelivered.push(this.rate(this.redelivered, totals.redelivered));
    for (const group of consumers.groups) {
      const windows = this.groupWindows.get(group)!;
      windows.handled.push(this.rate(windows, group.handled));
      windows.utilisation.push(group.busy.closeWindow(now).mean / group.servers);
      windows.sojourn.push(group.sojourn.closeWindow(now));
      windows.waiting.push(group.waiting.closeWindow(now));
      group.service.closeWindow(now);
    }
    for (const queue of queues) {
      const windows = this.queueWindows.get(queue)!;
      const ready = queue.ready.closeWindow(now);
      windows.ready.push(ready.mean);
      windows.readyMax.push(ready.max);
      windows.inFlight.push(queue.inFlight.closeWindow(now).mean);
    }
    for (const [occupancy, windows] of this.stateWindows) {
      occupancy.levels.forEach((level, state) => windows[state]!.push(level.closeWindow(now).mean / occupancy.individuals));
    }
    this.times.push(now);
    this.windowBegan = now;
  }

  /** Per second, since this counter was asked for last. */
  private rate(of: object, count: number): number {
    const change = count - (this.before.get(of) ?? 0);
    this.before.set(of, count);
    return (change / Math.max(1, this.system.world.sim.now - this.windowBegan)) * 1e9;
  }

  private *levels(): Iterable<Level> {
    for (const group of this.system.consumers.groups) yield* [group.busy, group.inHand];
    for (const queue of this.system.world.ledger.queues) yield* [queue.ready, queue.inFlight];
    for (const { levels } of this.system.lifecycles.occupancies) yield* levels;
  }
}

/** 1, 2, 2.5 or 5 times a power of ten of nanoseconds, not below the wanted width. */
function niceWidth(wanted: Nanos): Nanos {
  let unit = 1;
  while (unit * 10 <= wanted) unit *= 10;
  for (const step of [1, 2, 2.5, 5, 10]) if (unit * step >= wanted && Number.isInteger(unit * step)) return unit * step;
  return unit * 10;
}
