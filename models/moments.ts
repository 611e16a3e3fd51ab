/** The moments of a message's life that a fault can hang on, and the events that are them. */
import type { EventType } from '../sim/simulation.ts';
import type { MessageId } from './message.ts';
import type { NodeId } from './node.ts';

export const momentNames = [
  'arrived', 'appended', 'confirmed', 'confirm-received', 'delivered', 'effect', 'settled', 'acknowledged',
] as const;
export type Moment = (typeof momentNames)[number];

export interface MomentEvent {
  readonly type: EventType;
  /** The message an event is about. */
  readonly messageOf: (a: number, b: number) => MessageId;
  /** Where it happens. */
  readonly nodeOf: (a: number, b: number) => NodeId;
}

export class Moments {
  private readonly events = new Map<Moment, MomentEvent[]>();

  /** Events of this type are that moment. */
  add<A extends number, B extends number>(moment: Moment, type: EventType<A, B>, messageOf: (a: A, b: B) => MessageId, nodeOf: (a: A, b: B) => NodeId): void {
    const event = { type: type as unknown as EventType, messageOf: messageOf as MomentEvent['messageOf'], nodeOf: nodeOf as MomentEvent['nodeOf'] };
    const known = this.events.get(moment);
    if (known === undefined) this.events.set(moment, [event]);
    else known.push(event);
  }

  of(moment: Moment): readonly MomentEvent[] {
    return this.events.get(moment) ?? [];
  }
}
