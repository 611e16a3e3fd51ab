/**
 * One publish after another: the broker's thread, or its disk. What waits is begun when its turn comes, so that a change of
 * speed touches it and a pause makes it wait; and it keeps its order, in whichever order events of one instant go.
 */
import { Fifo } from '../../../sim/fifo.ts';
import type { EventType, OwnerId, Simulation } from '../../../sim/simulation.ts';
import type { Nanos } from '../../../sim/units.ts';
import type { AttemptId, QueueId } from '../../message.ts';

export class Line {
  private readonly attempts = new Fifo();
  private readonly queues = new Fifo();
  private isBusy = false;
  /** What takes no time makes nothing wait; scheduling keeps its order, unless chance decides within an instant. */
  private readonly isOpen: boolean;
  private readonly sim: Simulation;
  private readonly owner: OwnerId;
  private readonly done: (queue: QueueId) => EventType<AttemptId, QueueId>;
  private readonly drawTime: () => Nanos;
  private readonly leavesOut: (attempt: AttemptId) => boolean;

  /**
   * @param done comes when a publish to that queue is through; its handler calls `next`
   * @param drawTime undefined where it takes none
   * @param leavesOut asked when a turn comes; what is left out is whoever's business that says so
   */
  constructor(sim: Simulation, owner: OwnerId, done: (queue: QueueId) => EventType<AttemptId, QueueId>, drawTime: (() => Nanos) | undefined, leavesOut: (attempt: AttemptId) => boolean = () => false) {
    this.sim = sim;
    this.owner = owner;
    this.done = done;
    this.drawTime = drawTime ?? (() => 0);
    this.leavesOut = leavesOut;
    this.isOpen = drawTime === undefined && !sim.isShuffled;
  }

  add(attempt: AttemptId, queue: QueueId): void {
    if (this.isBusy) {
      this.attempts.push(attempt);
      this.queues.push(queue);
    } else {
      this.begin(attempt, queue);
    }
  }

  /** The one that was being served is through. */
  next(): void {
    this.isBusy = false;
    while (this.attempts.size > 0 && !this.isBusy) {
      const attempt = this.attempts.shift() as AttemptId;
      const queue = this.queues.shift() as QueueId;
      if (!this.leavesOut(attempt)) {
        this.begin(attempt, queue);
        return;
      }
    }
  }

  /** @returns the attempts that waited; the one that was being served is among the events that the crash cancelled */
  crashed(): AttemptId[] {
    this.isBusy = false;
    this.queues.drain();
    return this.attempts.drain() as AttemptId[];
  }

  private begin(attempt: AttemptId, queue: QueueId): void {
    this.isBusy = !this.isOpen;
    this.sim.post(this.drawTime(), this.done(queue), attempt, queue, this.owner);
  }
}
