/** The ways between nodes: how long they take as described, and what faults do to them. */
import { distribution, type DistributionSpec } from '../sim/distribution.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { BytesPerSecond } from '../sim/units.ts';
import type { Path } from './link.ts';
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
}

export class Paths {
  private readonly paths = new Map<number, Path>();
  private readonly cuts = new Map<string, Scope>();
  private readonly delays = new Map<string, { readonly scope: Scope; readonly spec: DistributionSpec }>();
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
    const path: Path = { from, to, constant, drawLatency, latency: law.mean, bytesPerSecond: bandwidth, retransmit, cuts: 0, extra: new Map() };
    for (const scope of this.cuts.values()) if (scope.covers(path)) path.cuts++;
    for (const [name, { scope, spec }] of this.delays) if (scope.covers(path)) this.addDelay(name, path, spec);
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
    this.delays.set(name, { scope, spec });
    for (const path of this.paths.values()) if (scope.covers(path)) this.addDelay(name, path, spec);
    return this.disturb(scope, by);
  }

  undelay(name: string): void {
    this.delays.delete(name);
    for (const path of this.paths.values()) path.extra.delete(name);
  }

  private disturb(scope: Scope, by: string): number {
    let concerned = 0;
    for (const keeper of this.keepers) concerned += keeper.disturbed(scope, by);
    return concerned;
  }

  private addDelay(name: string, path: Path, spec: DistributionSpec): void {
    const stream = this.sim.stream(`fault/${name}/${this.nodes.name(path.from)}>${this.nodes.name(path.to)}`);
    path.extra.set(name, distribution(spec).sampler(stream));
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
