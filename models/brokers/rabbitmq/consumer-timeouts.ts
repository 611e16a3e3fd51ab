/**
 * Consumers that keep a delivery for too long. Up to 4.2 the channel looks once a minute at the oldest delivery that is not
 * settled, counted from when the consumer came, and is closed when that is too old (rabbit_channel `evaluate_consumer_timeout`,
 * 3.13.7 and 4.2.9): all that it holds comes back. From 4.3 on quorum queues alone look, at the deadline itself (rabbit_fifo
 * 4.3.5); clients that can be told are told to stop then, and others lose their channel: here all lose it.
 */
import type { EventType } from '../../../sim/simulation.ts';
import type { Nanos } from '../../../sim/units.ts';
import type { CauseId } from '../../causes.ts';
import type { ConnectionId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { World } from '../../world.ts';
import type { Consumer } from './consumer.ts';

interface TimeoutHost {
  readonly world: World;
  consumer(id: number): Consumer | undefined;
  serverOf(connection: ConnectionId): NodeId;
  /** Closes its channel. */
  cancel(consumer: Consumer, cause: CauseId): void;
}

interface Watched {
  readonly since: Nanos;
  isTicking: boolean;
}

export class ConsumerTimeouts {
  private readonly ticks: EventType<number, number>;
  private readonly watched: (Watched | undefined)[] = [];
  private readonly world: World;
  private readonly every: Nanos;
  private readonly timeoutOf: (consumer: Consumer) => Nanos;
  private readonly nodeOf: (consumer: Consumer) => NodeId;

  /**
   * @param every between two looks; 0: at the deadline itself
   * @param timeoutOf `Infinity` for consumers that nobody looks after
   */
  constructor(host: TimeoutHost, name: string, every: Nanos, timeoutOf: ConsumerTimeouts['timeoutOf']) {
    const { world } = host;
    this.world = world;
    this.every = every;
    this.timeoutOf = timeoutOf;
    this.nodeOf = ({ connection }) => host.serverOf(connection);
    this.ticks = world.sim.declare(`${name}.channelTicks`);
    world.sim.handle(this.ticks, (id) => {
      const consumer = host.consumer(id);
      this.watched[id]!.isTicking = false;
      if (consumer === undefined || !consumer.isOpen) this.watched[id] = undefined;
      else if (this.isLate(consumer)) host.cancel(consumer, world.causes.of('consumer-timeout'));
      else if (consumer.hasUnsettled) this.tick(consumer);
    });
  }

  opened(consumer: Consumer): void {
    if (this.timeoutOf(consumer) < Infinity && !consumer.isAutomatic) this.watched[consumer.id] = { since: this.world.sim.now, isTicking: false };
  }

  /** It holds something now. */
  delivered(consumer: Consumer): void {
    const watched = this.watched[consumer.id];
    if (watched !== undefined && !watched.isTicking) this.tick(consumer);
  }

  private isLate(consumer: Consumer): boolean {
    return this.deadlineOf(consumer) <= this.world.sim.now;
  }

  private deadlineOf(consumer: Consumer): Nanos {
    const oldest = consumer.oldest;
    return oldest === undefined ? Infinity : this.world.deliveries.sentAt[oldest]! + this.timeoutOf(consumer);
  }

  private tick(consumer: Consumer): void {
    const { sim, nodes } = this.world;
    const watched = this.watched[consumer.id]!;
    const wait = this.every > 0 ? this.every - ((sim.now - watched.since) % this.every) : Math.max(0, this.deadlineOf(consumer) - sim.now);
    watched.isTicking = true;
    sim.post(wait, this.ticks, consumer.id, 0, nodes.owner(this.nodeOf(consumer)));
  }
}
