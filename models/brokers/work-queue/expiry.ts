/** Times to live: a copy expires while it is ready, to the nanosecond; what is in flight does not. */
import { noEvent } from '../../../sim/event-list.ts';
import type { EventType, OwnerId } from '../../../sim/simulation.ts';
import type { CopyId } from '../../message.ts';
import type { World } from '../../world.ts';
import type { WorkQueueState } from './parts.ts';

export class Expiry {
  private readonly expired: EventType<CopyId, number>;
  private readonly owner: OwnerId;
  private readonly world: World;

  constructor(world: World, name: string, owner: OwnerId, onExpired: (copy: CopyId) => void) {
    this.world = world;
    this.owner = owner;
    this.expired = world.sim.declare(`${name}.expired`);
    world.sim.handle(this.expired, (copy) => {
      world.copies.expiry[copy] = noEvent;
      onExpired(copy);
    });
  }

  /** The copy is ready: its time runs. */
  arm(copy: CopyId, state: WorkQueueState): void {
    const { sim, copies } = this.world;
    const expiresAt = copies.expiresAt[copy]!;
    if (expiresAt === Infinity) return;
    const left = Math.max(0, expiresAt - sim.now);
    copies.expiry[copy] =
      state.ttlLane !== undefined && left === state.spec.ttl
        ? sim.afterLane(state.ttlLane, this.expired, copy, 0, this.owner)
        : sim.after(left, this.expired, copy, 0, this.owner);
  }

  /** The copy is not ready any more. */
  disarm(copy: CopyId): void {
    const { copies, sim } = this.world;
    if (copies.expiresAt[copy] === Infinity) return;
    sim.cancel(copies.expiryOf(copy));
    copies.expiry[copy] = noEvent;
  }
}
