/** Where losses lie among what a producer published: they tell a crash (the last ones) from a late beginning (the first ones) and from holes. */
import type { MessageId } from '../message.ts';
import type { World } from '../world.ts';

/** Lost messages of all producers: before the first of their producer that took effect, after the last, and in between. */
export interface LossLocation {
  readonly prefix: number;
  readonly middle: number;
  readonly suffix: number;
}

/** As Jepsen's checker of NATS splits what is lost. A producer of which nothing took effect has only a prefix. */
export class LossLocations {
  /** By publisher: the first and the last ordinal that took effect. */
  private readonly first: number[] = [];
  private readonly last: number[] = [];
  private readonly lost: { readonly publisher: number; readonly ordinal: number }[] = [];
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  tookEffect(message: MessageId): void {
    const { publisher, ordinal } = this.world.messages;
    const [who, which] = [publisher[message]!, ordinal[message]!];
    if (which < (this.first[who] ?? Infinity)) this.first[who] = which;
    if (which > (this.last[who] ?? -1)) this.last[who] = which;
  }

  wasLost(message: MessageId): void {
    const { publisher, ordinal } = this.world.messages;
    this.lost.push({ publisher: publisher[message]!, ordinal: ordinal[message]! });
  }

  all(): LossLocation {
    const isPrefix = ({ publisher, ordinal }: { publisher: number; ordinal: number }): boolean => ordinal < (this.first[publisher] ?? Infinity);
    const isSuffix = ({ publisher, ordinal }: { publisher: number; ordinal: number }): boolean => !isPrefix({ publisher, ordinal }) && ordinal > this.last[publisher]!;
    const [prefix, suffix] = [this.lost.filter(isPrefix).length, this.lost.filter(isSuffix).length];
    return { prefix, middle: this.lost.length - prefix - suffix, suffix };
  }
}
