/**
 * Workers that acknowledge several deliveries with one frame (basic.ack with `multiple`, AMQP 0-9-1, 1.8.3.13): after so many, or so
 * long after the first of them. What is done and waits for that is delivered again when the connection or the process is lost.
 */
import type { EventType } from '../sim/simulation.ts';
import type { CauseId } from './causes.ts';
import type { Worker } from './consumer-group.ts';
import { type DeliveryId, none, type WorkerId } from './message.ts';
import type { World } from './world.ts';

export class MultipleAcks {
  private readonly due: EventType<WorkerId, number>;
  private readonly world: World;
  /** Sends the acknowledgement of a delivery and of those before it. */
  private readonly send: (worker: Worker, last: DeliveryId) => void;

  constructor(world: World, workers: readonly Worker[], send: MultipleAcks['send']) {
    this.world = world;
    this.send = send;
    this.due = world.sim.declare('consumer.acknowledges');
    world.sim.handle(this.due, (worker) => this.flush(workers[worker]!));
  }

  /** The work of a delivery is done, and its connection is still there; the delivery is held until its acknowledgement has arrived. */
  done(id: WorkerId, worker: Worker, delivery: DeliveryId): void {
    const { sim, nodes } = this.world;
    const { messages, after } = worker.group.spec.multiple!;
    worker.unacknowledged.push(delivery);
    if (worker.unacknowledged.length >= messages) this.flush(worker);
    else if (worker.unacknowledged.length === 1 && after !== undefined) worker.acknowledgeTimer = sim.after(after, this.due, id, 0, nodes.owner(worker.node));
  }

  flush(worker: Worker): void {
    const { sim, deliveries } = this.world;
    sim.cancel(worker.acknowledgeTimer);
    const together = worker.unacknowledged.splice(0);
    if (together.length === 0) return;
    if (together.length > 1) sim.trace.reached('consumer.acknowledgedTogether');
    let earlier: DeliveryId | typeof none = none;
    for (const delivery of together) {
      deliveries.earlier[delivery] = earlier;
      earlier = delivery;
    }
    this.send(worker, together.at(-1)!);
  }

  /** What was done and not yet acknowledged never will be. */
  lose(worker: Worker, cause: CauseId): void {
    const { sim, ledger, deliveries } = this.world;
    sim.cancel(worker.acknowledgeTimer);
    for (const delivery of worker.unacknowledged.splice(0)) {
      sim.trace.reached('consumer.doneUnacknowledged');
      ledger.settlementLost(delivery, cause);
      deliveries.release(delivery);
    }
  }
}
