/** Those who judge a run, by what each asks to hear of: nobody is called for what it does not ask for. */
import type { Judge } from './judge.ts';

type Hook = keyof Judge;
type Listeners<Name extends Hook> = readonly (Judge & Required<Pick<Judge, Name>>)[];

export class Judges {
  closed: Listeners<'closed'> = [];
  published: Listeners<'published'> = [];
  sent: Listeners<'sent'> = [];
  routed: Listeners<'routed'> = [];
  confirming: Listeners<'confirming'> = [];
  confirmReceived: Listeners<'confirmReceived'> = [];
  stored: Listeners<'stored'> = [];
  firstDelivered: Listeners<'firstDelivered'> = [];
  redelivered: Listeners<'redelivered'> = [];
  repeated: Listeners<'repeated'> = [];
  altered: Listeners<'altered'> = [];
  forbiddenMove: Listeners<'forbiddenMove'> = [];
  deadLettered: Listeners<'deadLettered'> = [];
  dropped: Listeners<'dropped'> = [];
  handlingBegan: Listeners<'handlingBegan'> = [];
  handlingEnded: Listeners<'handlingEnded'> = [];
  handled: Listeners<'handled'> = [];

  call(judges: readonly Judge[]): void {
    const who = <Name extends Hook>(hook: Name): Listeners<Name> => judges.filter((judge): judge is Listeners<Name>[number] => judge[hook] !== undefined);
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
    this.forbiddenMove = who('forbiddenMove');
    this.deadLettered = who('deadLettered');
    this.dropped = who('dropped');
    this.handlingBegan = who('handlingBegan');
    this.handlingEnded = who('handlingEnded');
    this.handled = who('handled');
  }
}
