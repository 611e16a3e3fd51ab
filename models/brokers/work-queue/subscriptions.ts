/** Who takes from the queues: subscriptions by connection, their turns, and the deliveries that they have not settled. */
import type { Bytes } from '../../../sim/units.ts';
import type { ConnectionId, DeliveryId, WorkerId } from '../../message.ts';
import { overhead, settlement, type Settlement } from '../../protocol.ts';
import { Subscription } from '../../subscription.ts';
import type { World } from '../../world.ts';
import type { Subscription as OfWorkQueue, WorkQueueState } from './parts.ts';

export class Subscriptions {
  /** By number; a closed one leaves a hole, since its number may still stand in a line. */
  private readonly all: (OfWorkQueue | undefined)[] = [];
  private readonly byConnection = new Map<ConnectionId, OfWorkQueue>();
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  open(worker: WorkerId, state: WorkQueueState, connection: ConnectionId): void {
    const { prefetch, automatic } = this.world.subscribers[worker]!;
    const life = this.world.network.session(connection);
    const subscription = new Subscription(this.all.length, worker, state, connection, life, automatic ? Infinity : prefetch, automatic);
    this.all.push(subscription);
    this.byConnection.set(connection, subscription);
    this.standInLine(subscription);
  }

  /** Whose turn it is in a queue; undefined when nobody has credit. Whoever still has some afterwards stands in line again. */
  next(state: WorkQueueState): OfWorkQueue | undefined {
    while (state.available.size > 0) {
      const subscription = this.all[state.available.shift()];
      if (subscription === undefined) continue;
      subscription.isInLine = false;
      if (subscription.isOpen && subscription.credit > 0) return subscription;
    }
    return undefined;
  }

  standInLine(subscription: OfWorkQueue): void {
    if (subscription.isInLine || !subscription.isOpen || subscription.credit <= 0) return;
    subscription.isInLine = true;
    subscription.queue.available.push(subscription.id);
  }

  /** The broker no longer waits for a delivery's settlement: its subscription has that credit back. */
  closeDelivery(delivery: DeliveryId): void {
    const { deliveries, sim } = this.world;
    const subscription = this.all[deliveries.subscription[delivery]!]!;
    deliveries.open[delivery] = 0;
    sim.cancel(deliveries.lease[delivery]!);
    subscription.remove(delivery, deliveries);
    subscription.credit++;
    this.standInLine(subscription);
    this.forgetWhenDone(subscription);
    deliveries.release(delivery);
  }

  /** The connection is gone: its subscription takes no more. */
  close(connection: ConnectionId): OfWorkQueue | undefined {
    const subscription = this.byConnection.get(connection);
    if (subscription === undefined) return undefined;
    this.byConnection.delete(connection);
    subscription.isOpen = false;
    this.forgetWhenDone(subscription);
    return subscription;
  }

  /** It takes no more, and settles what it has. */
  cancel(worker: WorkerId, connection: ConnectionId): void {
    const { network, protocol } = this.world;
    const subscription = this.byConnection.get(connection);
    if (subscription !== undefined) subscription.isOpen = false;
    network.sendToClient(connection, overhead.reply, protocol.cancelOkArrived, worker, connection);
  }

  closeAll(): OfWorkQueue[] {
    return [...this.byConnection.keys()].map((connection) => this.close(connection)!);
  }

  /** What the consumers of a queue have not settled. */
  unsettledOf(state: WorkQueueState): DeliveryId[] {
    return this.all.flatMap((subscription) => (subscription?.queue === state ? subscription.unsettled(this.world.deliveries) : []));
  }

  /** The delivery that a settlement is taken for: of one whose lease is over none, or whichever of its copy somebody has now. */
  meantBy(delivery: DeliveryId, verdict: Settlement, state: WorkQueueState): DeliveryId | undefined {
    const { deliveries } = this.world;
    if (deliveries.open[delivery] === 1) return delivery;
    if (verdict !== settlement.acknowledge || state.spec.lateAcknowledgement === 'ignored') return undefined;
    return this.unsettledOf(state).find((other) => deliveries.copyOf(other) === deliveries.copyOf(delivery));
  }

  /** Bodies of that. */
  unsettledBytes(state: WorkQueueState): Bytes {
    const { deliveries, copies } = this.world;
    return this.unsettledOf(state).reduce((bytes, delivery) => bytes + copies.size[deliveries.copyOf(delivery)]!, 0);
  }

  private forgetWhenDone(subscription: OfWorkQueue): void {
    if (!subscription.isOpen && !subscription.hasUnsettled) this.all[subscription.id] = undefined;
  }
}
