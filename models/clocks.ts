/**
 * Wall clocks of nodes, as they differ from the time that passes: by a jump, and by a drift. Timers count what passes, and know nothing
 * of them.
 *
 * A process may read the clock of its operating system, which jumps; or that of Erlang, which without time warp (the default, as RabbitMQ
 * starts it) is set from the system's when it starts and goes on from there: it is slewed towards the system's by at most 1 %, which is left
 * out here (erlang.org, "Time and Time Correction in Erlang").
 */
import type { Simulation } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import type { CrashScope, NodeId, Nodes, NodeWatcher } from './node.ts';

export interface Skew {
  /** Ahead of the right time; behind it below 0. */
  readonly jump: Nanos;
  /** Gained with each nanosecond that passes. */
  readonly drift: number;
}

interface Skewed extends Skew {
  readonly since: Nanos;
}

export class Clocks implements NodeWatcher {
  private readonly skews = new Map<NodeId, Map<string, Skewed>>();
  /** What Erlang's clock is ahead of the right time. */
  private readonly erlang = new Map<NodeId, Nanos>();
  /** Their applications are stopped, and their machines go on. */
  private readonly machines = new Set<NodeId>();
  private readonly sim: Simulation;

  constructor(sim: Simulation, nodes: Nodes) {
    this.sim = sim;
    nodes.watchedBy(this);
  }

  /** The clock of a node's operating system is off by that, until the same one sets it right (undefined). */
  set(node: NodeId, by: string, skew: Skew | undefined): void {
    const skews = this.skews.get(node) ?? new Map<string, Skewed>();
    this.skews.set(node, skews);
    if (skew === undefined) skews.delete(by);
    else skews.set(by, { ...skew, since: this.sim.now });
  }

  /** How far the clock of a node is ahead, of its operating system or of an Erlang machine there. Whoever is nowhere has none that is wrong. */
  ahead(node: NodeId | undefined, whose: 'system' | 'erlang'): Nanos {
    if (node === undefined) return 0;
    return whose === 'erlang' ? (this.erlang.get(node) ?? 0) : this.ofSystem(node);
  }

  private ofSystem(node: NodeId): Nanos {
    const skews = this.skews.get(node);
    if (skews === undefined) return 0;
    let ahead = 0;
    for (const { jump, drift, since } of skews.values()) ahead += jump + Math.round(drift * (this.sim.now - since));
    return ahead;
  }

  crashed(node: NodeId, scope: CrashScope): void {
    if (scope === 'application') this.machines.add(node);
    else this.machines.delete(node);
  }

  restarted(node: NodeId): void {
    if (!this.machines.delete(node) && this.skews.has(node)) this.erlang.set(node, this.ofSystem(node));
  }

  paused(): void {}
}
