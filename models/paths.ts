/** The ways between nodes: how long they take as described, and what faults do to them. */
import { distribution, type DistributionSpec } from '../sim/distribution.ts';
import type { RandomStream } from '../sim/random.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { BytesPerSecond } from '../sim/units.ts';
import type { LossLaw, Meter, Path } from './link.ts';
import type { NetworkSpec } from './network-settings.ts';
import type { NodeId, Nodes } from './node.ts';

/** From one set of nodes to another. */
export class Scope {
  private readonly from: ReadonlySet<NodeId>;
  private readonly to: ReadonlySet<NodeId>;

  constructor(from: readonly NodeId[], to: readonly NodeId[]) {
    this.from = new Set(from);
    this.to = new Set(to);
  }

  covers(path: Path): boolean {
    return this.from.has(path.from) && this.to.has(path.to);
  }
}

/** Whoever has links between nodes: hears of the knobs that faults turn on their ways. */
export interface LinkKeeper {
  /** Cut, or slower. `by` is the fault. How many of its connections it concerns. */
  disturbed(scope: Scope, by: string): number;
  /** One cut is mended; there may be others. */
  mended(scope: Scope): void;
  /** They break. How many of its connections did. */
  broken(scope: Scope, by: string): number;
}

export class Paths {
  private readonly paths = new Map<number, Path>();
  private readonly cuts = new Map<string, Scope>();
  private readonly knobs = new Map<string, { readonly scope: Scope; readonly turn: (path: Path) => void }>();
  private readonly keepers: LinkKeeper[] = [];
  private readonly sim: Simulation;
  private readonly nodes: Nodes;
  private readonly spec: NetworkSpec;

  constructor(sim: Simulation, nodes: Nodes, spec: NetworkSpec) {
    this.sim = sim;
    this.nodes = nodes;
    this.spec = spec;
  }

  watchedBy(keeper: LinkKeeper): void {
    this.keepers.push(keeper);
  }

  between(from: NodeId, to: NodeId): Path {
    const pair = pairOf(from, to);
    const known = this.paths.get(pair);
    if (known !== undefined) return known;
    const { latency, bandwidth } = linkBetween(this.spec, this.nodes.name(from), this.nodes.name(to));
    const law = distribution(latency);
    const constant = law.variance === 0 && bandwidth === Infinity ? Math.round(law.mean) : undefined;
    const drawLatency = law.sampler(this.sim.stream(`network/${this.nodes.name(from)}>${this.nodes.name(to)}/latency`));
    const { retransmit } = this.spec.connection;
    const path: Path = { from, to, constant, drawLatency, latency: law.mean, bytesPerSecond: bandwidth, retransmit, cuts: 0, extra: new Map(), throttles: new Map(), losses: new Map(), meters: new Map() };
    for (const scope of this.cuts.values()) if (scope.covers(path)) path.cuts++;
    for (const { scope, turn } of this.knobs.values()) if (scope.covers(path)) turn(path);
    this.paths.set(pair, path);
    return path;
  }

  /** Cuts paths, those that are not used yet included, under a name by which they are mended. How many connections it concerns. */
  cut(name: string, by: string, scope: Scope): number {
    this.cuts.set(name, scope);
    for (const path of this.paths.values()) if (scope.covers(path)) path.cuts++;
    return this.disturb(scope, by);
  }

  mend(name: string): void {
    const scope = this.cuts.get(name);
    if (scope === undefined) return;
    this.cuts.delete(name);
    for (const path of this.paths.values()) if (scope.covers(path)) path.cuts--;
    for (const keeper of this.keepers) keeper.mended(scope);
  }

  /** Adds a latency, under a name by which it is taken away. How many connections it concerns. */
  delay(name: string, by: string, scope: Scope, spec: DistributionSpec): number {
    return this.turn(name, by, scope, (path) => path.extra.set(name, distribution(spec).sampler(this.sim.stream(`fault/${name}/${this.nameOf(path)}`))));
  }

  /** Leaves so much of the bandwidth. */
  throttle(name: string, by: string, scope: Scope, rate: BytesPerSecond): number {
    return this.turn(name, by, scope, (path) => path.throttles.set(name, rate));
  }

  /** Loses packets by a law of each path. */
  lose(name: string, by: string, scope: Scope, law: (draws: RandomStream) => LossLaw): number {
    return this.turn(name, by, scope, (path) => path.losses.set(name, law(this.sim.stream(`fault/${name}/${this.nameOf(path)}`))));
  }

  /** Has somebody count what goes. */
  meter(name: string, by: string, scope: Scope, meter: Meter): number {
    return this.turn(name, by, scope, (path) => path.meters.set(name, meter));
  }

  /** Takes away what was turned under that name. */
  turnBack(name: string): void {
    this.knobs.delete(name);
    for (const { extra, throttles, losses, meters } of this.paths.values()) for (const knobs of [extra, throttles, losses, meters]) knobs.delete(name);
  }

  /** Connections there break: both ends hear of it at once. How many. */
  break(by: string, scope: Scope): number {
    let broken = 0;
    for (const keeper of this.keepers) broken += keeper.broken(scope, by);
    return broken;
  }

  /** Also on paths that nobody uses yet. */
  private turn(name: string, by: string, scope: Scope, knob: (path: Path) => void): number {
    this.knobs.set(name, { scope, turn: knob });
    for (const path of this.paths.values()) if (scope.covers(path)) knob(path);
    return this.disturb(scope, by);
  }

  private disturb(scope: Scope, by: string): number {
    let concerned = 0;
    for (const keeper of this.keepers) concerned += keeper.disturbed(scope, by);
    return concerned;
  }

  private nameOf({ from, to }: Path): string {
    return `${this.nodes.name(from)}>${this.nodes.name(to)}`;
  }
}

/** What is said of the way between two nodes: the last link in the list that covers the pair decides, setting by setting. */
export function linkBetween(spec: NetworkSpec, from: string, to: string): { latency: DistributionSpec; bandwidth: BytesPerSecond } {
  let { latency, bandwidth } = spec.default;
  for (const link of spec.links) {
    const forward = names(link.from, from) && names(link.to, to);
    const backward = link.direction === 'both' && names(link.from, to) && names(link.to, from);
    if (!forward && !backward) continue;
    latency = link.latency ?? latency;
    bandwidth = link.bandwidth ?? bandwidth;
  }
  return { latency: latency ?? { kind: 'constant', value: 0 }, bandwidth: bandwidth ?? Infinity };
}

function names(target: string, node: string): boolean {
  return node === target || node.startsWith(`${target}.`);
}

/** A pair of nodes as one number. */
export function pairOf(from: NodeId, to: NodeId): number {
  return from * 1_048_576 + to;
}
