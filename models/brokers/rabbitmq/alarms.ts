/**
 * Alarms: a node that is short of memory or of disk says so to all others, and each of them blocks its publishers while it knows
 * of any (rabbit_alarm at 3.10.8 and 4.3.5). A node forgets the alarms of one that it takes for down, and is told again when it
 * finds it.
 */
import type { EventType } from '../../../sim/simulation.ts';
import type { Nanos } from '../../../sim/units.ts';
import type { NodeId } from '../../node.ts';
import type { Peers } from '../../peers.ts';
import { overhead } from '../../protocol.ts';
import type { World } from '../../world.ts';

export const resources = ['memory', 'disk'] as const;
export type Resource = (typeof resources)[number];

/** A node and what it is short of, in one number. */
const sourceOf = (node: NodeId, resource: Resource): number => node * resources.length + resources.indexOf(resource);
const nodeOf = (source: number): NodeId => Math.floor(source / resources.length) as NodeId;

export class Alarms {
  /** By node: the alarms that it knows of, its own with them. */
  private readonly known: Set<number>[] = [];
  /** There was an alarm at some time. */
  private areKnown = false;
  /** When each that is raised was. */
  private readonly raisedAt = new Map<number, Nanos>();
  private readonly told: EventType<number, number>;
  private readonly world: World;
  private readonly nodes: readonly NodeId[];
  private readonly peers: Peers;
  private readonly onCleared: (node: NodeId) => void;

  /** @param onCleared a node knows of no alarm any more */
  constructor(world: World, name: string, nodes: readonly NodeId[], peers: Peers, onCleared: (node: NodeId) => void) {
    this.world = world;
    this.nodes = nodes;
    this.peers = peers;
    this.onCleared = onCleared;
    this.told = world.sim.declare(`${name}.alarmTold`);
    for (const node of nodes) this.known[node] = new Set();
    world.sim.handle(this.told, (source, about) => this.note(Math.abs(about) - 1 as NodeId, source, about > 0));
  }

  /** A node knows of an alarm, be it its own or another's. */
  isAlarmed(node: NodeId): boolean {
    return this.areKnown && this.known[node]!.size > 0;
  }

  isRaised(node: NodeId, resource: Resource): boolean {
    return this.raisedAt.has(sourceOf(node, resource));
  }

  /** A node looked at what it has. */
  set(node: NodeId, resource: Resource, isShort: boolean): void {
    if (this.isRaised(node, resource) === isShort) return;
    const { sim, nodes, alarms } = this.world;
    const source = sourceOf(node, resource);
    if (isShort) {
      sim.trace.reached(`broker.${resource}Alarm`);
      this.raisedAt.set(source, sim.now);
      alarms.raise(nodes.name(node), resource, sim.now);
    } else {
      this.raisedAt.delete(source);
      alarms.clear(nodes.name(node), resource, sim.now);
    }
    this.note(node, source, isShort);
    for (const other of this.nodes) if (other !== node && this.peers.isConnected(node, other)) this.tell(node, other, source, isShort);
  }

  /** Nodes that found each other tell each other what they are short of. */
  peerFound(node: NodeId, peer: NodeId): void {
    for (const resource of resources) if (this.isRaised(node, resource)) this.tell(node, peer, sourceOf(node, resource), true);
  }

  peerLost(node: NodeId, peer: NodeId): void {
    for (const source of this.known[node]!) if (nodeOf(source) === peer) this.note(node, source, false);
  }

  /** Its alarms are gone with it, and what it knew; others hear of that when they miss it. */
  crashed(node: NodeId): void {
    const { sim, nodes, alarms } = this.world;
    this.known[node]!.clear();
    for (const resource of resources) {
      if (this.raisedAt.delete(sourceOf(node, resource))) alarms.clear(nodes.name(node), resource, sim.now);
    }
  }

  /** The second operand: for whom, and with a minus where it is over. */
  private tell(from: NodeId, to: NodeId, source: number, isRaised: boolean): void {
    this.peers.send(from, to, overhead.reply, this.told, source, isRaised ? to + 1 : -(to + 1));
  }

  private note(node: NodeId, source: number, isRaised: boolean): void {
    const known = this.known[node]!;
    this.areKnown ||= isRaised;
    if (isRaised) known.add(source);
    else if (known.delete(source) && known.size === 0) this.onCleared(node);
  }
}
