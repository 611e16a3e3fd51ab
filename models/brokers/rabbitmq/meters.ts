/**
 * What a node uses of its memory and of its disk, as far as messages and connections make it up. It is added up when a monitor
 * looks, and costs nothing in between.
 *
 * A classic queue keeps in memory its unacknowledged messages, and of the ready ones as many as its version does (`versions.ts`); a
 * quorum queue keeps an index of its messages, and each node what its quorum queues logged since their log was rolled last
 * (rabbitmq.com/docs/quorum-queues#resource-use). A stream keeps nothing of its messages in memory, has a log of its own, and what
 * is in it stays on disk whoever has read it (rabbitmq.com/docs/streams#use-cases). On disk are the messages that survive a restart,
 * on each node that has them.
 *
 * Left out: that 3.10 takes messages of classic queues out of memory from half of the watermark on (`vm_memory_high_watermark_paging_ratio`),
 * so that its queues use less than is said here; what metadata, statistics and plugins use; that disk is freed late.
 */
import type { Bytes } from '../../../sim/units.ts';
import type { NodeId } from '../../node.ts';
import type { World } from '../../world.ts';
import type { RabbitQueue } from './queue.ts';
import { ReplicatedQueue } from './replicated-queue.ts';
import type { ResourcesSpec } from './settings.ts';
import type { Meters } from './monitors.ts';
import { StreamQueue } from './stream-queue.ts';

export class NodeMeters implements Meters {
  /** By node: what its quorum queues had logged when it booted, which is in their segments by then. */
  private readonly loggedBefore: Bytes[] = [];
  private readonly world: World;
  private readonly lines: readonly RabbitQueue[];
  private readonly costs: ResourcesSpec;
  private readonly walMax: Bytes;
  private readonly classicInMemory: number;

  /** @param walMax `raft.wal_max_size_bytes` */
  constructor(world: World, lines: readonly RabbitQueue[], costs: ResourcesSpec, walMax: Bytes, classicInMemory: number) {
    this.world = world;
    this.lines = lines;
    this.costs = costs;
    this.walMax = walMax;
    this.classicInMemory = classicInMemory;
  }

  booted(node: NodeId): void {
    this.loggedBefore[node] = this.logged(node);
  }

  memoryUsed(node: NodeId): Bytes {
    const { base, connection } = this.costs;
    const { book } = this.world.network;
    let used = base + connection * (book.openAt(node).length + book.forgottenAt(node)) + this.wal(node);
    for (const queue of this.lines) if (queue.keepsAt(node)) used += this.memoryOf(queue);
    return used;
  }

  diskUsed(node: NodeId): Bytes {
    let used = this.wal(node);
    for (const queue of this.lines) {
      if (queue.keepsAt(node) && queue.rules.durable) used += this.diskOf(queue);
    }
    return used;
  }

  private diskOf(queue: RabbitQueue): Bytes {
    if (queue instanceof StreamQueue) return queue.keptBytes;
    return queue.waitingBytes + queue.turns.unsettledBytes(this.world) + this.costs.message * (queue.waiting + queue.inFlight);
  }

  private memoryOf(queue: RabbitQueue): Bytes {
    if (queue instanceof StreamQueue) return 0;
    const { message, quorumMessage } = this.costs;
    const { waiting, waitingBytes, inFlight } = queue;
    if (queue instanceof ReplicatedQueue) return quorumMessage * (waiting + inFlight);
    const ready = Math.min(waiting, this.classicInMemory);
    const bodies = waiting === 0 ? 0 : (waitingBytes / waiting) * ready;
    return bodies + queue.turns.unsettledBytes(this.world) + message * (ready + inFlight);
  }

  /** Logged and not yet moved to segments. */
  private wal(node: NodeId): Bytes {
    return (this.logged(node) - (this.loggedBefore[node] ?? 0)) % this.walMax;
  }

  private logged(node: NodeId): Bytes {
    let logged = 0;
    for (const queue of this.lines) if (queue instanceof ReplicatedQueue && !(queue instanceof StreamQueue) && queue.keepsAt(node)) logged += queue.logged;
    return logged;
  }
}
