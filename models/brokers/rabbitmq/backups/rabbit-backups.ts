/**
 * Backups of all nodes of a cluster together, and their restore onto new nodes of the same names: what RabbitMQ's guide describes for a
 * whole data directory (rabbitmq.com/docs/backup). Nodes have to be stopped for that, all of them; a directory that is copied from under a
 * running node is not consistent, and is not to be had here. A snapshot of the disks at one instant is: nodes boot from it as after a
 * loss of power.
 *
 * Left out, and refused: backups or restores of some nodes alone. A member of a quorum queue that comes back with an old log has
 * forgotten what it had voted for and synced, and with it a majority may elect a leader that lacks what was committed.
 */
import { assert } from '../../../../sim/assert.ts';
import type { BackupKind, LossCauses, Restorable, Saved } from '../../../backup.ts';
import type { CauseId } from '../../../causes.ts';
import type { NodeId } from '../../../node.ts';
import type { Bytes } from '../../../../sim/units.ts';
import type { RabbitQueue } from '../queue.ts';
import { type DiskHost, isThere, type SavedQueue } from './queue-disk.ts';

interface BackupHost extends DiskHost {
  readonly nodes: readonly NodeId[];
  readonly lines: readonly RabbitQueue[];
}

interface SavedBroker extends Saved {
  readonly queues: readonly SavedQueue[];
}

export class RabbitBackups implements Restorable {
  onServing: () => void = () => {};
  private readonly host: BackupHost;
  private readonly bytesOn: (node: NodeId) => Bytes;

  constructor(host: BackupHost, bytesOn: (node: NodeId) => Bytes) {
    this.host = host;
    this.bytesOn = bytesOn;
  }

  save(of: Exclude<BackupKind, 'definitions'>): SavedBroker {
    const queues = this.host.lines.map((queue) => queue.disk.save(of));
    return {
      queues, messages: queues.reduce((sum, { messages }) => sum + messages, 0), bytes: Math.max(...this.host.nodes.map(this.bytesOn)),
      release: () => { for (const queue of queues) queue.release(); },
    };
  }

  loseDisks(saved: SavedBroker | undefined, reason: string, causes: LossCauses): { nodes: number; gone: number } {
    const { world: { nodes }, lines } = this.host;
    lines.forEach((queue, index) => queue.disk.losing(saved?.queues[index], causes));
    const up = this.host.nodes.filter((node) => nodes.isUp(node)).length;
    for (const node of this.host.nodes) nodes.crash(node, 'disk', reason, causes.crash);
    const gone = lines.reduce((sum, queue) => sum + queue.disk.lost(), 0);
    lines.forEach((queue, index) => this.expect(queue, saved?.queues[index]?.copies.filter((each) => isThere(this.host, each)).length ?? 0));
    return { nodes: up, gone };
  }

  /**
   * What an operator does afterwards is done at once: the node joins its cluster again, its members of replicated queues are replaced by
   * new ones, and classic queues that lived there are declared again.
   */
  wipe(node: NodeId, reason: string, causes: LossCauses): boolean {
    const { world: { nodes }, lines } = this.host;
    const there = lines.filter((queue) => queue.keepsAt(node));
    for (const queue of there) queue.disk.losing(undefined, causes);
    if (!nodes.crash(node, 'disk', reason, causes.crash)) return false;
    for (const queue of there) queue.wiped(node);
    return true;
  }

  bringBack(saved: SavedBroker | undefined, recovery: number, reason: string, cause: CauseId): { again: number; kept: number } {
    const each = saved === undefined ? [] : this.host.lines.map((queue, index) => queue.disk.bringBack(saved.queues[index]!, recovery, cause));
    saved?.queues.forEach(({ copies }, index) => this.expect(this.host.lines[index]!, copies.length));
    for (const node of this.host.nodes) this.host.world.nodes.restart(node, reason);
    return { again: each.reduce((sum, { again }) => sum + again, 0), kept: each.reduce((sum, { kept }) => sum + kept, 0) };
  }

  /** What a new disk has came from the backup, all of it and nothing else. Of a stream what its readers have not read is held, and the backup has the log. */
  private expect(queue: RabbitQueue, copies: number): void {
    assert(queue.isReadLocally || queue.held === copies, `${queue.name} has ${queue.held} messages on new disks, and ${copies} of its backup`);
  }

  get isServing(): boolean {
    const { world, nodes, lines } = this.host;
    return nodes.every((node) => world.nodes.acceptsConnections(node)) && lines.every(({ leader }) => leader !== undefined);
  }
}
