/**
 * The prefetch of a channel (basic.qos with `global`): one limit for all consumers on it, whichever queues they are of, besides
 * each one's own. A queue asks before each delivery, and is told when the channel has room again: of several that were
 * refused, one that chance draws is the first, and the others follow it round (rabbit_limiter at 3.10.8 and 4.2.9). What needs no
 * acknowledgement takes no room, and waits for it all the same. Left out: the time that asking takes, also from another node.
 */
import type { RandomStream } from '../../../sim/random.ts';

/** `Asking` is who asks: consumers. */
export class ChannelLimit<Asking> {
  private held = 0;
  /** In the order in which they were refused. */
  private readonly refused = new Set<Asking>();
  private readonly most: number;

  /** @param most deliveries that may be unacknowledged on the channel */
  constructor(most: number) {
    this.most = most;
  }

  allows(consumer: Asking): boolean {
    if (this.held < this.most) return true;
    this.refused.add(consumer);
    return false;
  }

  sent(): void {
    this.held++;
  }

  /** Who may ask again. */
  settled(count: number, draws: RandomStream): readonly Asking[] {
    this.held -= count;
    if (this.refused.size === 0 || this.held >= this.most) return [];
    const waiting = [...this.refused];
    this.refused.clear();
    const first = waiting.length === 1 ? 0 : draws.below(waiting.length);
    return [...waiting.slice(first), ...waiting.slice(0, first)];
  }
}
