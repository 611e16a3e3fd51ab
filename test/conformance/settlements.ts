/** What consumers said of their deliveries, and what the broker made of it: every delivery ends once, and as was said. */
import { type CopyId, type DeliveryId } from '../../models/message.ts';
import { settlement, type Settlement } from '../../models/protocol.ts';
import type { World } from '../../models/world.ts';

const words = { [settlement.acknowledge]: 'an acknowledgement', [settlement.requeue]: 'a requeue', [settlement.reject]: 'a reject' } as const;

export class Settlements {
  /** Deliveries that are to be settled, by copy. */
  private readonly open = new Map<CopyId, DeliveryId>();
  private readonly said = new Map<DeliveryId, Settlement>();
  /** Settlements that reached the broker, and ends of deliveries, by settlement. */
  readonly heard = [0, 0, 0];
  readonly done = [0, 0, 0];
  deliveries = 0;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
    for (const { port } of world.brokers.values()) world.sim.watch(port.settlementArrived as never, 'before', (_type, delivery, verdict) => this.hear(delivery as DeliveryId, verdict as Settlement));
  }

  get left(): number {
    return this.open.size;
  }

  delivered(delivery: DeliveryId): void {
    const { deliveries, subscribers } = this.world;
    this.said.delete(delivery);
    if (subscribers[deliveries.worker[delivery]!]!.automatic) return;
    const copy = deliveries.copyOf(delivery);
    if (this.open.has(copy)) throw new Error(`${this.nameOf(copy)} is delivered, and its delivery before is not settled`);
    this.deliveries++;
    this.open.set(copy, delivery);
  }

  private hear(delivery: DeliveryId, verdict: Settlement): void {
    if (this.open.get(this.world.deliveries.copyOf(delivery)) !== delivery) return;
    this.said.set(delivery, verdict);
    this.heard[verdict]!++;
  }

  /** The delivery of a copy, if it is to be settled, ended in this way. @param isOnlySaid nothing else can have ended it so */
  ended(copy: CopyId, verdict: Settlement, isOnlySaid: boolean): void {
    const delivery = this.open.get(copy);
    if (delivery === undefined) return;
    this.open.delete(copy);
    this.done[verdict]!++;
    if (isOnlySaid && this.said.get(delivery) !== verdict) throw new Error(`${this.nameOf(copy)} ended as after ${words[verdict]}, and its consumer sent none`);
  }

  private nameOf(copy: CopyId): string {
    return this.world.nameOf(this.world.copies.messageOf(copy));
  }
}
