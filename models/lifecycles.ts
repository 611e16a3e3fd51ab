/** Components that change state by a Markov chain, each individual by its own. The chain is data (`lifecycle-settings.ts`). */
import { Level } from '../sim/metrics.ts';
import type { RandomStream } from '../sim/random.ts';
import type { EventType } from '../sim/simulation.ts';
import type { LifecycleSpec } from './lifecycle-settings.ts';
import type { NodeId } from './node.ts';
import type { World } from './world.ts';

/** How many individuals of one description are in each of its states. */
export interface Occupancy {
  /** As in `orders-mq` or `consumers.payments`. */
  readonly target: string;
  readonly spec: LifecycleSpec;
  readonly individuals: number;
  /** In the order of the states. */
  readonly levels: readonly Level[];
}

interface Chain {
  readonly node: NodeId;
  readonly occupancy: Occupancy;
  readonly spec: LifecycleSpec;
  readonly names: readonly string[];
  readonly stream: RandomStream;
  readonly home: number;
  state: number;
}

export class Lifecycles {
  readonly occupancies: Occupancy[] = [];
  private readonly chains: Chain[] = [];
  private readonly leaves: EventType;
  private frozen = false;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
    this.leaves = world.sim.declare('lifecycle.leaves');
    world.sim.handle(this.leaves, (chain, next) => this.move(this.chains[chain]!, next));
  }

  add(target: string, nodes: readonly NodeId[], spec: LifecycleSpec): void {
    const names = Object.keys(spec.states);
    const home = spec.start === undefined ? 0 : names.indexOf(spec.start);
    const occupancy = { target, spec, individuals: nodes.length, levels: names.map(() => new Level()) };
    this.occupancies.push(occupancy);
    for (const node of nodes) {
      const stream = this.world.sim.stream(`${this.world.nodes.name(node)}/lifecycle`);
      this.chains.push({ node, occupancy, spec, names, stream, home, state: home });
    }
  }

  start(): void {
    for (const chain of this.chains) this.enter(chain, chain.home);
  }

  /** Everybody goes back to the state it started in, and stays there. */
  heal(): void {
    this.frozen = true;
    for (const chain of this.chains) {
      if (chain.state !== chain.home) {
        this.leave(chain);
        this.enter(chain, chain.home);
      }
    }
  }

  private move(chain: Chain, next: number): void {
    if (this.frozen) return;
    this.world.sim.trace.reached('lifecycle.moved');
    this.leave(chain);
    this.enter(chain, next);
  }

  private enter(chain: Chain, state: number): void {
    const { sim, nodes, causes, phases } = this.world;
    chain.state = state;
    chain.occupancy.levels[state]!.add(sim.now, 1);
    const name = chain.names[state]!;
    const does = chain.spec.states[name]!;
    const exits = Object.entries(chain.spec.rates[name] ?? {});
    const rate = exits.reduce((sum, [, each]) => sum + each, 0);
    const stay = rate === 0 || this.frozen ? Infinity : Math.round((chain.stream.exponential() / rate) * 1e9);
    if (does.serviceFactor !== undefined) nodes.slow(chain.node, does.serviceFactor);
    if (does.refusesConnections) nodes.refuse(chain.node);
    if (does.down) nodes.crash(chain.node, 'process', 'lifecycle', causes.of('crash', 'lifecycle'));
    if (does.paused) nodes.pause(chain.node, Math.min(sim.now + stay, phases.healAt));
    if (stay === Infinity) return;
    let choice = chain.stream.double() * rate;
    const next = exits.find(([, each]) => (choice -= each) < 0) ?? exits[exits.length - 1]!;
    sim.after(stay, this.leaves, this.chains.indexOf(chain), chain.names.indexOf(next[0]));
  }

  private leave(chain: Chain): void {
    const { nodes, sim } = this.world;
    const does = chain.spec.states[chain.names[chain.state]!]!;
    chain.occupancy.levels[chain.state]!.add(sim.now, -1);
    if (does.serviceFactor !== undefined) nodes.unslow(chain.node, does.serviceFactor);
    if (does.refusesConnections) nodes.accept(chain.node);
    if (does.down) nodes.restart(chain.node, 'lifecycle');
  }
}
