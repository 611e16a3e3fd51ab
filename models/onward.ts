/** What handlers publish onward: the publishers of a worker, and the messages that wait for their outcome. */
import { distribution, type Sampler } from '../sim/distribution.ts';
import type { CauseId } from './causes.ts';
import type { Worker } from './consumer-group.ts';
import type { OnwardSpec } from './consumer-settings.ts';
import { type DeliveryId, type MessageId, none, type PublisherId } from './message.ts';
import type { CancelledEvent } from './node.ts';
import type { Outcome } from './outcomes.ts';
import type { BrokerPort } from './protocol.ts';
import { PublisherGroup, publishSpecOf } from './publisher-group.ts';
import type { Publishers } from './publishers.ts';
import type { Session } from './sessions.ts';
import type { World } from './world.ts';

interface OnwardPublisher {
  readonly id: PublisherId;
  readonly session: Session;
  readonly spec: OnwardSpec;
  readonly drawSize: Sampler;
  created: number;
}

export class Onward {
  private readonly byWorker = new Map<Worker, OnwardPublisher[]>();
  private readonly groups = new Map<OnwardSpec, PublisherGroup>();
  private readonly created = new Map<PublisherGroup, number>();
  private readonly world: World;
  private readonly publishers: Publishers;
  private readonly onOutcome: (delivery: DeliveryId, outcome: Outcome) => void;

  constructor(world: World, publishers: Publishers, onOutcome: (delivery: DeliveryId, outcome: Outcome) => void) {
    this.world = world;
    this.publishers = publishers;
    this.onOutcome = onOutcome;
  }

  /** @param openSession a session beside the one that the worker consumes by */
  create(worker: Worker, name: string, portOf: (broker: string) => BrokerPort, openSession: (port: BrokerPort, use: string) => Session): void {
    const sessions = new Map<string, Session>([[worker.group.port.name, worker.session]]);
    const mine = worker.group.spec.publish.map((spec, index) => {
      const [broker] = spec.to.split('/') as [string, string];
      const port = portOf(broker);
      const shared = spec.connection === 'shared' ? sessions.get(broker) : undefined;
      const session = shared ?? openSession(port, spec.connection === 'own' ? `/onward.${index}` : '');
      if (spec.connection === 'shared') sessions.set(broker, session);
      const label = worker.group.spec.publish.length === 1 ? name : `${name}.${index}`;
      const id = this.publishers.create(label, this.groupOf(spec, port), session);
      const drawSize = distribution(spec.size).sampler(this.world.sim.stream(`${label}/onward/size`));
      return { id, session, spec, drawSize, created: 0 };
    });
    if (mine.length > 0) this.byWorker.set(worker, mine);
  }

  /** Publishes what the handling of this message makes; the delivery waits for what is to be confirmed. */
  publish(worker: Worker, delivery: DeliveryId, handled: MessageId): void {
    const { messages, deliveries, sim } = this.world;
    for (const publisher of this.byWorker.get(worker)!) {
      const { spec } = publisher;
      if (spec.probability < 1 && worker.onwardDraws!.double() >= spec.probability) continue;
      const group = this.groups.get(spec)!;
      const nth = this.created.get(group)! + 1;
      this.created.set(group, nth);
      const key = spec.key === 'same' ? messages.key[handled]! : none;
      const message = messages.create(publisher.id, ++publisher.created, nth, key, Math.round(publisher.drawSize()), messages.priority[handled]!, sim.now);
      if (spec.confirm !== undefined) {
        messages.parent[message] = delivery;
        deliveries.awaiting[delivery]!++;
      }
      this.publishers.announce(publisher.id, message);
      if (!this.publishers.publish(publisher.id, message)) this.refuse(group, message);
    }
  }

  sessionOpened(worker: Worker, session: Session): void {
    for (const publisher of this.byWorker.get(worker) ?? []) if (publisher.session === session) this.publishers.sessionOpened(publisher.id);
  }

  sessionClosed(worker: Worker, session: Session, cause: CauseId): void {
    for (const publisher of this.byWorker.get(worker) ?? []) if (publisher.session === session) this.publishers.sessionClosed(publisher.id, cause);
  }

  crashed(worker: Worker, cause: CauseId, cancelled: readonly CancelledEvent[]): void {
    for (const publisher of this.byWorker.get(worker) ?? []) this.publishers.crashed(publisher.id, cause, cancelled);
  }

  private groupOf(spec: OnwardSpec, port: BrokerPort): PublisherGroup {
    const known = this.groups.get(spec);
    if (known !== undefined) return known;
    const group = new PublisherGroup(this.world, publishSpecOf(spec, spec.to), port, (_publisher, message, outcome) => {
      const parent = this.world.messages.parent[message]!;
      if (parent !== none) this.onOutcome(parent as DeliveryId, outcome);
    });
    this.groups.set(spec, group);
    this.created.set(group, 0);
    return group;
  }

  /** A handler cannot stand still for room in its buffer; what does not fit is refused. */
  private refuse(group: PublisherGroup, message: MessageId): void {
    const { ledger, causes, messages } = this.world;
    ledger.abandoned(message, causes.of('producer-buffer-full'));
    ledger.outcome(message, 'refused');
    group.onFinished(messages.publisher[message] as PublisherId, message, 'refused');
    messages.release(message);
  }
}
