/**
 * Backups of a work queue: a snapshot of its disk has the records that are synced, as a loss of power would leave them. That it may be
 * stopped in order is not known of it. What comes back is not flagged as redelivered: it is a new message to this broker.
 */
import type { LossCauses, Restorable, Saved } from '../../backup.ts';
import type { CauseId } from '../../causes.ts';
import { broughtBack, type CopyId, none } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { World } from '../../world.ts';
import type { Durability } from './durability.ts';
import type { Outage } from './outage.ts';
import type { WorkQueueState } from './parts.ts';
import type { Subscriptions } from './subscriptions.ts';

interface SavedCopies extends Saved {
  /** By queue, in the order in which they stood; held, so that their numbers mean no others. */
  readonly copies: ReadonlyMap<WorkQueueState, readonly CopyId[]>;
}

export class WorkQueueBackups implements Restorable {
  onServing: () => void = () => {};
  private readonly world: World;
  private readonly node: NodeId;
  private readonly states: readonly WorkQueueState[];
  private readonly parts: { readonly durability: Durability; readonly subscriptions: Subscriptions; readonly outage: Outage };

  constructor(world: World, node: NodeId, states: readonly WorkQueueState[], parts: WorkQueueBackups['parts']) {
    this.world = world;
    this.node = node;
    this.states = states;
    this.parts = parts;
  }

  save(): SavedCopies {
    const { copies } = this.world;
    const saved = new Map(this.states.map((state) => [state, this.onDisk(state)]));
    const all = [...saved.values()].flat();
    for (const copy of all) copies.hold(copy);
    return { copies: saved, messages: all.length, bytes: all.reduce((sum, copy) => sum + copies.size[copy]!, 0), release: () => { for (const copy of all) copies.release(copy); } };
  }

  private onDisk(state: WorkQueueState): CopyId[] {
    const { durability, subscriptions } = this.parts;
    const { copies, deliveries } = this.world;
    const held = subscriptions.unsettledOf(state).map((delivery) => deliveries.copyOf(delivery));
    const removed = durability.removedInVain().filter((copy) => copies.queue[copy] === state.id);
    return [...state.ready.all(), ...held].filter((copy) => durability.isSynced(copy)).concat(removed).sort((one, other) => copies.position[one]! - copies.position[other]!);
  }

  loseDisks(saved: SavedCopies | undefined, reason: string, { loss, crash }: LossCauses): { nodes: number; gone: number } {
    const { nodes } = this.world;
    const up = nodes.isUp(this.node) ? 1 : 0;
    const disk = { kept: new Set([...(saved?.copies.values() ?? [])].flat()), loss, gone: 0 };
    this.parts.outage.lostDisk = disk;
    nodes.crash(this.node, 'disk', reason, crash);
    return { nodes: up, gone: disk.gone };
  }

  wipe(node: NodeId, reason: string, causes: LossCauses): boolean {
    const wasUp = this.world.nodes.isUp(node);
    this.loseDisks(undefined, reason, causes);
    return wasUp;
  }

  bringBack(saved: SavedCopies | undefined, recovery: number, reason: string, cause: CauseId): { again: number; kept: number } {
    const { ledger, nodes } = this.world;
    let kept = 0;
    for (const [state, copies] of saved?.copies ?? []) {
      for (const copy of copies) {
        if (ledger.buckets.of(copy) === 'ready') {
          kept++;
          ledger.keptByBackup(copy, cause);
        } else {
          const again = this.recreate(copy, recovery);
          ledger.broughtBack(again, copy, cause);
          state.ready.giveBack(again, 'original');
        }
      }
    }
    nodes.restart(this.node, reason);
    return { again: (saved?.messages ?? 0) - kept, kept };
  }

  private recreate(from: CopyId, recovery: number): CopyId {
    const { copies, sim } = this.world;
    const attempt = copies.attempt[from] === none ? none : broughtBack;
    const copy = copies.create(copies.messageOf(from), attempt, copies.queue[from] as WorkQueueState['id'], copies.size[from]!, copies.priority[from]!, sim.now);
    copies.origin[copy] = copies.origin[from]!;
    copies.position[copy] = copies.position[from]!;
    copies.expiresAt[copy] = copies.expiresAt[from]!;
    copies.altered[copy] = copies.altered[from]!;
    copies.recovery[copy] = recovery;
    this.parts.durability.restore(copy);
    return copy;
  }

  get isServing(): boolean {
    return this.world.nodes.acceptsConnections(this.node);
  }
}
