/** What a shovel has taken from its source, and what of it waits: for the destination's confirm, or for credit. */
import { Fifo } from '../../../../sim/fifo.ts';
import type { EventType } from '../../../../sim/simulation.ts';
import type { AttemptId, CopyId, DeliveryId } from '../../../message.ts';
import { type DestinationId, overhead, reply, type Reply, settlement, type Settlement } from '../../../protocol.ts';
import type { World } from '../../../world.ts';
import type { ShovelSpec } from '../settings.ts';
import type { ShovelEnd } from './shovel-end.ts';

export interface ForwardingParts {
  readonly mode: ShovelSpec['ack-mode'];
  readonly source: ShovelEnd;
  readonly destination: ShovelEnd;
  /** Where it publishes what was published as persistent, and what was not. */
  readonly persistent: DestinationId;
  readonly transient: DestinationId;
  /** Publishes that its connection has not got rid of, before on-publish waits. */
  readonly credit: number;
  readonly answered: EventType<AttemptId, Reply>;
  isPersistent(copy: CopyId): boolean;
}

export class Forwarding {
  /** on-confirm: what the destination has not answered. */
  private readonly unconfirmed = new Map<AttemptId, DeliveryId>();
  /** on-publish: what waits for credit. */
  private readonly pending = new Fifo();
  private readonly world: World;
  private readonly parts: ForwardingParts;

  constructor(world: World, parts: ForwardingParts) {
    this.world = world;
    this.parts = parts;
  }

  take(delivery: DeliveryId): void {
    if (this.pending.size === 0 && !this.isBlocked) {
      this.forward(delivery);
      return;
    }
    this.world.sim.trace.reached('shovel.blocked');
    this.pending.push(delivery);
  }

  /** The way to the destination is as it was. */
  goOn(): void {
    while (this.pending.size > 0 && !this.isBlocked) this.forward(this.pending.shift() as DeliveryId);
  }

  private get isBlocked(): boolean {
    const { mode, credit, destination } = this.parts;
    return mode === 'on-publish' && this.world.network.unsent(destination.connection) >= credit;
  }

  private forward(delivery: DeliveryId): void {
    const { attempts, copies, deliveries, ledger, messages, network } = this.world;
    const { mode, destination, persistent, transient, isPersistent, answered } = this.parts;
    const copy = deliveries.copyOf(delivery);
    const message = copies.messageOf(copy);
    const attempt = attempts.create(message, deliveries.number[delivery]!, destination.connection, destination.life);
    attempts.origin[attempt] = copies.origin[copy]!;
    attempts.answered[attempt] = answered;
    ledger.sent(attempt);
    if (mode === 'on-confirm') {
      attempts.wantsConfirm[attempt] = 1;
      attempts.hold(attempt);
      this.unconfirmed.set(attempt, delivery);
    }
    network.sendToServer(destination.connection, messages.size[message]! + overhead.publish, destination.port.publishArrived, attempt, isPersistent(copy) ? persistent : transient);
    if (mode === 'on-publish') this.settle(delivery, settlement.acknowledge);
    else if (mode === 'no-ack') deliveries.release(delivery);
  }

  answered(attempt: AttemptId, answer: Reply): void {
    const { attempts, ledger, sim } = this.world;
    const isConfirmed = answer === reply.confirmed;
    const delivery = this.unconfirmed.get(attempt)!;
    this.unconfirmed.delete(attempt);
    ledger.replied(attempt, isConfirmed ? 'confirmed' : 'refused');
    attempts.release(attempt);
    attempts.release(attempt);
    if (!isConfirmed) sim.trace.reached('shovel.nacked');
    this.settle(delivery, isConfirmed ? settlement.acknowledge : settlement.requeue);
  }

  /** The frame has the delivery now. */
  private settle(delivery: DeliveryId, verdict: Settlement): void {
    const { source } = this.parts;
    this.world.network.sendToServer(source.connection, overhead.settlement, source.port.settlementArrived, delivery, verdict);
  }

  /** The shovel is down: its source gives everything that it had not settled to whoever comes next. */
  forget(): void {
    const { attempts, deliveries } = this.world;
    for (const [attempt, delivery] of this.unconfirmed) {
      attempts.release(attempt);
      deliveries.release(delivery);
    }
    this.unconfirmed.clear();
    for (const delivery of this.pending.drain()) deliveries.release(delivery as DeliveryId);
  }
}
