/**
 * Dead letters at most once (`dead-letter-worker.ts` has the others): published to the exchange without a confirm, and gone from
 * their queue at once. Where that
 * exchange does not exist, routes nowhere, or only back in a circle that nobody rejects in, they are dropped.
 * Sources: rabbit_dead_letter, mc.erl at 3.10.8 and 4.2.9; recorded at 3.10.8.
 */
import type { CauseId } from '../../causes.ts';
import { type CopyId, none } from '../../message.ts';
import type { DestinationId } from '../../protocol.ts';
import type { World } from '../../world.ts';
import { type DeathReason, isCycle, type RabbitCopies, withDeath } from './copies.ts';
import type { Destinations } from './destinations.ts';
import type { RabbitQueue } from './queue.ts';

/** The words of `x-death`, and those of Faultline's causes. */
export const causeOf: Readonly<Record<DeathReason, string>> = { rejected: 'rejected', expired: 'expired', maxlen: 'maxlen', delivery_limit: 'delivery-limit' };

export class DeadLetters {
  private readonly world: World;
  private readonly copies: RabbitCopies;
  private readonly destinations: Destinations;
  /** By queue and destination: the topology does not change. */
  private readonly routes = new Map<string, readonly RabbitQueue[] | undefined>();
  private readonly send: (into: CopyId, target: RabbitQueue, from: RabbitQueue) => void;

  /** @param send takes a copy that is stored already on its way to its queue */
  constructor(world: World, copies: RabbitCopies, destinations: Destinations, send: DeadLetters['send']) {
    this.world = world;
    this.copies = copies;
    this.destinations = destinations;
    this.send = send;
  }

  deadLetterOrDrop(queue: RabbitQueue, copy: CopyId, reason: DeathReason): void {
    if (queue.keepsDeadLetter(copy, reason)) return;
    const { causes, ledger, sim } = this.world;
    const cause = causes.of(causeOf[reason]);
    const targets = this.targetsOf(queue, copy);
    if (targets === undefined) {
      this.drop(queue, copy, cause);
      return;
    }
    const deaths = withDeath(this.copies.deaths(copy), queue.name, reason);
    const open = targets.filter((target) => !isCycle(deaths, target.name));
    if (open.length === 0) {
      this.drop(queue, copy, targets.length > 0 ? causes.of('dead-letter-cycle') : causes.of('unroutable'));
      return;
    }
    sim.trace.reached('broker.deadLettered');
    const letters = open.map((target) => this.letter(copy, target));
    for (const target of open) target.coming++;
    for (const into of letters) this.copies.setDeaths(into, deaths);
    ledger.deadLettered(copy, letters[0]!, cause);
    queue.retire(copy);
    letters.forEach((into, index) => this.send(into, open[index]!, queue));
  }

  /** Undefined when there is no exchange. */
  targetsOf(queue: RabbitQueue, copy: CopyId): readonly RabbitQueue[] | undefined {
    const { deadLetterExchange, deadLetterRoutingKey } = queue.rules;
    if (deadLetterExchange === undefined) return undefined;
    const destination = this.copies.destination[copy] as DestinationId;
    const route = `${queue.id}/${destination}`;
    if (!this.routes.has(route)) {
      const { routingKey, headers } = this.destinations.of(destination);
      this.routes.set(route, this.destinations.through(deadLetterExchange, deadLetterRoutingKey ?? routingKey, headers));
    }
    return this.routes.get(route);
  }

  /** Its own time to live stays behind; how it is to be stored goes with it. */
  letter(copy: CopyId, target: RabbitQueue): CopyId {
    const { copies, messages, ledger, sim } = this.world;
    const into = copies.create(copies.messageOf(copy), none, target.id, copies.size[copy]!, messages.priority[copies.messageOf(copy)]!, sim.now);
    const isPersistent = target.rules.durable && this.destinations.of(this.copies.destination[copy] as DestinationId).persistent;
    this.copies.open(into, this.copies.destination[copy] as DestinationId, isPersistent);
    copies.origin[into] = copies.origin[copy]!;
    ledger.stored(into, none);
    return into;
  }

  private drop(queue: RabbitQueue, copy: CopyId, cause: CauseId): void {
    this.world.ledger.dropped(copy, cause);
    queue.retire(copy);
  }
}
