/** Which messages a fault hits, and how often each. */
import { z } from 'zod';
import type { MessageId } from '../message.ts';
import { selects, type Selector, selectorSchema } from '../selector.ts';
import { count } from '../settings.ts';
import type { World } from '../world.ts';
import type { Strike } from './fault.ts';

/** once: what is tried again succeeds; always: it never does while the fault lasts. */
export const chosenFields = {
  messages: selectorSchema.optional().describe('All of them when absent.'),
  times: z.union([count(1, 1_000_000), z.literal('always').transform(() => Infinity)]).default(1)
    .describe('How often it hits the same message: so many times, or always.'),
};
export interface ChosenSpec {
  readonly messages?: Selector | undefined;
  readonly times: number;
}

export class Chosen {
  /** By name: a message's number is used again. */
  private readonly counts = new Map<string, number>();
  private readonly world: World;
  private readonly spec: ChosenSpec;
  private readonly purpose: string;

  constructor(world: World, spec: ChosenSpec, { draws }: Strike) {
    this.world = world;
    this.spec = spec;
    this.purpose = draws;
  }

  /** True when it is hit now, which counts. */
  hit(message: MessageId): boolean {
    const { messages, times } = this.spec;
    if (messages !== undefined && !selects(messages, this.world, message, this.purpose)) return false;
    if (times === Infinity) return true;
    const name = this.world.nameOf(message);
    const before = this.counts.get(name) ?? 0;
    if (before >= times) return false;
    this.counts.set(name, before + 1);
    return true;
  }
}
