/** How publishes get in: one thread takes them one after another, and backpressure holds them back. */
import { distribution, type Sampler } from '../../../sim/distribution.ts';
import { Fifo } from '../../../sim/fifo.ts';
import type { Bytes, Nanos } from '../../../sim/units.ts';
import type { CauseId } from '../../causes.ts';
import type { AttemptId, ConnectionId, QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { World } from '../../world.ts';
import type { WorkQueueState } from './parts.ts';
import type { WorkQueueSpec } from './settings.ts';

export class Intake {
  /** Publishes that backpressure holds back: attempts and their queues. */
  private readonly heldAttempts = new Fifo();
  private readonly heldQueues = new Fifo();
  private readonly drawProcessing: Sampler | undefined;
  private freeAt: Nanos = 0;
  /** Publishes taken in whose record is not written yet, and their bytes: they count as held. */
  private underway = 0;
  private underwayBytes: Bytes = 0;
  private readonly world: World;
  private readonly node: NodeId;
  private readonly limit: WorkQueueSpec['backpressure'];
  private readonly states: readonly WorkQueueState[];

  constructor(world: World, node: NodeId, spec: WorkQueueSpec, states: readonly WorkQueueState[]) {
    this.world = world;
    this.node = node;
    this.limit = spec.backpressure;
    this.states = states;
    const processing = distribution(spec.processing);
    this.drawProcessing = processing.mean === 0 ? undefined : processing.sampler(world.sim.stream(`${world.nodes.name(node)}/processing`));
  }

  /** Takes note of a publish that has to wait. False when it need not. */
  holdsBack(attempt: AttemptId, queue: QueueId): boolean {
    if (this.heldAttempts.size === 0 && !this.isPressed()) return false;
    this.world.sim.trace.reached('broker.backpressure');
    this.heldAttempts.push(attempt);
    this.heldQueues.push(queue);
    return true;
  }

  /** Takes a publish in. When the broker's thread will be through with it. */
  begin(attempt: AttemptId): Nanos {
    const { sim, nodes } = this.world;
    this.underway++;
    this.underwayBytes += this.bytesOf(attempt);
    if (this.drawProcessing === undefined) return sim.now;
    this.freeAt = Math.max(sim.now, this.freeAt) + Math.round(this.drawProcessing() * nodes.slowness(this.node));
    return this.freeAt;
  }

  /** Its record is written. */
  end(attempt: AttemptId): void {
    this.underway--;
    this.underwayBytes -= this.bytesOf(attempt);
  }

  /** Publishers are read again once enough has left: `accept` gets what waited. */
  relieve(accept: (attempt: AttemptId, queue: QueueId) => void, lose: (attempt: AttemptId, cause: CauseId) => void): void {
    if (this.limit === undefined || this.heldAttempts.size === 0) return;
    const { messages = Infinity, bytes = Infinity, resume } = this.limit;
    if (this.held() > messages * resume || this.heldBytes() > bytes * resume) return;
    const { attempts, network, causes } = this.world;
    while (this.heldAttempts.size > 0 && !this.isPressed()) {
      const attempt = this.heldAttempts.shift() as AttemptId;
      const queue = this.heldQueues.shift() as QueueId;
      const isOpen = network.isOpenAtServer(attempts.connection[attempt] as ConnectionId, attempts.session[attempt]!);
      if (isOpen) accept(attempt, queue);
      else lose(attempt, causes.of('connection-lost'));
    }
  }

  isIdle(): boolean {
    return this.heldAttempts.size === 0 && this.underway === 0;
  }

  /** @returns the attempts that were held back, which are lost */
  crashed(): AttemptId[] {
    this.freeAt = 0;
    this.underway = 0;
    this.underwayBytes = 0;
    this.heldQueues.drain();
    return this.heldAttempts.drain() as AttemptId[];
  }

  private isPressed(): boolean {
    if (this.limit === undefined) return false;
    return this.held() >= (this.limit.messages ?? Infinity) || this.heldBytes() >= (this.limit.bytes ?? Infinity);
  }

  private held(): number {
    let held = this.underway;
    for (const state of this.states) held += state.held;
    return held;
  }

  private heldBytes(): number {
    let bytes = this.underwayBytes;
    for (const state of this.states) bytes += state.ready.bytes;
    return bytes;
  }

  private bytesOf(attempt: AttemptId): Bytes {
    const { attempts, messages } = this.world;
    return messages.size[attempts.messageOf(attempt)]!;
  }
}
