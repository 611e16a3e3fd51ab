/** Producers: messages come by an arrival process and are published. */
import { distribution, type Sampler } from '../sim/distribution.ts';
import { type EventHandle, noEvent } from '../sim/event-list.ts';
import type { RandomStream } from '../sim/random.ts';
import type { EventType } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import { type ArrivalProcess, arrivalProcess } from './arrivals.ts';
import type { CauseId } from './causes.ts';
import { KeyLaw } from './keys.ts';
import { type MessageId, none, type PublisherId } from './message.ts';
import type { CancelledEvent, CrashScope, NodeId } from './node.ts';
import type { ProducerSpec } from './producer-settings.ts';
import type { BrokerPort } from './protocol.ts';
import { PublisherGroup, publishSpecOf } from './publisher-group.ts';
import type { Publishers } from './publishers.ts';
import { selects, type Selector } from './selector.ts';
import { type Application, ClientNode, loginOf, type Session, type Sessions } from './sessions.ts';
import type { World } from './world.ts';

export class ProducerGroup {
  readonly name: string;
  readonly spec: ProducerSpec;
  readonly publishing: PublisherGroup;
  readonly keys: KeyLaw;
  readonly drawsPriority: readonly { readonly upTo: number; readonly level: number }[] | undefined;
  created = 0;

  constructor(name: string, spec: ProducerSpec, publishing: PublisherGroup) {
    this.name = name;
    this.spec = spec;
    this.publishing = publishing;
    this.keys = new KeyLaw(spec.key);
    this.drawsPriority = typeof spec.priority === 'number' ? undefined : priorityTable(spec.priority);
  }
}

class Producer {
  readonly group: ProducerGroup;
  readonly node: NodeId;
  readonly publisher: PublisherId;
  readonly arrivals: ArrivalProcess;
  readonly keyStream: RandomStream;
  readonly priorityStream: RandomStream;
  readonly drawSize: Sampler;
  created = 0;
  /** Operational time passed at `clockSet`, and how fast it passes. */
  operational = 0;
  clockSet: Nanos = 0;
  speed = 1;
  /** Operational time of the arrival that is pending. */
  due = 0;
  pending: EventHandle = noEvent;
  isDown = false;
  /** A message that found the buffer full; its source stands still. */
  waiting: MessageId | typeof none = none;

  constructor(world: World, group: ProducerGroup, node: NodeId, publisher: PublisherId) {
    const name = world.nodes.name(node);
    this.group = group;
    this.node = node;
    this.publisher = publisher;
    this.arrivals = arrivalProcess(group.spec.arrivals, world.sim.stream(`${name}/arrivals`));
    this.keyStream = world.sim.stream(`${name}/key`);
    this.priorityStream = world.sim.stream(`${name}/priority`);
    this.drawSize = distribution(group.spec.size).sampler(world.sim.stream(`${name}/size`));
  }
}

/** What faults do where a message is published. */
export interface Interference {
  /** At these nodes. */
  readonly on: ReadonlySet<NodeId>;
  /** It is about to be published. */
  readonly sees?: (message: MessageId, node: NodeId) => void;
  /** It is published once more after that time; undefined for not. */
  readonly again?: (message: MessageId) => Nanos | undefined;
  /** The process dies over it; undefined for not. */
  readonly dies?: (message: MessageId) => { readonly when: 'before-publish' | 'after-publish'; readonly cause: CauseId; readonly kill: (node: NodeId) => void } | undefined;
}

export class Producers implements Application {
  readonly groups: ProducerGroup[] = [];
  private readonly producers: Producer[] = [];
  private readonly byNode = new Map<NodeId, number>();
  private readonly poisoners = new Map<string, { nodes: Set<NodeId>; selector: Selector | undefined; badness: number; purpose: string; onChosen: () => void }>();
  /** What faults have happen where a message is published, by their name. */
  readonly interferences = new Map<string, Interference>();
  private readonly arrived: EventType;
  private readonly publishedAgain: EventType<PublisherId, MessageId>;
  private stopped = false;
  private readonly world: World;
  private readonly publishers: Publishers;
  private readonly sessions: Sessions;

  constructor(world: World, publishers: Publishers, sessions: Sessions) {
    this.world = world;
    this.publishers = publishers;
    this.sessions = sessions;
    this.arrived = world.sim.declare('producer.arrived');
    this.publishedAgain = world.sim.declare('producer.publishedAgain');
    world.sim.handle(this.arrived, (producer) => this.onArrived(producer));
    world.sim.handle(this.publishedAgain, (publisher, message) => this.onPublishedAgain(publisher, message));
  }

  createGroup(name: string, spec: ProducerSpec, port: BrokerPort): ProducerGroup {
    const publishing = new PublisherGroup(this.world, publishSpecOf(spec, spec.publish, spec.outbox), port, () => {});
    const group = new ProducerGroup(name, spec, publishing);
    this.groups.push(group);
    for (let index = 0; index < spec.count; index++) this.create(group, index, port);
    return group;
  }

  /** Connects everybody and lets the first messages come. */
  start(): void {
    this.producers.forEach((producer, id) => this.arm(id, producer));
  }

  /** No more messages come; what is under way goes on. */
  stop(): void {
    this.stopped = true;
    for (const producer of this.producers) this.world.sim.cancel(producer.pending);
  }

  /** Messages come `factor` times as fast at these nodes. The producers it concerned. */
  speedUp(nodes: readonly NodeId[], factor: number): number {
    let concerned = 0;
    for (const node of nodes) {
      const id = this.byNode.get(node);
      if (id === undefined) continue;
      const producer = this.producers[id]!;
      this.readClock(producer);
      producer.speed *= factor;
      if (Math.abs(producer.speed - 1) < 1e-9) producer.speed = 1;
      if (this.world.sim.cancel(producer.pending)) this.arm(id, producer, producer.due);
      concerned++;
    }
    return concerned;
  }

  /** What these nodes publish from now on, or what of it is selected, fails at every handling. */
  poison(name: string, nodes: readonly NodeId[], selector: Selector | undefined, badness: number, onChosen: () => void): void {
    this.poisoners.set(name, { nodes: new Set(nodes), selector, badness, purpose: name, onChosen });
  }

  unpoison(name: string): void {
    this.poisoners.delete(name);
  }

  sessionOpened(session: Session): void {
    this.publishers.sessionOpened(this.producerAt(session.node).publisher);
  }

  sessionClosed(session: Session, cause: CauseId): void {
    this.publishers.sessionClosed(this.producerAt(session.node).publisher, cause);
  }

  demandRefused(session: Session): void {
    this.publishers.demandRefused(this.producerAt(session.node).publisher);
  }

  crashed(node: NodeId, _scope: CrashScope, cause: CauseId, cancelled: readonly CancelledEvent[]): void {
    const producer = this.producerAt(node);
    this.readClock(producer);
    producer.isDown = true;
    if (producer.waiting !== none) {
      const message = producer.waiting;
      producer.waiting = none;
      producer.due = producer.arrivals.next();
      this.world.ledger.abandoned(message, cause);
      this.world.ledger.outcome(message, 'refused');
      producer.group.publishing.refused++;
      this.world.messages.release(message);
    }
    for (const { type, b } of cancelled) if (type === (this.publishedAgain as number)) this.world.messages.release(b as MessageId);
    this.publishers.crashed(producer.publisher, cause, cancelled);
  }

  /** Messages come again from now on: nobody made any while the process was down. */
  restarted(node: NodeId): void {
    const producer = this.producerAt(node);
    producer.isDown = false;
    producer.clockSet = this.world.sim.now;
    if (!this.stopped) this.arm(this.byNode.get(node)!, producer, producer.due);
  }

  private create(group: ProducerGroup, index: number, port: BrokerPort): void {
    const client = new ClientNode(this.sessions, this);
    const node = this.world.nodes.create(`producers.${group.name}.${index}`, client);
    const session = this.sessions.create(node, port, this, { login: loginOf(group.spec, group.spec.publish), reconnect: group.spec.reconnect });
    client.sessions.push(session);
    const publisher = this.publishers.create(`${group.name}.${index}`, group.publishing, session);
    const id = this.producers.push(new Producer(this.world, group, node, publisher)) - 1;
    this.byNode.set(node, id);
    this.publishers.onRoom(publisher, () => this.onRoom(id));
    this.sessions.connect(session);
  }

  private onArrived(id: number): void {
    const producer = this.producers[id]!;
    if (producer.clockSet > 0) this.readClock(producer);
    const message = this.createMessage(producer);
    this.publishers.announce(producer.publisher, message);
    if (this.interferences.size > 0 && this.interfere(producer, message)) return;
    if (this.publishers.publish(producer.publisher, message)) {
      this.arm(id, producer);
    } else {
      this.readClock(producer);
      producer.waiting = message;
    }
  }

  /** True when the process has died of it. */
  private interfere(producer: Producer, message: MessageId): boolean {
    const { sim, nodes, messages } = this.world;
    const { node, publisher } = producer;
    for (const { on, sees, again, dies } of this.interferences.values()) {
      if (on.has(node)) sees?.(message, node);
      if (again !== undefined && on.has(node)) {
        const delay = again(message);
        if (delay === undefined) continue;
        messages.hold(message);
        messages.publishedTwice[message] = 1;
        sim.trace.reached('producer.publishedTwice');
        sim.after(delay, this.publishedAgain, publisher, message, nodes.owner(node));
      }
      const death = on.has(node) ? dies?.(message) : undefined;
      if (death === undefined) continue;
      producer.due = producer.arrivals.next();
      if (death.when === 'before-publish') this.publishers.diedBefore(publisher, message, death.cause);
      else if (!this.publishers.publish(publisher, message)) this.publishers.diedBefore(publisher, message, death.cause);
      death.kill(node);
      return true;
    }
    return false;
  }

  /** By the application, not by a retry. */
  private onPublishedAgain(publisher: PublisherId, message: MessageId): void {
    if (this.publishers.publish(publisher, message)) return;
    // A buffer that is full and blocks: the second one is given up.
    this.world.messages.release(message);
  }

  /** The buffer has room: the source goes on where it stood still. */
  private onRoom(id: number): void {
    const producer = this.producers[id]!;
    if (producer.waiting === none || !this.publishers.publish(producer.publisher, producer.waiting)) return;
    producer.waiting = none;
    producer.clockSet = this.world.sim.now;
    if (!this.stopped) this.arm(id, producer);
  }

  private createMessage(producer: Producer): MessageId {
    const { sim, messages } = this.world;
    const { group, created } = producer;
    const recorded = group.spec.arrivals.kind === 'recorded' ? group.spec.arrivals : undefined;
    const size = Math.round(recorded?.sizes?.[created] ?? producer.drawSize());
    const key = recorded?.keys?.[created] ?? group.keys.draw(producer.keyStream);
    const priority = recorded?.priorities?.[created] ?? this.drawPriority(producer);
    const message = messages.create(producer.publisher, ++producer.created, ++group.created, key, size, priority, sim.now);
    if (group.spec.ttl !== undefined) messages.ttl[message] = group.spec.ttl;
    for (const poisoner of this.poisoners.values()) {
      if (!poisoner.nodes.has(producer.node)) continue;
      if (poisoner.selector !== undefined && !selects(poisoner.selector, this.world, message, poisoner.purpose)) continue;
      messages.poison[message] = poisoner.badness;
      poisoner.onChosen();
    }
    return message;
  }

  private drawPriority(producer: Producer): number {
    const { drawsPriority, spec } = producer.group;
    if (drawsPriority === undefined) return spec.priority as number;
    const value = producer.priorityStream.double();
    return drawsPriority.find((entry) => value < entry.upTo)!.level;
  }

  /** Schedules the next arrival: a new one, or the one whose operational time is given. */
  private arm(id: number, producer: Producer, due?: number): void {
    if (producer.created >= (producer.group.spec.messages ?? Infinity)) return;
    if (due === undefined) producer.due = producer.arrivals.next();
    if (producer.due === Infinity || this.stopped) return;
    const { sim, nodes } = this.world;
    const time = producer.clockSet + (producer.due - producer.operational) / producer.speed;
    const earliest = Math.max(sim.now, nodes.pausedUntil(producer.node));
    producer.pending = sim.after(Math.max(earliest, Math.round(time)) - sim.now, this.arrived, id, 0, nodes.owner(producer.node));
  }

  /** Until it is read first, operational time is the clock's. It stands still while the source does. */
  private readClock(producer: Producer): void {
    const { now } = this.world.sim;
    if (producer.waiting === none && !producer.isDown) producer.operational += (now - producer.clockSet) * producer.speed;
    producer.clockSet = now;
  }

  private producerAt(node: NodeId): Producer {
    return this.producers[this.byNode.get(node)!]!;
  }
}

function priorityTable(weights: Readonly<Record<string, number>>): { upTo: number; level: number }[] {
  const entries = Object.entries(weights).map(([level, weight]) => ({ level: Number(level), weight }));
  const sum = entries.reduce((total, entry) => total + entry.weight, 0);
  let upTo = 0;
  const table = entries.map(({ level, weight }) => ({ level, upTo: (upTo += weight / sum) }));
  table[table.length - 1]!.upTo = Infinity;
  return table;
}
