/**
 * How a node notices that it is short of memory or of disk: it looks, from time to time.
 *
 * Memory each second; the alarm is raised above the limit and cleared as soon as use is not above it (vm_memory_monitor). Disk each
 * 10 s, or as soon as writing at 250 MB/s could have used half of what is left above the limit, but not more often than each 100 ms
 * (rabbit_disk_monitor). Both at 3.10.8 and 4.3.5. A node looks at nothing that the scenario does not bound.
 *
 * Left out: garbage of the runtime, which is in what the operating system reports and leaves it late.
 */
import type { EventType } from '../../../sim/simulation.ts';
import type { Bytes, Nanos } from '../../../sim/units.ts';
import type { NodeId } from '../../node.ts';
import type { World } from '../../world.ts';
import type { Alarms } from './alarms.ts';
import type { Limits } from './limits.ts';

const memoryEvery: Nanos = 1e9;
const diskEvery = { min: 100e6, max: 10e9 } as const;
/** `FAST_RATE` */
const bytesPerMillisecond = 250_000;

/** What a node uses and has now. */
export interface Meters {
  memoryUsed(node: NodeId): Bytes;
  diskUsed(node: NodeId): Bytes;
}

export class Monitors {
  private readonly memoryDue: EventType<NodeId, number>;
  private readonly diskDue: EventType<NodeId, number>;
  private readonly bootedAt: Nanos[] = [];
  /** By node: what faults leave of its disk, by their names. */
  private readonly left = new Map<NodeId, Map<string, Bytes>>();
  private readonly isDiskWatched = new Set<NodeId>();
  private readonly world: World;
  private readonly limits: Limits;
  private readonly meters: Meters;
  private readonly alarms: Alarms;

  constructor(world: World, name: string, nodes: readonly NodeId[], limits: Limits, meters: Meters, alarms: Alarms) {
    this.world = world;
    this.limits = limits;
    this.meters = meters;
    this.alarms = alarms;
    this.memoryDue = world.sim.declare(`${name}.memoryDue`);
    this.diskDue = world.sim.declare(`${name}.diskDue`);
    world.sim.handle(this.memoryDue, (node) => this.onMemoryDue(node));
    world.sim.handle(this.diskDue, (node) => this.onDiskDue(node));
    for (const node of nodes) this.left.set(node, new Map());
  }

  /** The node's own processes run from now on. */
  booted(node: NodeId): void {
    this.bootedAt[node] = this.world.sim.now;
    if (this.limits.memory < Infinity) this.onMemoryDue(node);
    if (this.isDiskBounded(node)) this.onDiskDue(node);
  }

  crashed(node: NodeId): void {
    this.isDiskWatched.delete(node);
  }

  /** No more than that is free on the node's disk, until the same name gives it back. */
  fillDisk(node: NodeId, name: string, free: Bytes | undefined): void {
    const { sim, nodes } = this.world;
    if (free === undefined) {
      this.left.get(node)!.delete(name);
      return;
    }
    this.left.get(node)!.set(name, free);
    if (this.isDiskWatched.has(node) || !nodes.isUp(node)) return;
    this.isDiskWatched.add(node);
    // So far there was room enough for looking as rarely as it does.
    sim.post(diskEvery.max - ((sim.now - (this.bootedAt[node] ?? 0)) % diskEvery.max), this.diskDue, node, 0, nodes.owner(node));
  }

  private onMemoryDue(node: NodeId): void {
    const { sim, nodes } = this.world;
    this.alarms.set(node, 'memory', this.meters.memoryUsed(node) > this.limits.memory);
    sim.post(memoryEvery, this.memoryDue, node, 0, nodes.owner(node));
  }

  private onDiskDue(node: NodeId): void {
    const { sim, nodes } = this.world;
    const free = Math.min(this.limits.disk - this.meters.diskUsed(node), ...this.left.get(node)!.values());
    const isShort = free < this.limits.diskFree;
    this.alarms.set(node, 'disk', isShort);
    if (!this.isDiskBounded(node)) {
      this.isDiskWatched.delete(node);
      return;
    }
    this.isDiskWatched.add(node);
    const wanted = isShort ? diskEvery.max : ((2 * (free - this.limits.diskFree)) / bytesPerMillisecond) * 1e6;
    sim.post(Math.round(Math.max(diskEvery.min, Math.min(diskEvery.max, wanted))), this.diskDue, node, 0, nodes.owner(node));
  }

  private isDiskBounded(node: NodeId): boolean {
    return this.limits.disk < Infinity || this.left.get(node)!.size > 0;
  }
}
