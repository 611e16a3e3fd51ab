/** How publishes get in: one thread takes them one after another, then the records are written; backpressure holds them back. */
import { distribution } from '../../../sim/distribution.ts';
import { Fifo } from '../../../sim/fifo.ts';
import type { EventType } from '../../../sim/simulation.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { CauseId } from '../../causes.ts';
import type { AttemptId, ConnectionId, QueueId } from '../../message.ts';
import type { CancelledEvent, NodeId } from '../../node.ts';
import type { World } from '../../world.ts';
import type { Durability } from './durability.ts';
import { Line } from './line.ts';
import type { WorkQueueState } from './parts.ts';
import type { WorkQueueSpec } from './settings.ts';

export class Intake {
  /** Publishes that backpressure holds back: attempts and their queues. */
  private readonly heldAttempts = new Fifo();
  private readonly heldQueues = new Fifo();
  /** The thread, where it takes time; the disk; and what goes past the disk. */
  private readonly thread: Line | undefined;
  private readonly disk: Line;
  private readonly memory: Line;
  /** The line at whose end a queue's records are written: the thread, where that is all that takes time. */
  private readonly last: Line[] = [];
  private readonly processed: EventType<AttemptId, QueueId>;
  /** Publishes taken in whose record is not written yet, and their bytes: they count as held. */
  private underway = 0;
  private underwayBytes: Bytes = 0;
  private readonly world: World;
  private readonly limit: WorkQueueSpec['backpressure'];
  private readonly states: readonly WorkQueueState[];

  constructor(world: World, node: NodeId, spec: WorkQueueSpec, states: readonly WorkQueueState[], durability: Durability, appended: EventType<AttemptId, QueueId>) {
    const { sim, nodes } = world;
    const name = nodes.name(node);
    const owner = nodes.owner(node);
    this.world = world;
    this.limit = spec.backpressure;
    this.states = states;
    this.processed = sim.declare(`${name}.processed`);
    const processing = distribution(spec.processing);
    const draw = processing.sampler(sim.stream(`${name}/processing`));
    const done = (queue: QueueId): EventType<AttemptId, QueueId> => (this.last[queue] === this.thread ? appended : this.processed);
    this.thread = processing.mean === 0 ? undefined : new Line(sim, owner, done, () => Math.round(draw() * nodes.slowness(node)), spec.expiredWork === 'drop' ? (attempt) => this.dropIfExpired(attempt) : undefined);
    this.disk = new Line(sim, owner, () => appended, durability.writeTime);
    this.memory = new Line(sim, owner, () => appended, undefined);
    for (const state of states) {
      const isWritten = state.isDurable && durability.writeTime !== undefined;
      this.last[state.id] = isWritten ? this.disk : (this.thread ?? this.memory);
    }
    sim.handle(this.processed, (attempt, queue) => this.onProcessed(attempt, queue));
  }

  /** Takes note of a publish that has to wait. False when it need not. */
  holdsBack(attempt: AttemptId, queue: QueueId): boolean {
    if (this.heldAttempts.size === 0 && !this.isPressed()) return false;
    this.world.sim.trace.reached('broker.backpressure');
    this.heldAttempts.push(attempt);
    this.heldQueues.push(queue);
    return true;
  }

  /** Takes a publish in: `appended` comes when its record is written. */
  begin(attempt: AttemptId, queue: QueueId): void {
    this.underway++;
    this.underwayBytes += this.bytesOf(attempt);
    (this.thread ?? this.last[queue]!).add(attempt, queue);
  }

  /** Its record is written. */
  end(attempt: AttemptId, queue: QueueId): void {
    this.last[queue]!.next();
    this.underway--;
    this.underwayBytes -= this.bytesOf(attempt);
  }

  /** Publishers are read again once enough has left: what waited is taken in. */
  relieve(lose: (attempt: AttemptId, cause: CauseId) => void): void {
    if (this.limit === undefined || this.heldAttempts.size === 0) return;
    const { messages = Infinity, bytes = Infinity, resume } = this.limit;
    if (this.held() > messages * resume || this.heldBytes() > bytes * resume) return;
    const { attempts, network, causes } = this.world;
    while (this.heldAttempts.size > 0 && !this.isPressed()) {
      const attempt = this.heldAttempts.shift() as AttemptId;
      const queue = this.heldQueues.shift() as QueueId;
      const isOpen = network.isOpenAtServer(attempts.connection[attempt] as ConnectionId, attempts.session[attempt]!);
      if (isOpen) this.begin(attempt, queue);
      else lose(attempt, causes.of('connection-lost'));
    }
  }

  isIdle(): boolean {
    return this.heldAttempts.size === 0 && this.underway === 0;
  }

  /** @returns the attempts that were on their way in or held back, which are lost */
  crashed(cancelled: readonly CancelledEvent[]): AttemptId[] {
    this.underway = 0;
    this.underwayBytes = 0;
    this.heldQueues.drain();
    const processing = cancelled.filter((event) => event.type === (this.processed as number)).map((event) => event.a as AttemptId);
    const waiting = [this.disk, this.memory, ...(this.thread === undefined ? [] : [this.thread])].flatMap((line) => line.crashed());
    return [...processing, ...waiting, ...(this.heldAttempts.drain() as AttemptId[])];
  }

  /** Nobody waits for it any more. True when it was dropped. */
  private dropIfExpired(attempt: AttemptId): boolean {
    const { attempts, ledger, causes, sim } = this.world;
    if (attempts.wantsConfirm[attempt] === 0 || attempts.open[attempt] === 1) return false;
    sim.trace.reached('broker.expiredWork');
    this.underway--;
    this.underwayBytes -= this.bytesOf(attempt);
    ledger.attemptLost(attempt, causes.of('expired-work'));
    attempts.release(attempt);
    return true;
  }

  private onProcessed(attempt: AttemptId, queue: QueueId): void {
    this.thread!.next();
    this.last[queue]!.add(attempt, queue);
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
