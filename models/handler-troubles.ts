/** What faults, and messages that are more than a handler can bear, do to the handling of a message. */
import type { EventType } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import type { CauseId } from './causes.ts';
import type { HandlerDeaths } from './handler-deaths.ts';
import { type MessageId, none } from './message.ts';
import type { NodeId } from './node.ts';
import type { World } from './world.ts';

/** How bad a message is: it fails, it kills whoever handles it, or nobody can read it. */
export const poisonous = { fails: 1, kills: 2, unreadable: 3 } as const;

/** What a handling that begins will meet. */
export interface Handling {
  readonly node: NodeId;
  readonly message: MessageId;
  /** Instead of its service time. */
  takes: Nanos | undefined;
  /** Besides that. */
  adds: Nanos;
  /** Why it will fail. */
  fails: CauseId | undefined;
  /** The death that it ends in before any work, or midway; `none` when it goes on. */
  diesBefore: number;
  diesDuring: number;
}
export type Trouble = (handling: Handling) => void;

export class HandlerTroubles {
  readonly undecodable: CauseId;
  private readonly troubles = new Map<string, { readonly nodes: ReadonlySet<NodeId>; readonly trouble: Trouble }>();
  private readonly stalls: EventType;
  private readonly stallsUntil = new Map<NodeId, Nanos>();
  private readonly killed: number;
  private readonly world: World;

  constructor(world: World, deaths: HandlerDeaths) {
    this.world = world;
    this.undecodable = world.causes.of('undecodable');
    this.killed = deaths.order(5e9, world.causes.of('crash', 'poison'));
    this.stalls = world.sim.declare('consumer.stalls');
    world.sim.handle(this.stalls, (node) => world.nodes.pause(node as NodeId, this.stallsUntil.get(node as NodeId)!));
  }

  /** Handlings that begin on these nodes meet this until `end`. */
  begin(name: string, nodes: readonly NodeId[], trouble: Trouble): void {
    this.troubles.set(name, { nodes: new Set(nodes), trouble });
  }

  end(name: string): void {
    this.troubles.delete(name);
  }

  /** The whole process stands still with a handler that keeps its one thread. */
  stall(node: NodeId, until: Nanos): void {
    this.stallsUntil.set(node, until);
    this.world.sim.after(0, this.stalls, node, 0, this.world.nodes.owner(node));
  }

  /** A handling begins; undefined when nothing is in its way. */
  meet(node: NodeId, message: MessageId): Handling | undefined {
    const poison = this.world.messages.poison[message]!;
    if (this.troubles.size === 0 && poison < poisonous.kills) return undefined;
    const handling: Handling = { node, message, takes: undefined, adds: 0, fails: undefined, diesBefore: none, diesDuring: poison === poisonous.kills ? this.killed : none };
    if (poison === poisonous.unreadable) {
      handling.takes = 0;
      handling.fails = this.undecodable;
      return handling;
    }
    for (const { nodes, trouble } of this.troubles.values()) if (nodes.has(node)) trouble(handling);
    return handling;
  }
}
