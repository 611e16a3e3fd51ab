/** Consumers of all queues of a broker: by number, and by the channel that each came by, which is all of its connection here. */
import type { RandomStream } from '../../../sim/random.ts';
import type { ConnectionId, QueueId, WorkerId } from '../../message.ts';
import type { World } from '../../world.ts';
import { ChannelLimit } from './channel-limit.ts';
import { Consumer } from './consumer.ts';
import { operation, type Operation } from './mailbox.ts';

interface Channel {
  readonly consumers: Consumer[];
  readonly limit: ChannelLimit<Consumer> | undefined;
}

export class Consumers {
  /** A closed one that holds nothing leaves a hole: its number may still stand in a line or in a mailbox. */
  private readonly all: (Consumer | undefined)[] = [];
  private readonly channels = new Map<ConnectionId, Channel>();
  private hasLimits = false;
  private readonly world: World;
  private readonly draws: RandomStream;
  /** Has a consumer's queue do something about it. */
  private readonly ask: (consumer: Consumer, kind: Operation) => void;

  constructor(world: World, name: string, ask: Consumers['ask']) {
    this.world = world;
    this.draws = world.sim.stream(`${name}/channels`);
    this.ask = ask;
  }

  /** @param mostHeld what the queue's type makes of an unlimited prefetch */
  open(worker: WorkerId, queue: QueueId, connection: ConnectionId, mostHeld: number): Consumer {
    const { prefetch, automatic, priority } = this.world.subscribers[worker]!;
    const credit = automatic ? Infinity : Math.min(prefetch, mostHeld);
    const { consumers, limit } = this.channelOf(connection, worker);
    const consumer = new Consumer(this.all.length, worker, queue, connection, this.world.network.session(connection), credit, automatic, priority, limit);
    this.all.push(consumer);
    // Taken for gone while its node was out of sight, it is there again under another number.
    const before = consumers.findIndex((each) => each.worker === worker);
    consumers.splice(before < 0 ? consumers.length : before, 1, consumer);
    return consumer;
  }

  private channelOf(connection: ConnectionId, worker: WorkerId): Channel {
    const known = this.channels.get(connection);
    if (known !== undefined) return known;
    const { channelPrefetch } = this.world.subscribers[worker]!;
    const limit = channelPrefetch === Infinity ? undefined : new ChannelLimit<Consumer>(channelPrefetch);
    if (limit !== undefined) this.hasLimits = true;
    const channel: Channel = { consumers: [], limit };
    this.channels.set(connection, channel);
    return channel;
  }

  /** A worker wants no more. */
  cancel(connection: ConnectionId, worker: WorkerId): void {
    const consumer = this.channels.get(connection)?.consumers.find((each) => each.worker === worker);
    if (consumer !== undefined) this.ask(consumer, operation.cancel);
  }

  of(id: number): Consumer | undefined {
    return this.all[id];
  }

  /** So many deliveries are settled, as the channel hears it: before their queue does. */
  settled(connection: ConnectionId, count: number): void {
    if (!this.hasLimits) return;
    const limit = this.channels.get(connection)?.limit;
    for (const consumer of limit?.settled(count, this.draws) ?? []) {
      this.world.sim.trace.reached('channel.hasRoomAgain');
      this.ask(consumer, operation.resume);
    }
  }

  /** Its channel is closed: nothing is delivered by it any more. Whom it served. */
  close(connection: ConnectionId): readonly Consumer[] {
    const channel = this.channels.get(connection);
    if (channel === undefined) return [];
    this.channels.delete(connection);
    for (const consumer of channel.consumers) consumer.isOpen = false;
    return channel.consumers;
  }

  /** Those that a condition holds for are taken for gone by their queue: what their channels know of that is another matter. */
  suspendWhere(condition: (consumer: Consumer) => boolean): Consumer[] {
    const meant = this.onChannels().filter(condition);
    for (const consumer of meant) consumer.isOpen = false;
    return meant;
  }

  suspendedOf(queue: QueueId): Consumer[] {
    return this.onChannels().filter((consumer) => consumer.queue === queue && !consumer.isOpen);
  }

  /** Closes the channels that one is on for whom a condition holds. All that were on them. */
  closeWhere(condition: (consumer: Consumer) => boolean): Consumer[] {
    return [...this.channels].filter(([, { consumers }]) => consumers.some(condition)).flatMap(([connection]) => this.close(connection));
  }

  private onChannels(): Consumer[] {
    return [...this.channels.values()].flatMap(({ consumers }) => consumers);
  }

  forget(consumer: Consumer): void {
    if (!consumer.isOpen && !consumer.hasUnsettled) this.all[consumer.id] = undefined;
  }
}
