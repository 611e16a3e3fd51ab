/** Nodes whose residents only note what the network tells them. */
import { Causes } from '../../models/causes.ts';
import { networkSchema } from '../../models/network-settings.ts';
import { Network } from '../../models/network.ts';
import { type CrashScope, type NodeId, Nodes, type Resident } from '../../models/node.ts';
import { Scope } from '../../models/paths.ts';
import { Simulation, type SimulationOptions } from '../../sim/simulation.ts';

export class TinyNetwork {
  /** `2.003 client connected`: seconds, node, what it was told. */
  readonly told: string[] = [];
  readonly sim: Simulation;
  readonly nodes: Nodes;
  readonly network: Network;
  private readonly causes = new Causes();

  constructor(settings: Parameters<typeof networkSchema.parse>[0] = {}, options: Partial<SimulationOptions> = {}) {
    this.sim = new Simulation({ seed: 1, ...options });
    this.nodes = new Nodes(this.sim);
    this.network = new Network(this.sim, this.nodes, this.causes, networkSchema.parse(settings));
  }

  note(what: string): void {
    this.told.push(`${Number((this.sim.now / 1e9).toFixed(6))} ${what}`);
  }

  node(name: string): NodeId {
    const note = (what: string) => () => this.note(`${name} ${what}`);
    const resident: Resident = { crashed: note('crashed'), restarted: note('restarted'), connected: note('connected'), disconnected: note('disconnected'), refused: note('refused') };
    return this.nodes.create(name, resident);
  }

  /** Runs until a second and then does something. */
  at(second: number, action: () => void): this {
    this.sim.runUntil(Math.round(second * 1e9));
    action();
    return this;
  }

  cut(name: string, from: NodeId, to: NodeId): number {
    return this.network.paths.cut(name, 'F1', new Scope([from], [to]));
  }

  cutBoth(from: NodeId, to: NodeId): void {
    this.cut('there', from, to);
    this.cut('back', to, from);
  }

  mendBoth(): void {
    this.network.paths.mend('there');
    this.network.paths.mend('back');
  }

  crash(node: NodeId, scope: CrashScope = 'process'): void {
    this.nodes.crash(node, scope, 'test', this.causes.of('crash'));
  }

  /** What was told from now on, until a second. */
  until(second: number, ...words: string[]): string[] {
    const from = this.told.length;
    this.sim.runUntil(Math.round(second * 1e9));
    return this.told.slice(from).filter((line) => words.length === 0 || words.some((word) => line.includes(word)));
  }
}
