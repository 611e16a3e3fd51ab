/** What fails in a handler, whether its worker tries again by itself, and what it tells the broker in the end. */
import type { EventType } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import { backoffDelay } from './backoff.ts';
import type { CauseId } from './causes.ts';
import type { Worker } from './consumer-group.ts';
import { poisonous } from './handler-troubles.ts';
import type { DeliveryId, MessageId, WorkerId } from './message.ts';
import { settlement, type Settlement } from './protocol.ts';
import { selects } from './selector.ts';
import type { World } from './world.ts';

const verdicts: Readonly<Record<'requeue' | 'reject' | 'acknowledge', Settlement>> = {
  requeue: settlement.requeue, reject: settlement.reject, acknowledge: settlement.acknowledge,
};

export class HandlerFailures {
  /** A worker waited long enough to try a delivery again. */
  readonly due: EventType<WorkerId, DeliveryId>;
  /** How often the work on a delivery failed at the worker that has it, and its wait after the last time. */
  private readonly tried = new Map<DeliveryId, { failures: number; wait: Nanos }>();
  /** Deliveries whose handling was told at its begin that it will fail, and why. */
  private readonly doomed = new Map<DeliveryId, CauseId>();
  private readonly undecodable: CauseId;
  private readonly transient: CauseId;
  private readonly poisoned: CauseId;
  private readonly world: World;

  constructor(world: World, onDue: (id: WorkerId, delivery: DeliveryId) => void) {
    this.world = world;
    this.transient = world.causes.of('handler-failed');
    this.poisoned = world.causes.of('poison');
    this.undecodable = world.causes.of('undecodable');
    this.due = world.sim.declare('consumer.triesAgain');
    world.sim.handle(this.due, onDue);
  }

  /** This time the handling will fail; undefined: it is left to its settings. */
  doom(delivery: DeliveryId, reason: CauseId | undefined): void {
    if (reason !== undefined) this.doomed.set(delivery, reason);
    else if (this.doomed.size > 0) this.doomed.delete(delivery);
  }

  /** Undefined when this handling succeeds. */
  of(worker: Worker, message: MessageId, delivery: DeliveryId): CauseId | undefined {
    const { messages } = this.world;
    const doom = this.doomed.size === 0 ? undefined : this.doomed.get(delivery);
    if (doom !== undefined) return doom;
    const { failure } = worker.group.spec;
    if (messages.poison[message] === poisonous.fails) return this.poisoned;
    if (failure === undefined) return undefined;
    if (failure.poison !== undefined && selects(failure.poison, this.world, message, `${worker.group.name}/poison`)) return this.poisoned;
    return failure.probability > 0 && worker.failures.double() < failure.probability ? this.transient : undefined;
  }

  /** The work failed. True when the worker keeps the delivery and tries again later. */
  triesAgain(id: WorkerId, worker: Worker, delivery: DeliveryId): boolean {
    const retry = worker.group.spec.failure?.retry;
    if (retry === undefined || this.doomed.get(delivery) === this.undecodable) return false;
    const { failures, wait: last } = this.tried.get(delivery) ?? { failures: 0, wait: 0 };
    if (failures + 1 >= retry.attempts) {
      this.world.sim.trace.reached('consumer.retriesExhausted');
      return false;
    }
    const wait = backoffDelay(retry.backoff, failures + 1, last, worker.retries!);
    this.tried.set(delivery, { failures: failures + 1, wait });
    this.world.sim.trace.reached('consumer.triedAgain');
    this.world.sim.after(wait, this.due, id, delivery, this.world.nodes.owner(worker.node));
    return true;
  }

  /** The worker is done with it, or died. */
  forget(delivery: DeliveryId): void {
    this.tried.delete(delivery);
    if (this.doomed.size > 0) this.doomed.delete(delivery);
  }

  /** What nobody can read is refused for good, whatever the handler would say of its own failures: no handler sees it. */
  verdict(worker: Worker, reason: CauseId): Settlement {
    return reason === this.undecodable ? settlement.reject : verdicts[worker.group.spec.failure?.then ?? 'requeue'];
  }
}
