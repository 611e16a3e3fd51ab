/** What each node of a broker has of its own. */
import type { Sampler } from '../../../sim/distribution.ts';
import type { ConnectionPolicy } from '../../connection.ts';
import type { CopyId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import { Slowness } from '../../slowness.ts';
import type { World } from '../../world.ts';
import { BodyStore } from './body-store.ts';
import { connectionPolicy } from './set-up.ts';
import type { NodeParts } from './queue-factory.ts';
import { Wal } from './raft/wal.ts';
import { onDisk, sampler } from './sampler.ts';
import type { RabbitmqSpec } from './settings.ts';

export interface RabbitNode extends NodeParts {
  readonly drawBoot: Sampler;
  /** The same for its applications alone. */
  readonly drawStart: Sampler;
  isRefusing: boolean;
}

export function createRabbitNode(world: World, node: NodeId, spec: RabbitmqSpec, syncsLargeBodies: boolean, onBodyWritten: (copy: CopyId) => void, admit?: ConnectionPolicy['admit']): RabbitNode {
  const { sim, nodes, copies, network } = world;
  const { write, fsync, boot, start } = spec.timing;
  network.serve(node, connectionPolicy(world, node, spec, admit));
  const name = nodes.name(node);
  const disk = new Slowness();
  const wal = new Wal(sim, name, nodes.owner(node), onDisk(sim, disk, sampler(sim, `${name}/wal`, write, fsync)));
  const bodies = new BodyStore(sim, name, nodes.owner(node), onDisk(sim, disk, sampler(sim, `${name}/bodies`, write, ...(syncsLargeBodies ? [fsync] : []))), (copy) => {
    onBodyWritten(copy);
    copies.release(copy);
  });
  const pages = new Wal(sim, `${name}/pages`, nodes.owner(node), onDisk(sim, disk, sampler(sim, `${name}/pages`, write)), false);
  return { bodies, wal, pages, disk, drawBoot: sampler(sim, `${name}/boot`, boot), drawStart: sampler(sim, `${name}/start`, start), isRefusing: false };
}
