/** The queues of a broker, each of its type, and the events that all queues of a type share. */
import type { EventType } from '../../../sim/simulation.ts';
import type { AttemptId, QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { Peers } from '../../peers.ts';
import type { Slowness } from '../../slowness.ts';
import type { BodyStore } from './body-store.ts';
import type { ClassicParts } from './classic-parts.ts';
import { ClassicQueue } from './classic-queue.ts';
import type { Destinations } from './destinations.ts';
import type { Letters } from './letters.ts';
import { operation } from './mailbox.ts';
import { MirroredQueue } from './mirrored-queue.ts';
import { type MirrorEvents, type MirrorParts, queueAt } from './mirrors/mirror-group.ts';
import type { QueueHost, RabbitQueue } from './queue.ts';
import type { QuorumParts, StreamParts } from './quorum-parts.ts';
import { QuorumQueue } from './quorum-queue.ts';
import type { ReplicatedQueue } from './replicated-queue.ts';
import type { RaftEvents } from './raft/member.ts';
import { groupOf, groupOfMember } from './raft/addresses.ts';
import type { RaftGroup } from './raft/raft-group.ts';
import type { CommandId } from './raft/commands.ts';
import type { Wal } from './raft/wal.ts';
import { Policies } from './routing/policies.ts';
import { effectiveArguments, type QueueRules } from './routing/queue-rules.ts';
import { onDisk, sampler } from './sampler.ts';
import { StreamQueue } from './stream-queue.ts';
import type { RabbitmqSpec } from './settings.ts';
import type { VersionRules } from './versions.ts';

/** What a node has for all its queues. */
export interface NodeParts {
  readonly bodies: BodyStore;
  readonly wal: Wal;
  /** What is written and left to the kernel. */
  readonly pages: Wal;
  readonly disk: Slowness;
}

/** The class of each type of queue; tests put queues with planted bugs there. */
export interface QueueTypes {
  readonly classic: typeof ClassicQueue;
  /** Classic, with mirrors. */
  readonly mirrored: typeof MirroredQueue;
  readonly quorum: typeof QuorumQueue;
  readonly stream: typeof StreamQueue;
}
export const queueTypes: QueueTypes = { classic: ClassicQueue, mirrored: MirroredQueue, quorum: QuorumQueue, stream: StreamQueue };

export function createQueues(
  host: QueueHost & { readonly letters: Letters }, name: string, spec: RabbitmqSpec, version: VersionRules, destinations: Destinations, peers: Peers, partsOf: (node: NodeId) => NodeParts,
  types: QueueTypes,
): RabbitQueue[] {
  const { sim, ledger, moments, attempts } = host.world;
  const { timing } = spec;
  const policies = new Policies(spec.policies);
  const byId: RabbitQueue[] = [];
  const isPersistent: ClassicParts['isPersistent'] = (destination) => destinations.of(destination).persistent;
  const classicEvents = declareClassic(host, name, (id) => byId[id] as ClassicQueue);
  const mirrorEvents = declareMirrors(host, name, (id) => byId[id] as MirroredQueue);
  const quorum = declareReplicated(host, name, (id) => byId[id] as ReplicatedQueue);
  moments.add('appended', classicEvents.published, (attempt) => attempts.messageOf(attempt as AttemptId), (_, id) => (byId[id] as ClassicQueue).home);

  const createClassic = (id: QueueId, queue: string, home: NodeId, rules: QueueRules): ClassicQueue => {
    const draw = (what: string, ...specs: Parameters<typeof sampler>[2][]) => sampler(sim, `${name}/${queue}/${what}`, ...specs);
    const flush = rules.storeVersion === 1 ? draw('flush', timing.write, timing.fsync) : draw('flush', timing.write);
    const shared = { delivery: draw('delivery', timing.delivery), turnaround: draw('turnaround', timing.turnaround), operation: draw('operation', timing.operation), awake: timing.awake };
    const partsAt = (node: NodeId): ClassicParts => {
      const { bodies, disk } = partsOf(node);
      return { events: classicEvents, isPersistent, bodies, syncsBodies: version.syncsLargeBodies, timing: { ...shared, flush: onDisk(sim, disk, flush) } };
    };
    if (rules.mirrors === undefined) return new types.classic(host, id, queue, rules, home, partsAt(home));
    const ofMirrors = (what: string, ...specs: Parameters<typeof sampler>[2][]) => draw(`mirrors/${what}`, ...specs);
    const mirrorFlush = rules.storeVersion === 1 ? ofMirrors('flush', timing.write, timing.fsync) : ofMirrors('flush', timing.write);
    const mirrorParts: MirrorParts = {
      mirrors: rules.mirrors, events: mirrorEvents, peers, partsAt, drawOperation: ofMirrors('operation', timing.operation),
      drawFlush: (node) => partsOf(node).disk.of(mirrorFlush(), sim.now),
    };
    return new types.mirrored(host, id, queue, rules, home, mirrorParts);
  };
  const deadLetters: QuorumParts['deadLetters'] = {
    letters: host.letters, due: quorum.events.deadLettersDue,
    prefetch: spec.config.dead_letter_worker_consumer_prefetch, timeout: spec.config.dead_letter_worker_publisher_confirm_timeout,
  };
  const quorumParts = (queue: string, nodes: readonly NodeId[]): QuorumParts => ({
    ...quorum, nodes, peers, version, softLimit: spec.config.quorum_commands_soft_limit, isPersistent, deadLetters, walOf: (node) => partsOf(node).wal,
    drawOperation: sampler(sim, `${name}/${queue}/operation`, timing.operation),
  });

  const streamParts = (queue: string, nodes: readonly NodeId[]): StreamParts => ({
    ...quorum, nodes, peers, walOf: (node) => partsOf(node).pages, drawOperation: sampler(sim, `${name}/${queue}/operation`, timing.operation),
  });

  return Object.entries(spec.queues).map(([queue, settings]) => {
    const id = ledger.openQueue(`${name}/${queue}`);
    const rules = effectiveArguments(settings, policies.forQueue(queue, settings.arguments['x-queue-type']), spec.version);
    const first = settings.node % host.nodes.length;
    const members = membersOf(host.nodes, first, rules.groupSize);
    const create = (): RabbitQueue => {
      switch (rules.type) {
        case 'classic': return createClassic(id, queue, members[0]!, rules);
        case 'quorum': return new types.quorum(host, id, queue, rules, quorumParts(queue, members));
        case 'stream': return new types.stream(host, id, queue, rules, streamParts(queue, members));
      }
    };
    return (byId[id] = create());
  });
}

/** The node that it was declared on, and those that follow it: RabbitMQ draws them, so that any will do. */
function membersOf(nodes: readonly NodeId[], first: number, size: number): NodeId[] {
  return Array.from({ length: Math.min(size, nodes.length) }, (_, index) => nodes[(first + index) % nodes.length]!);
}

function declareClassic({ world: { sim } }: QueueHost, name: string, of: (id: QueueId) => ClassicQueue): ClassicParts['events'] {
  const events = {
    published: sim.declare<number, QueueId>(`${name}.appended`), settled: sim.declare<number, QueueId>(`${name}.settled`), other: sim.declare<number, QueueId>(`${name}.queueTold`),
    flushed: sim.declare<QueueId, number>(`${name}.flushed`), idle: sim.declare<QueueId, number>(`${name}.queueIdle`),
    writtenBack: sim.declare<QueueId, number>(`${name}.writtenBack`), headDue: sim.declare<QueueId, number>(`${name}.headDue`),
  };
  for (const type of [events.published, events.settled, events.other]) sim.handle(type, (_, id) => of(id).onOperationDone());
  sim.mayBeLate(events.flushed);
  sim.handle(events.flushed, (id) => of(id).onFlushed());
  sim.handle(events.idle, (id) => of(id).onIdle());
  sim.handle(events.writtenBack, (id) => of(id).onWrittenBack());
  sim.handle(events.headDue, (id) => of(id).arrive(operation.expire, 0, 0));
  return events;
}

function declareMirrors({ world: { sim } }: QueueHost, name: string, of: (id: QueueId) => MirroredQueue): MirrorEvents {
  const events: MirrorEvents = {
    stored: sim.declare(`${name}.mirrorStored`), flushed: sim.declare(`${name}.mirrorFlushed`), confirmed: sim.declare(`${name}.mirrorConfirmed`),
    syncArrived: sim.declare(`${name}.syncArrived`), syncTaken: sim.declare(`${name}.syncTaken`), syncTold: sim.declare(`${name}.syncTold`),
  };
  sim.handle(events.stored, (copy, at) => of(queueAt(at)).mirrors.onStored(copy, at));
  sim.handle(events.flushed, (at, rank) => of(queueAt(at)).mirrors.onFlushed(at, rank));
  sim.handle(events.confirmed, (copy, at) => of(queueAt(at)).mirrors.onConfirmed(copy, at));
  sim.handle(events.syncArrived, (at, rank) => of(queueAt(at)).synchronisation.onArrived(at, rank));
  sim.handle(events.syncTaken, (at, rank) => of(queueAt(at)).synchronisation.onTaken(at, rank));
  sim.handle(events.syncTold, (at, rank) => of(queueAt(at)).synchronisation.onTold(at, rank));
  return events;
}

function declareReplicated({ world: { sim } }: QueueHost, name: string, of: (id: QueueId) => ReplicatedQueue): { raft: RaftEvents; events: QuorumParts['events'] & StreamParts['events'] } {
  const raftEvent = (what: string, groupId: (a: number) => number, handler: (group: RaftGroup, a: number, b: number) => void): EventType<number, number> => {
    const type = sim.declare(`${name}.raft.${what}`);
    sim.handle(type, (a, b) => handler(of(groupId(a) as QueueId).group, a, b));
    if (what === 'electionDue') sim.mayBeLate(type);
    return type;
  };
  const events = {
    commandArrived: sim.declare<CommandId, number>(`${name}.commandArrived`), batchTaken: sim.declare<QueueId, NodeId>(`${name}.batchTaken`),
    appliedTold: sim.declare<AttemptId, QueueId>(`${name}.appliedTold`), refusalTold: sim.declare<QueueId, NodeId>(`${name}.refusalTold`), headDue: sim.declare<QueueId, number>(`${name}.quorumHeadDue`),
    committed: sim.declare<QueueId, NodeId>(`${name}.committed`), committedTold: sim.declare(`${name}.committedTold`),
    deadLettersDue: sim.declare<QueueId, number>(`${name}.deadLettersDue`),
  };
  sim.handle(events.commandArrived, (command, at) => of(groupOfMember(at) as QueueId).onCommandArrived(command, at));
  sim.handle(events.batchTaken, (id, node) => of(id).onBatchTaken(node));
  sim.handle(events.appliedTold, (attempt, id) => of(id).onAppliedTold(attempt));
  sim.handle(events.refusalTold, (id, node) => (of(id) as QuorumQueue).refusals.onTold(node));
  sim.handle(events.headDue, (id) => (of(id) as QuorumQueue).onHeadDue());
  sim.handle(events.committed, (id, leader) => (of(id) as StreamQueue).onCommitted(leader));
  sim.handle(events.committedTold, (at, end) => {
    const stream = of(groupOfMember(at) as QueueId) as StreamQueue;
    stream.onCommittedTold(stream.group.nodeOf(at), end);
  });
  sim.handle(events.deadLettersDue, (id) => (of(id) as QuorumQueue).deadLetters!.worker.onDue());
  return {
    events,
    raft: {
      appendArrived: raftEvent('appendArrived', groupOf, (group, address, last) => group.onAppendArrived(address, last)),
      appendedArrived: raftEvent('appendedArrived', groupOf, (group, address, synced) => group.onAppendedArrived(address, synced)),
      voteAsked: raftEvent('voteAsked', groupOf, (group, address, isPreVote) => group.onVoteAsked(address, isPreVote)),
      voteGiven: raftEvent('voteGiven', groupOf, (group, address, isPreVote) => group.onVoteGiven(address, isPreVote)),
      leadershipOffered: raftEvent('leadershipOffered', groupOf, (group, address) => group.onLeadershipOffered(address)),
      electionDue: raftEvent('electionDue', groupOfMember, (group, who, timer) => group.onElectionDue(who, timer)),
    },
  };
}
