/** Publishes that queues on a node will never answer, until their channels on other nodes hear of it. */
import type { CauseId } from '../../causes.ts';
import type { AttemptId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { Peers } from '../../peers.ts';
import { reply } from '../../protocol.ts';
import type { World } from '../../world.ts';
import { ByNode } from './by-node.ts';
import type { Confirms } from './confirms.ts';

export class Orphans {
  private readonly kept = new ByNode<AttemptId>();
  private readonly world: World;
  private readonly peers: Peers;
  private readonly confirms: Confirms;
  private readonly channelOf: (attempt: AttemptId) => NodeId;

  constructor(world: World, peers: Peers, confirms: Confirms, channelOf: (attempt: AttemptId) => NodeId) {
    this.world = world;
    this.peers = peers;
    this.confirms = confirms;
    this.channelOf = channelOf;
  }

  /** A queue on that node will not answer them: their channels hear of it when they miss the node, or died themselves. */
  add(attempts: readonly AttemptId[], node: NodeId, cause: CauseId | undefined): void {
    const { ledger, nodes } = this.world;
    for (const attempt of attempts) {
      if (cause !== undefined) ledger.attemptLost(attempt, cause);
      const channel = this.channelOf(attempt);
      const willMiss = channel !== node && nodes.isUp(channel) && this.peers.isConnected(channel, node);
      if (willMiss) this.kept.add(node, attempt);
      else this.refuse(attempt);
    }
  }

  /** Channels on a node miss another one, and refuse what queues there will not answer. */
  missed(channels: NodeId, lost: NodeId): void {
    for (const attempt of this.kept.take(lost, (each) => this.channelOf(each) === channels)) this.refuse(attempt);
  }

  /** The channels of a node are gone, and wait for nothing. */
  channelsDied(channels: NodeId, nodes: readonly NodeId[]): void {
    for (const node of nodes) this.missed(channels, node);
  }

  private refuse(attempt: AttemptId): void {
    this.confirms.answered(attempt, reply.unavailable);
  }
}
