/**
 * Whose turn it is at a queue: of the consumers that have room, those of the highest `x-priority` one after another, one
 * message each (rabbit_queue_consumers). Who has no room is passed over, also for lower ones. With a single active
 * consumer, the one that registered first is the only one, whether it has room or not. From 4.0 on quorum queues prefer a higher
 * priority: the active one gets nothing more, and gives way once it has settled what it holds (rabbit_fifo `activate_next_consumer`,
 * v4.2.0); among equals the one that registered first, where rabbit_fifo looks at their credit before that.
 */
import { Fifo } from '../../../sim/fifo.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { World } from '../../world.ts';
import type { Consumer } from './consumer.ts';
import type { SingleActive } from './routing/queue-rules.ts';

export class Turns {
  /** By priority, the highest first; who is in a line has room, or had when it stood there. */
  private readonly levels: { readonly priority: number; readonly line: Fifo }[] = [];
  /** In the order in which they registered. */
  private readonly registered: Consumer[] = [];
  private readonly byId: (id: number) => Consumer | undefined;
  private readonly single: SingleActive;
  /** Where there is to be only one. */
  private active: Consumer | undefined;

  constructor(byId: (id: number) => Consumer | undefined, single: SingleActive) {
    this.byId = byId;
    this.single = single;
  }

  add(consumer: Consumer): void {
    this.registered.push(consumer);
    this.standInLine(consumer);
  }

  remove(consumer: Consumer): void {
    const index = this.registered.indexOf(consumer);
    if (index >= 0) this.registered.splice(index, 1);
    if (this.active === consumer) this.active = undefined;
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
    this.active = undefined;
    return this.registered.splice(0);
  }

  /** Undefined when nobody has room. Whoever still has some afterwards stands in line again. */
  next(): Consumer | undefined {
    if (this.single !== 'none') {
      const active = this.theOnlyOne();
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

  /** It wants nothing more: where there is to be only one, the next is active at once, whatever this one still holds (rabbit_fifo `cancel_consumer`). */
  cancel(consumer: Consumer): void {
    consumer.isCancelled = true;
    if (this.active === consumer) this.active = undefined;
  }

  /** Undefined while the active one is to give way, and still holds something. */
  private theOnlyOne(): Consumer | undefined {
    const { active } = this;
    if (active !== undefined && this.single === 'first') return active;
    let best = active ?? this.registered.find(({ isCancelled }) => !isCancelled);
    if (this.single === 'by-priority') for (const each of this.registered) if (!each.isCancelled && each.priority > best!.priority) best = each;
    if (active !== undefined && best !== active && active.hasUnsettled) return undefined;
    this.active = best;
    return best;
  }

  standInLine(consumer: Consumer): void {
    if (this.single !== 'none' || consumer.isInLine || !consumer.isOpen || !consumer.hasRoom) return;
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
