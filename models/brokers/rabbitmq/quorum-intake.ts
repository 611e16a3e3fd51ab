/** How members take commands in: in batches, so that what comes while one is busy goes with its next. */
import type { Sampler } from '../../../sim/distribution.ts';
import { Fifo } from '../../../sim/fifo.ts';
import type { EventType } from '../../../sim/simulation.ts';
import type { QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { World } from '../../world.ts';
import type { CommandId } from './raft/commands.ts';

export class QuorumIntake {
  private readonly intakes = new Map<NodeId, { readonly incoming: Fifo; isBusy: boolean }>();
  private readonly world: World;
  private readonly queue: QueueId;
  private readonly batchTaken: EventType<QueueId, NodeId>;
  private readonly drawOperation: Sampler;

  constructor(world: World, queue: QueueId, members: readonly NodeId[], batchTaken: EventType<QueueId, NodeId>, drawOperation: Sampler) {
    this.world = world;
    this.queue = queue;
    this.batchTaken = batchTaken;
    this.drawOperation = drawOperation;
    for (const node of members) this.intakes.set(node, { incoming: new Fifo(), isBusy: false });
  }

  add(command: CommandId, at: NodeId): void {
    const { sim, nodes } = this.world;
    const intake = this.intakes.get(at)!;
    intake.incoming.push(command);
    if (intake.isBusy) return;
    intake.isBusy = true;
    sim.post(Math.round(this.drawOperation() * nodes.slowness(at)), this.batchTaken, this.queue, at, nodes.owner(at));
  }

  /** @returns what came so far */
  take(at: NodeId): CommandId[] {
    const intake = this.intakes.get(at)!;
    intake.isBusy = false;
    return intake.incoming.drain() as CommandId[];
  }

  /** @returns what a node that died had not taken in; none of a node without a member */
  crashed(node: NodeId): CommandId[] {
    return this.intakes.has(node) ? this.take(node) : [];
  }

  get isIdle(): boolean {
    return [...this.intakes.values()].every(({ incoming }) => incoming.size === 0);
  }
}
