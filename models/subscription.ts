/** A consumer's credit with a queue, and the deliveries that it has not settled. */
import { type ConnectionId, type Deliveries, type DeliveryId, none, type WorkerId } from './message.ts';

/** A worker's subscription over one connection. */
export class Subscription<Queue> {
  readonly id: number;
  readonly worker: WorkerId;
  readonly queue: Queue;
  readonly connection: ConnectionId;
  readonly life: number;
  readonly isAutomatic: boolean;
  /** Among the consumers of its queue, where the broker looks at that. */
  readonly priority: number;
  credit: number;
  isOpen = true;
  /** It stands in its queue's line of available subscriptions. */
  isInLine = false;
  private first: number = none;
  private last: number = none;

  constructor(id: number, worker: WorkerId, queue: Queue, connection: ConnectionId, life: number, credit: number, isAutomatic: boolean, priority = 0) {
    this.id = id;
    this.worker = worker;
    this.queue = queue;
    this.connection = connection;
    this.life = life;
    this.credit = credit;
    this.isAutomatic = isAutomatic;
    this.priority = priority;
  }

  /** Notes a delivery that is to be settled. */
  add(delivery: DeliveryId, deliveries: Deliveries): void {
    deliveries.previous[delivery] = this.last;
    deliveries.next[delivery] = none;
    if (this.last === none) this.first = delivery;
    else deliveries.next[this.last] = delivery;
    this.last = delivery;
  }

  remove(delivery: DeliveryId, deliveries: Deliveries): void {
    const next = deliveries.next[delivery]!;
    const previous = deliveries.previous[delivery]!;
    if (previous === none) this.first = next;
    else deliveries.next[previous] = next;
    if (next === none) this.last = previous;
    else deliveries.previous[next] = previous;
  }

  /** The one that it holds for the longest. */
  get oldest(): DeliveryId | undefined {
    return this.first === none ? undefined : (this.first as DeliveryId);
  }

  get hasUnsettled(): boolean {
    return this.first !== none;
  }

  /** Its unsettled deliveries, oldest first. */
  unsettled(deliveries: Deliveries): DeliveryId[] {
    const all: DeliveryId[] = [];
    for (let delivery = this.first; delivery !== none; delivery = deliveries.next[delivery]!) all.push(delivery as DeliveryId);
    return all;
  }
}
