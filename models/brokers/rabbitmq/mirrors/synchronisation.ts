/**
 * Bringing everything to mirrors that lack something: all that do at once, which drop what they had first. The queue does nothing else
 * until the last one has everything, or is gone (rabbit_mirror_queue_sync at 3.13.7).
 */
import type { World } from '../../../world.ts';
import { overhead } from '../../../protocol.ts';
import type { Mirror } from './mirror.ts';
import type { MirroredLeader, MirrorGroup, MirrorParts } from './mirror-group.ts';

export class Synchronisation {
  /** Those that everything is copied to and that do not have it yet. */
  private readonly under = new Set<Mirror>();
  private readonly world: World;
  private readonly leader: MirroredLeader;
  private readonly group: MirrorGroup;
  private readonly parts: MirrorParts;
  /** The queue may go on. */
  private readonly over: () => void;

  constructor(world: World, leader: MirroredLeader, group: MirrorGroup, parts: MirrorParts, over: () => void) {
    this.world = world;
    this.leader = leader;
    this.group = group;
    this.parts = parts;
    this.over = over;
  }

  get isUnderWay(): boolean {
    return this.under.size > 0;
  }

  /** Mirrors that want it, where it is done without being asked for. */
  wanting(): readonly Mirror[] {
    return this.parts.mirrors.synchronises ? this.group.members().filter(({ isSynchronised }) => !isSynchronised) : [];
  }

  begin(mirrors: readonly Mirror[]): void {
    const { copies, sim } = this.world;
    const { group, leader, parts: { peers, events } } = this;
    sim.trace.reached('mirror.synchronising');
    let bytes = 0;
    for (const copy of group.all) bytes += copies.size[copy]! + overhead.publish;
    for (const mirror of mirrors) {
      this.under.add(mirror);
      mirror.drop(group.all);
      peers.send(leader.home, mirror.node, bytes, events.syncArrived, group.addressOf(mirror), mirror.rank);
    }
  }

  private isMeant(mirror: Mirror, rank: number): boolean {
    return this.under.has(mirror) && mirror.rank === rank;
  }

  onArrived(address: number, rank: number): void {
    const mirror = this.group.at(address);
    if (!this.isMeant(mirror, rank)) return;
    const { sim, nodes } = this.world;
    const { drawOperation, drawFlush, events } = this.parts;
    const time = mirror.lacks.size * drawOperation() * nodes.slowness(mirror.node) + drawFlush(mirror.node);
    sim.post(Math.round(time), events.syncTaken, address, rank, nodes.owner(mirror.node));
  }

  onTaken(address: number, rank: number): void {
    const mirror = this.group.at(address);
    if (!this.isMeant(mirror, rank)) return;
    mirror.catchUp();
    this.parts.peers.send(mirror.node, this.leader.home, overhead.reply, this.parts.events.syncTold, address, rank);
  }

  onTold(address: number, rank: number): void {
    const mirror = this.group.at(address);
    if (this.isMeant(mirror, rank)) this.ended(mirror);
  }

  /** A mirror has everything, or is gone. */
  ended(mirror: Mirror): void {
    if (this.under.delete(mirror) && this.under.size === 0) this.over();
  }

  /** The leader is dead. */
  abort(): void {
    this.under.clear();
  }
}
