/**
 * A shovel: a process that takes messages out of a queue and publishes them again, to the same broker or to one at another site.
 *
 * It connects to its source, then to its destination, and consumes. on-confirm acknowledges at the source what the destination has
 * confirmed, and gives back what that refused; on-publish acknowledges what it has published; with no-ack the source forgets what it
 * sends. When either connection is lost it closes the other one, forgets everything, and begins anew after its delay: what the
 * source still has comes again, whether the destination has it or not.
 *
 * It is a client of both sides on a node of its own beside the broker that it runs in, and is down when all of that broker is.
 * Sources: rabbit_shovel_worker, rabbit_amqp091_shovel, rabbit_shovel_parameters and rabbit_shovel_dyn_worker_sup at 3.10.8,
 * 3.13.7 and 4.2.9. Left out: the time that it needs for a message, and that another node takes it over at once.
 */
import { type EventHandle, noEvent } from '../../../../sim/event-list.ts';
import type { EventType } from '../../../../sim/simulation.ts';
import type { Nanos } from '../../../../sim/units.ts';
import type { CauseId } from '../../../causes.ts';
import type { AttemptId, ConnectionId, DeliveryId, WorkerId } from '../../../message.ts';
import type { CrashScope, NodeId, Resident } from '../../../node.ts';
import { overhead, reply, type Reply } from '../../../protocol.ts';
import type { World } from '../../../world.ts';
import { Forwarding, type ForwardingParts } from './forwarding.ts';
import { ShovelEnd } from './shovel-end.ts';

/** `heartbeat` that the Erlang client asks for (amqp_client.hrl). */
const clientHeartbeat: Nanos = 10e9;

export interface ShovelParts extends Omit<ForwardingParts, 'source' | 'destination' | 'answered'> {
  readonly queue: string;
  readonly from: ShovelEnd['port'];
  readonly to: ShovelEnd['port'];
  /** As whom it logs in at its source and at its destination; undefined: as nobody, who may do everything. */
  readonly users: readonly [string | undefined, string | undefined];
  /** Infinity is no limit. */
  readonly prefetch: number;
  /** 0: it stays down. */
  readonly reconnectDelay: Nanos;
}

export class Shovel implements Resident {
  readonly node: NodeId;
  /** Set while it is on its way up. */
  private connecting: ShovelEnd | undefined;
  private isRunning = false;
  private timer: EventHandle = noEvent;
  private readonly source: ShovelEnd;
  private readonly destination: ShovelEnd;
  private readonly forwarding: Forwarding;
  private readonly worker: WorkerId;
  private readonly due: EventType;
  private readonly parts: ShovelParts;
  private readonly world: World;

  /** @param name of its node, as in `west.shovels.east` */
  constructor(world: World, name: string, parts: ShovelParts) {
    const { sim, nodes, network, subscribers } = world;
    this.world = world;
    this.parts = parts;
    this.node = nodes.create(name, this);
    network.dial(this.node, { heartbeat: clientHeartbeat });
    this.due = sim.declare(`${name}.due`);
    const delivered = sim.declare<WorkerId, DeliveryId>(`${name}.deliveryArrived`);
    const answered = sim.declare<AttemptId, Reply>(`${name}.replyArrived`);
    const draws = sim.stream(`${name}/uri`);
    this.source = new ShovelEnd(world, this.node, parts.from, parts.users[0], draws);
    this.destination = new ShovelEnd(world, this.node, parts.to, parts.users[1], draws);
    this.forwarding = new Forwarding(world, { ...parts, source: this.source, destination: this.destination, answered });
    const subscriber = { node: this.node, delivered, group: name, queue: parts.from.queue(parts.queue), prefetch: parts.prefetch, channelPrefetch: Infinity, automatic: parts.mode === 'no-ack', priority: 0, offset: undefined, handledUpTo: -1 };
    this.worker = (subscribers.push(subscriber) - 1) as WorkerId;
    sim.handle(this.due, () => this.start());
    sim.handle(delivered, (_worker, delivery) => this.forwarding.take(delivery));
    sim.handle(answered, (attempt, answer) => this.forwarding.answered(attempt, answer));
    network.paths.watchedBy({ disturbed: () => 0, broken: () => 0, mended: () => this.isRunning && this.forwarding.goOn() });
    this.hearOfDropped(delivered, answered);
    this.start();
  }

  private hearOfDropped(delivered: EventType<WorkerId, DeliveryId>, answered: EventType<AttemptId, Reply>): void {
    const { sim, network, ledger, attempts, deliveries } = this.world;
    network.onDropped(delivered, (_worker, delivery, cause) => {
      ledger.deliveryLost(delivery, cause);
      deliveries.release(delivery);
    });
    network.onDropped(answered, (attempt, answer, cause) => {
      if (answer === reply.confirmed) ledger.confirmLost(attempt, cause);
      attempts.release(attempt);
    });
    network.onDropped(this.parts.to.publishArrived, (attempt, _destination, cause) => {
      ledger.attemptLost(attempt, cause);
      attempts.release(attempt);
    });
    network.onDropped(this.parts.from.settlementArrived, (delivery, _settlement, cause) => {
      sim.trace.reached('consumer.settlementLost');
      for (const each of deliveries.together(delivery)) {
        ledger.settlementLost(each, cause);
        deliveries.release(each);
      }
    });
  }

  // ---- up and down

  private start(): void {
    this.timer = noEvent;
    this.connecting = this.source;
    this.source.connect();
  }

  connected(_node: NodeId, connection: ConnectionId): void {
    if (this.connecting === this.source && connection === this.source.connection) {
      this.connecting = this.destination;
      this.destination.connect();
    } else if (this.connecting === this.destination && connection === this.destination.connection) {
      this.connecting = undefined;
      this.isRunning = true;
      this.world.sim.trace.reached('shovel.running');
      this.world.network.sendToServer(this.source.connection, overhead.subscribe, this.parts.from.subscribeArrived, this.worker, this.source.connection);
    }
  }

  refused(_node: NodeId, connection: ConnectionId): void {
    const end = this.connecting;
    if (end?.connection === connection && !end.tryNext()) this.stop(this.world.causes.of('connection-lost'));
  }

  disconnected(_node: NodeId, connection: ConnectionId, cause: CauseId): void {
    if (connection === this.source.connection || connection === this.destination.connection) this.stop(cause);
  }

  private stop(cause: CauseId): void {
    const { sim, nodes } = this.world;
    const { reconnectDelay } = this.parts;
    sim.trace.reached('shovel.stopped');
    this.source.close(cause);
    this.destination.close(cause);
    this.forget();
    if (reconnectDelay > 0) this.timer = sim.after(reconnectDelay, this.due, 0, 0, nodes.owner(this.node));
  }

  private forget(): void {
    this.connecting = undefined;
    this.isRunning = false;
    this.forwarding.forget();
  }

  /** A node of the broker that it runs in takes connections again, and has started it with everything else. */
  hostBooted(): void {
    if (this.isRunning || this.connecting !== undefined || !this.world.nodes.isUp(this.node)) return;
    this.world.sim.cancel(this.timer);
    this.start();
  }

  crashed(_node: NodeId, _scope: CrashScope, _cause: CauseId): void {
    this.source.forget();
    this.destination.forget();
    this.timer = noEvent;
    this.forget();
  }

  restarted(): void {
    this.start();
  }
}
