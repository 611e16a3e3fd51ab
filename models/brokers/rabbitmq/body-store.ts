/**
 * The message store that the classic queues of a node share: bodies of 4096 B and more. It flushes whenever it has nothing
 * else to do, and takes along what came meanwhile (rabbit_msg_store). Up to 3.12 a flush is a sync; from 3.13 on, and with
 * storage v2, it only writes.
 */
import type { Sampler } from '../../../sim/distribution.ts';
import { Fifo } from '../../../sim/fifo.ts';
import type { EventType, OwnerId, Simulation } from '../../../sim/simulation.ts';
import type { CopyId } from '../../message.ts';

export class BodyStore {
  private readonly waiting = new Fifo();
  /** So many of those in front are part of the flush under way. */
  private covered = 0;
  private readonly flushed: EventType;
  private readonly sim: Simulation;
  private readonly owner: OwnerId;
  private readonly drawTime: Sampler;

  /** @param onWritten told of each copy whose body is written */
  constructor(sim: Simulation, name: string, owner: OwnerId, drawTime: Sampler, onWritten: (copy: CopyId) => void) {
    this.sim = sim;
    this.owner = owner;
    this.drawTime = drawTime;
    this.flushed = sim.declare(`${name}.bodiesFlushed`);
    sim.handle(this.flushed, () => {
      const done = this.covered;
      this.covered = 0;
      for (let index = 0; index < done; index++) onWritten(this.waiting.shift() as CopyId);
      this.flush();
    });
  }

  add(copy: CopyId): void {
    this.waiting.push(copy);
    if (this.covered === 0) this.flush();
  }

  /** @returns the copies whose bodies were not written */
  crashed(): CopyId[] {
    this.covered = 0;
    return this.waiting.drain() as CopyId[];
  }

  private flush(): void {
    if (this.waiting.size === 0) return;
    this.covered = this.waiting.size;
    this.sim.post(Math.round(this.drawTime()), this.flushed, 0, 0, this.owner);
  }
}
