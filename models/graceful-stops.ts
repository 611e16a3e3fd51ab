/**
 * Workers that are told to end: they want no more deliveries (basic.cancel), handle what they have, settle it, close and end; who takes
 * longer than the grace that is given is killed, as Kubernetes does with a pod. What was delivered and not begun is handled too, or goes
 * back when the connection is closed.
 */
import type { EventType } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import type { CauseId } from './causes.ts';
import type { Worker } from './consumer-group.ts';
import type { ConnectionId, WorkerId } from './message.ts';
import type { NodeId } from './node.ts';
import { overhead } from './protocol.ts';
import type { World } from './world.ts';

export interface StopOrder {
  /** Who keeps it down afterwards. */
  readonly reason: string;
  readonly cause: CauseId;
  readonly grace: Nanos;
  readonly prefetched: 'handled' | 'returned';
}

interface Stop extends StopOrder {
  readonly number: number;
  /** Of the workers of its process, those to whom the broker may still send something. */
  readonly subscribed: Set<Worker>;
}

export class GracefulStops {
  private readonly stops = new Map<NodeId, Stop>();
  private readonly graceOver: EventType<NodeId, number>;
  private readonly world: World;
  private readonly workersOn: (node: NodeId) => readonly WorkerId[];
  private readonly workers: readonly Worker[];
  /** What is done and waits to be acknowledged with others is acknowledged now. */
  private readonly flush: (worker: Worker) => void;
  private ordered = 0;

  constructor(world: World, workers: readonly Worker[], workersOn: GracefulStops['workersOn'], flush: GracefulStops['flush']) {
    this.world = world;
    this.workers = workers;
    this.workersOn = workersOn;
    this.flush = flush;
    this.graceOver = world.sim.declare('consumer.graceOver');
    world.sim.handle(this.graceOver, (node, number) => this.onGraceOver(node, number));
    world.sim.handle(world.protocol.cancelOkArrived, (worker) => this.onCancelOk(worker));
  }

  /** A process is told to end. False where it is down, or ends already. */
  begin(node: NodeId, order: StopOrder): boolean {
    const { nodes, network, sim } = this.world;
    if (!nodes.isUp(node) || this.stops.has(node)) return false;
    const isBusy = this.workersOn(node).some((id) => this.workers[id]!.busy > 0 || this.workers[id]!.line.size > 0);
    sim.trace.reached(isBusy ? 'consumer.stoppedBusy' : 'consumer.stopped');
    const stop: Stop = { ...order, number: ++this.ordered, subscribed: new Set() };
    this.stops.set(node, stop);
    for (const id of this.workersOn(node)) {
      const worker = this.workers[id]!;
      const { session } = worker;
      if (!session.isOpen) continue;
      stop.subscribed.add(worker);
      network.sendToServer(session.connection as ConnectionId, overhead.subscribe, session.port.cancelArrived, id, session.connection as ConnectionId);
    }
    // Whoever supervises it kills it from outside, also while it stands still.
    sim.after(order.grace, this.graceOver, node, stop.number);
    this.review(node);
    return true;
  }

  /** It is not to end any more: whoever is not through is killed, and may start again. */
  over(node: NodeId, reason: string): void {
    if (this.stops.get(node)?.reason === reason) this.kill(node);
    this.world.nodes.restart(node, reason);
  }

  isStopping(node: NodeId): boolean {
    return this.stops.has(node);
  }

  /** What was delivered to it and not begun stays so. */
  beginsNothing(node: NodeId): boolean {
    return this.stops.get(node)?.prefetched === 'returned';
  }

  /** A worker is through with something, or lost its connection. */
  review(node: NodeId): void {
    const stop = this.stops.get(node);
    if (stop === undefined) return;
    for (const id of this.workersOn(node)) {
      const worker = this.workers[id]!;
      if (!worker.session.isOpen) stop.subscribed.delete(worker);
      if (stop.subscribed.has(worker) || worker.busy > 0 || (worker.line.size > 0 && stop.prefetched === 'handled')) return;
    }
    for (const id of this.workersOn(node)) this.flush(this.workers[id]!);
    this.end(node, stop);
  }

  /** The process died before it was through. It is not started again for that. */
  died(node: NodeId): void {
    const stop = this.stops.get(node);
    if (stop !== undefined) this.end(node, stop);
  }

  private end(node: NodeId, stop: Stop): void {
    this.stops.delete(node);
    this.world.nodes.crash(node, 'stop', stop.reason, stop.cause);
  }

  private onCancelOk(id: WorkerId): void {
    const worker = this.workers[id]!;
    this.stops.get(worker.node)?.subscribed.delete(worker);
    this.review(worker.node);
  }

  private onGraceOver(node: NodeId, number: number): void {
    if (this.stops.get(node)?.number === number) this.kill(node);
  }

  private kill(node: NodeId): void {
    const { reason, cause } = this.stops.get(node)!;
    this.world.sim.trace.reached('consumer.graceOver');
    this.stops.delete(node);
    this.world.nodes.crash(node, 'process', reason, cause);
  }
}
