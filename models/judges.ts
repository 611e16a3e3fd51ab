/** Those who judge a run, by what each asks to hear of: nobody is called for what it does not ask for. */
import type { Judge } from './judge.ts';

type Hook = keyof Judge;
type Hears<Name extends Hook> = readonly NonNullable<Judge[Name]>[];

/**
 * Functions rather than judges: at every step of every message the same line calls each of twenty, and would look its hook up in objects
 * of twenty shapes.
 */
export class Judges {
  closed: Hears<'closed'> = [];
  published: Hears<'published'> = [];
  sent: Hears<'sent'> = [];
  routed: Hears<'routed'> = [];
  confirming: Hears<'confirming'> = [];
  confirmReceived: Hears<'confirmReceived'> = [];
  stored: Hears<'stored'> = [];
  firstDelivered: Hears<'firstDelivered'> = [];
  redelivered: Hears<'redelivered'> = [];
  repeated: Hears<'repeated'> = [];
  altered: Hears<'altered'> = [];
  moved: Hears<'moved'> = [];
  forbiddenMove: Hears<'forbiddenMove'> = [];
  deadLettered: Hears<'deadLettered'> = [];
  dropped: Hears<'dropped'> = [];
  handlingBegan: Hears<'handlingBegan'> = [];
  handlingEnded: Hears<'handlingEnded'> = [];
  handled: Hears<'handled'> = [];

  call(judges: readonly Judge[]): void {
    const who = <Name extends Hook>(hook: Name): Hears<Name> => judges.flatMap((judge) => judge[hook] ?? []) as unknown as Hears<Name>;
    this.closed = who('closed');
    this.published = who('published');
    this.sent = who('sent');
    this.routed = who('routed');
    this.confirming = who('confirming');
    this.confirmReceived = who('confirmReceived');
    this.stored = who('stored');
    this.firstDelivered = who('firstDelivered');
    this.redelivered = who('redelivered');
    this.repeated = who('repeated');
    this.altered = who('altered');
    this.moved = who('moved');
    this.forbiddenMove = who('forbiddenMove');
    this.deadLettered = who('deadLettered');
    this.dropped = who('dropped');
    this.handlingBegan = who('handlingBegan');
    this.handlingEnded = who('handlingEnded');
    this.handled = who('handled');
  }
}
