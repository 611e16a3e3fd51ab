/**
 * Streams, as they are seen through AMQP 0-9-1: a log that is appended to and read, and out of which nothing is taken.
 *
 * A publish is confirmed when a majority of the replicas has written it. Nobody syncs: what the kernel had not written back is
 * gone with a host's power, and when a majority loses it, so is what was confirmed. Leaders are found as in `raft/`: of a majority
 * the one with the highest epoch and offset, which is what the stream coordinator picks.
 *
 * Each consumer reads for itself, on the node that it is connected to and as far as that knows of commits. Acknowledging gives
 * credit and nothing else, so do nack and reject: what failed is passed over. A consumer that comes again begins where it
 * says (`offset`), since nothing remembers where it was. In the ledger each worker has a copy of its own of each message, and
 * each group of workers is a branch: a message is handled when every group has handled it. The log itself holds no copies.
 *
 * Sources: rabbit_stream_queue and rabbit_stream_coordinator at v4.3.5, osiris (osiris_writer, osiris_replica, osiris_log);
 * rabbitmq.com/docs/streams. Left out: the stream protocol, filters, the coordinator's own elections, what a reader still
 * reads of a segment that is being removed; that replicas which were away catch up is not waited for.
 */
import { type EventHandle, noEvent } from '../../../sim/event-list.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { CauseId } from '../../causes.ts';
import { type AttemptId, type CopyId, type MessageId, none, type QueueId } from '../../message.ts';
import type { CrashScope, NodeId } from '../../node.ts';
import { type DestinationId, overhead, reply } from '../../protocol.ts';
import { StreamDisk } from './backups/stream-disk.ts';
import type { LetterId } from './letter.ts';
import { operation, type Operation } from './mailbox.ts';
import type { QueueHost } from './queue.ts';
import type { StreamParts } from './quorum-parts.ts';
import { ReplicatedQueue } from './replicated-queue.ts';
import type { QueueRules } from './routing/queue-rules.ts';
import { rereadingOfAll, StreamReader } from './stream/reader.ts';
import { StreamLog } from './stream/stream-log.ts';
import type { Consumer } from './consumer.ts';

/** Entries between two looks at what can be forgotten. */
const forgetEvery = 256;

export class StreamQueue extends ReplicatedQueue {
  readonly disk = new StreamDisk(this);
  private readonly parts: StreamParts;
  /** By worker; made when something first happens, for consumers are made after brokers. */
  private known: Map<number, StreamReader> | undefined;
  private written: StreamLog | undefined;
  /** Up to which offset each node knows that it is committed. */
  private readonly visible = new Map<NodeId, number>();
  private isTelling = false;

  constructor(host: QueueHost, id: QueueId, name: string, rules: QueueRules, parts: StreamParts) {
    super(host, id, name, rules, 1, parts);
    this.parts = parts;
  }

  override get isReadLocally(): boolean {
    return true;
  }

  /** Consumers' own doings are their channel's; what changes the log goes to whoever leads, and once only where nobody waits for a confirm. */
  override ask(from: NodeId, kind: Operation, a: number, b: number): void {
    if (kind !== operation.publish && kind !== operation.deadLetter) this.perform(kind, a, b);
    else if (kind === operation.publish && this.world.attempts.wantsConfirm[a] === 1) super.ask(from, kind, a, b);
    else this.channels.tell(from, this.commands.create(kind, a, b, from));
  }

  // ---- publish

  protected publish(attempt: AttemptId, destination: DestinationId): void {
    const { attempts, messages } = this.world;
    const message = attempts.messageOf(attempt);
    const offset = this.append(message, destination, messages.size[message]!, undefined);
    for (const reader of this.readers.values()) this.addCopy(reader, offset, attempt);
    this.confirm(attempt);
    this.tellSoon();
  }

  /** The copy that was made of it is the first reader's; the others get their own. */
  protected onDeadLetter(copy: CopyId): void {
    const { copies } = this.world;
    const [first, ...others] = this.readers.values();
    const offset = this.append(copies.messageOf(copy), this.host.copies.destination[copy] as DestinationId, copies.size[copy]!, copies.origin[copy]);
    copies.reader[copy] = first!.worker;
    copies.position[copy] = offset;
    copies.priority[copy] = 0;
    first!.unread.add(copy);
    for (const reader of others) this.addCopy(reader, offset, none);
    this.tellSoon();
  }

  protected onLetter(letter: LetterId): void {
    this.onDeadLetter(this.host.letters.open(letter));
    this.host.answer(letter, reply.confirmed, this.leaderNow);
  }

  private append(message: MessageId, destination: DestinationId, bytes: number, origin: number | undefined): number {
    const { first } = this.log;
    const offset = this.log.append({ message, destination, bytes, origin, at: this.world.sim.now, index: this.index });
    if (offset % forgetEvery === 0) this.log.forget(Math.min(this.group.forgotten, this.disk.rememberedFrom));
    if (this.log.first > first) for (const reader of this.readers.values()) this.dropAll(reader, reader.unreadBefore(this.log.first, this.world.copies), this.world.causes.of('retention'));
    return offset;
  }

  private addCopy(reader: StreamReader, offset: number, attempt: AttemptId | typeof none): void {
    const { copies, ledger, sim } = this.world;
    const { message, destination, bytes, origin, index } = this.log.at(offset);
    const copy = copies.create(message, attempt, this.id, bytes, 0, sim.now);
    this.host.copies.open(copy, destination, true);
    copies.reader[copy] = reader.worker;
    copies.position[copy] = offset;
    copies.storedInLog[copy] = index;
    copies.origin[copy] = origin ?? reader.branch;
    ledger.stored(copy, attempt);
    reader.unread.add(copy);
  }

  // ---- commits

  /** What is committed at one instant is told in one go. What a link loses of that is told again when it is back, or by a new leader. */
  private tellSoon(): void {
    const { sim, nodes } = this.world;
    if (this.isTelling) return;
    this.isTelling = true;
    sim.post(0, this.parts.events.committed, this.id, this.leaderNow, nodes.owner(this.leaderNow));
  }

  onCommitted(leader: NodeId): void {
    this.isTelling = false;
    for (const node of this.parts.nodes) this.tell(leader, node);
  }

  private tell(leader: NodeId, node: NodeId): void {
    const { peers, events } = this.parts;
    if (node === leader) this.onCommittedTold(node, this.log.end);
    else if (peers.isConnected(leader, node)) peers.send(leader, node, overhead.reply, events.committedTold, this.group.memberAt(node), this.log.end);
  }

  /** That node's readers may go on up to there. */
  onCommittedTold(node: NodeId, end: number): void {
    this.visible.set(node, Math.max(this.visible.get(node) ?? 0, Math.min(end, this.log.end)));
    for (const reader of this.readers.values()) if (reader.consumer !== undefined && this.servedFrom(reader.consumer) === node) this.serve(reader);
  }

  // ---- delivery

  override get waiting(): number {
    let waiting = 0;
    for (const { unread } of this.known?.values() ?? []) waiting += unread.size;
    return waiting;
  }

  protected override onSubscribed(id: number): void {
    const consumer = this.host.consumer(id);
    if (consumer === undefined || !consumer.isOpen) return;
    const node = this.servedFrom(consumer);
    if (!this.parts.nodes.includes(node)) {
      this.world.sim.trace.reached('stream.noLocalReplica');
      this.host.carriage.carry(this, node, undefined, operation.subscribe, id, 0);
      return;
    }
    const reader = this.readers.get(consumer.worker)!;
    if (reader.consumer !== undefined) this.detach(reader, reader.consumer, this.world.causes.of('connection-lost'));
    this.seek(reader, reader.startOf(this.log, this.world.sim.now));
    reader.consumer = consumer;
    this.serve(reader);
  }

  /** It goes on from that offset: what it had not read before is passed over, and what it had read after that comes again. */
  private seek(reader: StreamReader, offset: number): void {
    const { copies, causes, sim } = this.world;
    this.dropAll(reader, reader.unreadBefore(offset, copies), causes.of('skipped'));
    if (reader.rereading === 'nothing') return;
    const unread = new Map(reader.unread.all().map((copy) => [copies.position[copy]!, copy]));
    for (const copy of unread.values()) reader.unread.remove(copy);
    for (let at = offset; at < this.log.end; at++) {
      const copy = unread.get(at);
      if (copy !== undefined) {
        reader.unread.add(copy);
        continue;
      }
      sim.trace.reached('stream.readAgain');
      this.addCopy(reader, at, none);
    }
  }

  override dispatch(): void {
    for (const reader of this.readers.values()) this.serve(reader);
  }

  private serve(reader: StreamReader): void {
    const { consumer, unread } = reader;
    if (consumer === undefined || !consumer.isOpen) return;
    const visible = this.visible.get(this.servedFrom(consumer)) ?? 0;
    while (consumer.hasRoom && unread.size > 0) {
      const copy = unread.first() as CopyId;
      if (this.world.copies.position[copy]! >= visible) return;
      this.deliver(consumer, copy);
    }
  }

  protected override takeOut(copy: CopyId): void {
    this.readers.get(this.world.copies.reader[copy]!)!.unread.remove(copy);
  }

  protected override servedFrom(consumer: Consumer): NodeId {
    return this.host.serverOf(consumer.connection);
  }

  // ---- settlement

  /** A nack gives credit and nothing back. */
  protected override takeBack(copy: CopyId, _reason: CauseId): void {
    const { ledger, causes } = this.world;
    this.inFlight--;
    ledger.dropped(copy, causes.of('nacked'));
    this.retire(copy);
  }

  protected override onConsumerDown(id: number, cause: CauseId): void {
    const consumer = this.host.consumer(id);
    if (consumer === undefined) return;
    this.detach(this.readers.get(consumer.worker)!, consumer, cause);
    this.host.forget(consumer);
  }

  /** What it had not acknowledged waits, until it comes again and says where it begins. */
  private detach(reader: StreamReader, consumer: Consumer, cause: CauseId): void {
    const { copies, deliveries, ledger } = this.world;
    if (reader.consumer === consumer) reader.consumer = undefined;
    for (const delivery of consumer.unsettled(deliveries)) {
      const copy = deliveries.copyOf(delivery);
      this.closeDelivery(delivery);
      this.inFlight--;
      ledger.requeued(copy, cause);
      reader.unread.giveBack(copy, 'original');
    }
    this.dropAll(reader, reader.unreadBefore(0, copies), this.world.causes.because('unsynced', this.lastCrash));
    this.dropAll(reader, reader.unreadBefore(this.log.first, copies), this.world.causes.of('retention'));
  }

  private dropAll(reader: StreamReader, unread: readonly CopyId[], cause: CauseId): void {
    const { ledger, causes, sim } = this.world;
    if (unread.length > 0) sim.trace.reached(`stream.${causes.what(cause)}`);
    for (const copy of unread) {
      reader.unread.remove(copy);
      ledger.dropped(copy, cause);
      this.retire(copy);
    }
  }

  // ---- leaders and crashes

  override onLeader(node: NodeId): void {
    super.onLeader(node);
    this.onCommitted(node);
  }

  override peerFound(node: NodeId, peer: NodeId): void {
    super.peerFound(node, peer);
    if (node === this.leader && this.parts.nodes.includes(peer)) this.tell(node, peer);
  }

  /** All that had it lost their power: offsets from there on are given to other messages. */
  rolledBack(index: number, entries: number): void {
    this.world.occurrences.tell('log-rolled-back', { queue: this.id, entries });
    this.endAt(index, this.world.causes.because('unsynced', this.lastCrash));
  }

  /** Messages that are kept up to that place. */
  messagesUpTo(index: number): number {
    return this.log.kept(index);
  }

  /** What stood after that place is gone. @returns copies that readers had not read */
  endAt(index: number, cause: CauseId): number {
    const { copies, deliveries } = this.world;
    let gone = 0;
    const end = this.log.rolledBack(index);
    for (const [node, visible] of this.visible) this.visible.set(node, Math.min(visible, end));
    for (const reader of this.readers.values()) {
      for (const delivery of reader.consumer?.unsettled(deliveries) ?? []) {
        const copy = deliveries.copyOf(delivery);
        // It is in nobody's log; whoever holds it may still handle it.
        if (copies.position[copy]! >= end) copies.position[copy] = none;
      }
      const unread = reader.unreadFrom(end, copies);
      gone += unread.length;
      this.dropAll(reader, unread, cause);
    }
    return gone;
  }

  override crashed(node: NodeId, scope: CrashScope, cause: CauseId): void {
    super.crashed(node, scope, cause);
    this.visible.delete(node);
    for (const reader of this.readers.values()) {
      if (reader.consumer !== undefined && this.servedFrom(reader.consumer) === node) this.detach(reader, reader.consumer, cause);
    }
  }

  // ---- readers

  private get readers(): ReadonlyMap<number, StreamReader> {
    return (this.known ??= this.createReaders());
  }

  /** Every worker, in the order of the scenario; where nobody reads, somebody who never comes. */
  private createReaders(): Map<number, StreamReader> {
    const { copies, ledger, subscribers } = this.world;
    const readers = new Map<number, StreamReader>();
    const branches = new Map<string, QueueId>();
    for (const [worker, subscriber] of subscribers.entries()) {
      if (subscriber.queue !== this.id) continue;
      const branch = branches.get(subscriber.group) ?? ledger.branches.addReader(`${subscriber.group} of ${ledger.queues[this.id]!.name}`);
      branches.set(subscriber.group, branch);
      readers.set(worker, new StreamReader(copies, worker, branch, subscriber));
    }
    if (readers.size === 0) readers.set(none, new StreamReader(copies, none, this.id, undefined));
    return readers;
  }

  /** On the disk of each member. */
  get keptBytes(): Bytes {
    return this.written?.bytes ?? 0;
  }

  private get log(): StreamLog {
    const { rules: { maxSegmentBytes: segmentBytes, maxBytes: bytesMax, maxAge: ageMax } } = this;
    return (this.written ??= new StreamLog(this.world.messages, rereadingOfAll([...this.readers.values()]), { segmentBytes, bytesMax, ageMax }));
  }

  // ---- what other queues do

  /** Nothing comes back: see `takeBack`. */
  protected putBack(): void {}

  /** Nothing expires. */
  protected askToExpire(): EventHandle {
    return noEvent;
  }
}
