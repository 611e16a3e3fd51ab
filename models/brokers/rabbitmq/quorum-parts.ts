/** What queues over a replicated log share with their broker. */
import type { Sampler } from '../../../sim/distribution.ts';
import type { EventType } from '../../../sim/simulation.ts';
import type { AttemptId, QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { Peers } from '../../peers.ts';
import type { DestinationId } from '../../protocol.ts';
import type { DeadLetterParts } from './quorum-dead-letters.ts';
import type { CommandId } from './raft/commands.ts';
import type { RaftEvents } from './raft/member.ts';
import type { Wal } from './raft/wal.ts';
import type { VersionRules } from './versions.ts';

export interface ReplicatedParts {
  readonly nodes: readonly NodeId[];
  readonly peers: Peers;
  readonly raft: RaftEvents;
  readonly walOf: (node: NodeId) => Wal;
  readonly events: {
    readonly commandArrived: EventType<CommandId, number>;
    readonly batchTaken: EventType<QueueId, NodeId>;
    readonly appliedTold: EventType<AttemptId, QueueId>;
  };
  readonly drawOperation: Sampler;
}

export interface StreamParts extends ReplicatedParts {
  readonly events: ReplicatedParts['events'] & {
    readonly committed: EventType<QueueId, NodeId>;
    readonly committedTold: EventType<number, number>;
  };
}

export interface QuorumParts extends ReplicatedParts {
  readonly events: ReplicatedParts['events'] & {
    readonly refusalTold: EventType<QueueId, NodeId>;
    readonly headDue: EventType<QueueId, number>;
    readonly deadLettersDue: EventType<QueueId, number>;
  };
  /** `quorum_commands_soft_limit` */
  readonly softLimit: number;
  readonly version: VersionRules;
  readonly deadLetters: DeadLetterParts;
  isPersistent(destination: DestinationId): boolean;
}
