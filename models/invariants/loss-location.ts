/**
 * Where losses lie: among what a producer published, which tells a crash (the last ones) from a late beginning (the first ones) and from
 * holes; and on which nodes, which tells whose disk or memory it was.
 */
import type { QueueGuarantees } from '../broker.ts';
import type { CauseId } from '../causes.ts';
import type { CopyId, MessageId, QueueId } from '../message.ts';
import type { World } from '../world.ts';

/** Lost messages of all producers: before the first of their producer that took effect, after the last, and in between. */
export interface LossLocation {
  readonly prefix: number;
  readonly middle: number;
  readonly suffix: number;
  /** Of those of which a fault took a copy: how many had it there and nowhere else; `mq.0, mq.1` is on both. */
  readonly nodes: Readonly<Record<string, number>>;
}

interface Lost {
  readonly publisher: number;
  readonly ordinal: number;
  readonly nodes: string | undefined;
}

/** As Jepsen's checker of NATS splits what is lost. A producer of which nothing took effect has only a prefix. */
export class LossLocations {
  /** By publisher: the first and the last ordinal that took effect. */
  private readonly first: number[] = [];
  private readonly last: number[] = [];
  private readonly lost: Lost[] = [];
  /** By message that is not closed: who had the copy that a fault took last. */
  private readonly takenFrom = new Map<MessageId, string>();
  private readonly queues = new Map<QueueId, QueueGuarantees>();
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
    for (const broker of world.brokers.values()) for (const queue of broker.guarantees()) this.queues.set(queue.queue, queue);
  }

  tookEffect(message: MessageId): void {
    const { publisher, ordinal } = this.world.messages;
    const [who, which] = [publisher[message]!, ordinal[message]!];
    if (which < (this.first[who] ?? Infinity)) this.first[who] = which;
    if (which > (this.last[who] ?? -1)) this.last[who] = which;
  }

  /** A copy is about to leave its queue for nowhere. */
  dropped(copy: CopyId, cause: CauseId): void {
    if (this.world.causes.isOfFault(cause)) this.takenFrom.set(this.world.copies.messageOf(copy), this.holdersOf(copy));
  }

  /** Empty where no broker says so. */
  holdersOf(copy: CopyId): string {
    const holding = this.queues.get(this.world.copies.queue[copy] as QueueId)?.holding(copy);
    if (holding === undefined) return '';
    const { synced, unsynced } = holding;
    return [...synced, ...unsynced].map((node) => this.world.nodes.name(node)).sort().join(', ');
  }

  wasLost(message: MessageId): void {
    const { publisher, ordinal } = this.world.messages;
    this.lost.push({ publisher: publisher[message]!, ordinal: ordinal[message]!, nodes: this.takenFrom.get(message) });
  }

  /** Nothing more will be asked of it. */
  closed(message: MessageId): void {
    this.takenFrom.delete(message);
  }

  all(): LossLocation {
    const isPrefix = ({ publisher, ordinal }: Lost): boolean => ordinal < (this.first[publisher] ?? Infinity);
    const isSuffix = (lost: Lost): boolean => !isPrefix(lost) && lost.ordinal > this.last[lost.publisher]!;
    const [prefix, suffix] = [this.lost.filter(isPrefix).length, this.lost.filter(isSuffix).length];
    const nodes: Record<string, number> = {};
    for (const { nodes: on } of this.lost) if (on !== undefined && on !== '') nodes[on] = (nodes[on] ?? 0) + 1;
    return { prefix, middle: this.lost.length - prefix - suffix, suffix, nodes: Object.fromEntries(Object.entries(nodes).sort(([one], [other]) => (one < other ? -1 : 1))) };
  }
}
