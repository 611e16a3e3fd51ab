/**
 * Whose turn it is at a queue: of the consumers that have room, those of the highest `x-priority` one after another, one
 * message each (rabbit_queue_consumers). Who has no room is passed over, also for lower ones. With a single active
 * consumer, the one that registered first is the only one, whether it has room or not.
 */
import { Fifo } from '../../../sim/fifo.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { World } from '../../world.ts';
import type { Consumer } from './consumer.ts';

export class Turns {
  /** By priority, the highest first; who is in a line has room, or had when it stood there. */
  private readonly levels: { readonly priority: number; readonly line: Fifo }[] = [];
  /** In the order in which they registered. */
  private readonly registered: Consumer[] = [];
  private readonly byId: (id: number) => Consumer | undefined;
  private readonly isSingle: boolean;

  constructor(byId: (id: number) => Consumer | undefined, isSingle: boolean) {
    this.byId = byId;
    this.isSingle = isSingle;
  }

  add(consumer: Consumer): void {
    this.registered.push(consumer);
    this.standInLine(consumer);
  }

  remove(consumer: Consumer): void {
    const index = this.registered.indexOf(consumer);
    if (index >= 0) this.registered.splice(index, 1);
  }

  get all(): readonly Consumer[] {
    return this.registered;
  }

  /** Bytes of what all of them hold. */
  unsettledBytes({ deliveries, copies }: World): Bytes {
    let bytes = 0;
    for (const consumer of this.registered) for (const delivery of consumer.unsettled(deliveries)) bytes += copies.size[deliveries.copyOf(delivery)]!;
    return bytes;
  }

  removeAll(): Consumer[] {
    return this.registered.splice(0);
  }

  /** Undefined when nobody has room. Whoever still has some afterwards stands in line again. */
  next(): Consumer | undefined {
    if (this.isSingle) {
      const active = this.registered[0];
      return active?.maySend() === true ? active : undefined;
    }
    for (const { line } of this.levels) {
      while (line.size > 0) {
        const consumer = this.byId(line.shift());
        if (consumer === undefined) continue;
        consumer.isInLine = false;
        if (consumer.isOpen && consumer.maySend()) return consumer;
      }
    }
    return undefined;
  }

  standInLine(consumer: Consumer): void {
    if (this.isSingle || consumer.isInLine || !consumer.isOpen || !consumer.hasRoom) return;
    consumer.isInLine = true;
    this.lineOf(consumer.priority).push(consumer.id);
  }

  private lineOf(priority: number): Fifo {
    const known = this.levels.find((level) => level.priority === priority);
    if (known !== undefined) return known.line;
    const level = { priority, line: new Fifo() };
    this.levels.push(level);
    this.levels.sort((one, other) => other.priority - one.priority);
    return level.line;
  }
}
