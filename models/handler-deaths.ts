/** Workers whose process dies while they handle a message, and that are started again. */
import type { EventType } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import type { CauseId } from './causes.ts';
import type { Worker } from './consumer-group.ts';
import type { CrashPoint } from './consumer-settings.ts';
import { type DeliveryId, type MessageId, none, type WorkerId } from './message.ts';
import { selects } from './selector.ts';
import type { World } from './world.ts';

export class HandlerDeaths {
  private readonly crashes: EventType<WorkerId, number>;
  private readonly restarts: EventType<WorkerId, number>;
  /** Deaths that are not of a group's settings. Their numbers go down from -2. */
  private readonly ordered: { readonly restart: Nanos; readonly cause: CauseId }[] = [];
  private readonly world: World;
  private readonly workers: readonly Worker[];

  constructor(world: World, workers: readonly Worker[]) {
    const { sim } = world;
    this.world = world;
    this.workers = workers;
    this.crashes = sim.declare('consumer.crashes');
    this.restarts = sim.declare('consumer.restarts');
    sim.handle(this.crashes, (worker, index) => this.crash(worker, index));
    sim.handle(this.restarts, (worker) => world.nodes.restart(workers[worker]!.node, 'handler'));
  }

  /** Which of the group's crash points this handling meets here; `none` when it goes on. */
  at(worker: Worker, message: MessageId, point: CrashPoint): number {
    const { crashes } = worker.group.spec;
    if (crashes.length === 0) return none;
    return crashes.findIndex((crash, index) => {
      if (crash.point !== point) return false;
      if (crash.messages !== undefined && !selects(crash.messages, this.world, message, `${worker.group.name}/crash/${index}`)) return false;
      return crash.probability === undefined || worker.crashes.double() < crash.probability;
    });
  }

  /** A death besides those of the settings, to be met later. @returns its number */
  order(restart: Nanos, cause: CauseId): number {
    return -1 - this.ordered.push({ restart, cause });
  }

  /** The crash cancels what would come next, in whichever order events of one instant go, and finds by it what was in hand. */
  holding(id: WorkerId, delivery: DeliveryId, next: EventType<WorkerId, DeliveryId>, crash: number, after: Nanos = 0): void {
    const { sim, nodes } = this.world;
    const owner = nodes.owner(this.workers[id]!.node);
    sim.after(after, this.crashes, id, crash, owner);
    sim.after(after + 1, next, id, delivery, owner);
  }

  /** The process dies now. False when it is down already. */
  kill(id: WorkerId, restart: Nanos, cause: CauseId): boolean {
    const { nodes, sim } = this.world;
    sim.trace.reached('consumer.handlerCrashed');
    if (!nodes.crash(this.workers[id]!.node, 'process', 'handler', cause)) return false;
    sim.after(restart, this.restarts, id, 0);
    return true;
  }

  private crash(id: WorkerId, index: number): void {
    const ordered = this.ordered[-2 - index];
    if (ordered !== undefined) this.kill(id, ordered.restart, ordered.cause);
    else this.kill(id, this.workers[id]!.group.spec.crashes[index]!.restart, this.world.causes.of('crash', 'handler'));
  }
}
