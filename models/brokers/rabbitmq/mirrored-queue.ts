/**
 * Mirrored classic queues, up to 3.13: a classic queue whose leader tells everything to mirrors on other nodes.
 *
 * A publish is confirmed when the leader and all mirrors that were members when it came have it, each by the rule of a classic
 * queue; who is lost meanwhile is not waited for (rabbit_classic_queue `qpids`, `settle_seq_nos`). A mirror joins empty
 * (_slave `handle_go`). When the leader's node is lost, the member that is the longest in the group leads (_misc `promote_slave`):
 * what it lacks is gone, what was unacknowledged comes again (_master `promote_backing_queue_state`), what channels had sent to
 * the dead leader it takes in, since they send every publish to the mirrors too (_slave `promote_me`), and all of that is flagged
 * redelivered, delivered before or not: a mirror takes in every message as if it had been (_slave `process_instruction`).
 *
 * Sources: rabbit_mirror_queue_master, _slave, _sync, _misc and _coordinator, rabbit_classic_queue, rabbit_channel and
 * rabbit_amqqueue_process at 3.13.7, the same in these rules at 3.10.8; rabbitmq.com/docs/3.13/ha. Left out, see
 * docs/brokers/rabbitmq.md: the ring of gm, batches of a synchronisation; the second leader that a partition makes is refused.
 */
import type { EventType } from '../../../sim/simulation.ts';
import type { CauseId } from '../../causes.ts';
import { type AttemptId, type ConnectionId, type CopyId, none, type QueueId } from '../../message.ts';
import { type CrashScope, isInOrder, type NodeId } from '../../node.ts';
import { ClassicQueue } from './classic-queue.ts';
import { isLetter, type LetterId } from './letter.ts';
import { operation, type Operation, type Waiting } from './mailbox.ts';
import type { Mirror } from './mirrors/mirror.ts';
import { type MirroredLeader, MirrorGroup, type MirrorParts, queueAt } from './mirrors/mirror-group.ts';
import { Synchronisation } from './mirrors/synchronisation.ts';
import type { QueueHost } from './queue.ts';
import type { QueueRules } from './routing/queue-rules.ts';

/** A request of a channel that lives on another node than the leader that died. */
interface Kept extends Waiting {
  readonly from: NodeId;
}

export class MirroredQueue extends ClassicQueue implements MirroredLeader {
  readonly mirrors: MirrorGroup;
  private readonly more: MirrorParts;
  private readonly booted: Set<NodeId>;
  readonly synchronisation: Synchronisation;
  /** The leader is dead and a mirror will notice. */
  private death: { readonly scope: CrashScope; readonly cause: CauseId } | undefined;
  private kept: Kept[] = [];
  /** So many of the operations that wait were sent to it as to a mirror: first in line, and what they bring is flagged. */
  private handedOver = 0;

  constructor(host: QueueHost, id: QueueId, name: string, rules: QueueRules, home: NodeId, parts: MirrorParts) {
    super(host, id, name, rules, home, parts.partsAt(home));
    this.more = parts;
    this.booted = new Set(host.nodes);
    this.mirrors = new MirrorGroup(host, this, parts);
    this.synchronisation = new Synchronisation(host.world, this, this.mirrors, parts, () => {
      if (this.isUp) this.goOn();
    });
    this.review();
  }

  // ---- members

  private review(): void {
    if (this.leader === undefined) return;
    this.mirrors.fill((node) => this.isReachable(node));
    this.synchroniseWhenIdle();
  }

  private isReachable(node: NodeId): boolean {
    const { peers } = this.more;
    return this.booted.has(node) && peers.isConnected(this.home, node) && peers.isConnected(node, this.home);
  }

  private left(mirror: Mirror): void {
    if (!mirror.isIn) return;
    this.mirrors.left(mirror);
    this.synchronisation.ended(mirror);
  }

  // ---- storing and confirming

  protected override perform(kind: Operation, a: number, b: number): void {
    super.perform(kind, a, b);
    if (this.handedOver > 0) this.handedOver--;
  }

  protected override place(copy: CopyId, ttl: number): void {
    super.place(copy, ttl);
    if (this.handedOver > 0) this.host.copies.redelivered[copy] = 1;
  }

  protected override store(copy: CopyId): void {
    const { copies } = this.world;
    super.store(copy);
    const attempt = copies.attempt[copy]!;
    this.mirrors.store(copy, attempt !== none && this.channelOf(attempt as AttemptId) !== this.home);
  }

  protected override confirmNowOrLater(attempt: AttemptId | LetterId, copy: CopyId): void {
    if (this.host.copies.persistent[copy] === 1 || !this.isAwaited(attempt) || !this.mirrors.isAwaited(copy)) {
      super.confirmNowOrLater(attempt, copy);
      return;
    }
    this.host.copies.unconfirmed[copy] = attempt;
    this.confirm(copy);
  }

  protected override confirm(copy: CopyId): void {
    if (this.mirrors.isAwaited(copy)) this.mirrors.doneAtLeader(copy);
    else super.confirm(copy);
  }

  confirmedByAll(copy: CopyId): void {
    // A dead leader says nothing: whoever leads next does.
    if (this.world.nodes.isUp(this.home)) super.confirm(copy);
  }

  override retire(copy: CopyId): void {
    // What nobody needs any more is confirmed without waiting for anybody.
    if (this.mirrors.forget(copy)) super.confirm(copy);
    super.retire(copy);
  }

  // ---- synchronisation

  private synchroniseWhenIdle(): void {
    if (this.synchronisation.wanting().length === 0 || !this.mailbox.isIdle) return;
    this.mailbox.block();
    this.goOn();
  }

  protected override goOn(): void {
    if (this.synchronisation.isUnderWay) return;
    const mirrors = this.synchronisation.wanting();
    if (mirrors.length === 0) super.goOn();
    else this.synchronisation.begin(mirrors);
  }

  // ---- what is asked while nobody leads

  override ask(from: NodeId, kind: Operation, a: number, b: number): void {
    if (this.death === undefined) super.ask(from, kind, a, b);
    else this.keep({ from, kind, a, b });
  }

  /** A frame for a leader that is gone. True when it is not lost: mirrors have it, too. */
  override takesOver(kind: Operation, a: number, b: number, from: NodeId, to: NodeId): boolean {
    const { nodes } = this.world;
    const isDying = this.isUp && !nodes.isUp(this.home) && to === this.home;
    if (!isDying && this.death === undefined && to === this.home) return false;
    if (!isDying && this.death === undefined) this.ask(from, kind, a, b);
    else this.keep({ from, kind, a, b });
    return true;
  }

  /** Publishes went to the mirrors, too, and consumers come again; settlements went to the leader alone. */
  private keep(what: Kept): void {
    const { kind, a } = what;
    if (kind === operation.publish || kind === operation.deadLetter || kind === operation.letter) this.kept.push(what);
    else if (kind === operation.settle) this.lose(kind, a, this.world.causes.of('connection-lost'));
    else if (kind === operation.subscribe) this.suspend(a);
    else if (kind === operation.down) this.forgetConsumer(a);
  }

  private suspend(id: number): void {
    const consumer = this.host.consumer(id);
    if (consumer !== undefined) consumer.isOpen = false;
    this.forgetConsumer(id);
  }

  private forgetConsumer(id: number): void {
    const consumer = this.host.consumer(id);
    if (consumer !== undefined) this.host.forget(consumer);
  }

  // ---- losing the leader

  /**
   * Whoever leads after that, in line. On a shutdown both policies have a say: a leader that is stopped stops its mirrors where
   * none is synchronised (_master `terminate`), and a mirror that is to lead asks as after a failure (_misc `remove_from_queue`).
   */
  protected heirs(scope: CrashScope): Mirror[] {
    const { promoteOnFailure, promoteOnShutdown } = this.more.mirrors;
    const anybody = promoteOnFailure === 'always' && (!isInOrder(scope) || promoteOnShutdown === 'always');
    return this.mirrors.members().filter((mirror) => anybody || mirror.isSynchronised);
  }

  override isOn(node: NodeId): boolean {
    return super.isOn(node) && this.death === undefined;
  }

  /** Who is to be promoted has everything that a process in order would write. */
  override finish(cause: CauseId): void {
    if (this.heirs('stop').length === 0) super.finish(cause);
  }

  override nodeCrashed(node: NodeId, scope: CrashScope, cause: CauseId): AttemptId[] {
    const unanswered = super.nodeCrashed(node, scope, cause);
    this.memberCrashed(node);
    return unanswered;
  }

  override keepsAt(node: NodeId): boolean {
    return super.keepsAt(node) || this.mirrors.on(node)?.isIn === true;
  }

  /** A node with a mirror may have died. */
  private memberCrashed(node: NodeId): void {
    this.booted.delete(node);
    const mirror = this.mirrors.on(node);
    if (node === this.home || mirror === undefined) return;
    this.left(mirror);
    if (this.death !== undefined) this.succeed();
    else this.review();
  }

  protected override crashed(scope: CrashScope, cause: CauseId): AttemptId[] {
    if (this.heirs(scope).length === 0) return this.crashedAlone(scope, cause);
    const { home } = this;
    this.death = { scope, cause };
    this.isUp = false;
    this.synchronisation.abort();
    const unanswered: AttemptId[] = [];
    // Links close first: what was on its way, which came after what was there.
    const onItsWay = this.kept.splice(0);
    for (const what of this.mailbox.crashed()) {
      const from = what.kind === operation.publish ? this.channelOf(what.a as AttemptId) : home;
      if (what.kind !== operation.publish || from !== home) this.keep({ ...what, from });
      else {
        this.world.ledger.attemptLost(what.a as AttemptId, cause);
        unanswered.push(what.a as AttemptId);
      }
    }
    this.kept.push(...onItsWay);
    for (const consumer of this.turns.removeAll()) this.returnUnsettled(consumer, cause);
    return unanswered;
  }

  override restored(): void {
    this.mirrors.beginAnew(this.ready.all());
  }

  private crashedAlone(scope: CrashScope, cause: CauseId): AttemptId[] {
    this.isUp = false;
    this.handedOver = 0;
    for (const mirror of this.mirrors.members()) this.left(mirror);
    const unanswered = super.crashed(scope, cause);
    for (const { kind, a } of this.kept.splice(0)) {
      if (kind === operation.publish) {
        this.world.ledger.attemptLost(a as AttemptId, cause);
        unanswered.push(a as AttemptId);
      } else {
        this.lose(kind, a, cause);
      }
    }
    this.mirrors.beginAnew(this.ready.all());
    return unanswered;
  }

  override suspect(node: NodeId, peer: NodeId): void {
    if (this.more.peers.isConnected(node, peer)) return;
    if (this.death !== undefined) this.succeed();
    else if (node === this.home && this.isUp) {
      const mirror = this.mirrors.on(peer);
      if (mirror !== undefined) this.left(mirror);
      this.review();
    }
  }

  /** The first in the line of succession leads as soon as it misses the leader; nobody is left: the leader's own disk is. */
  private succeed(): void {
    const { scope, cause } = this.death!;
    const [heir] = this.heirs(scope);
    if (heir === undefined) {
      this.death = undefined;
      for (const attempt of this.crashedAlone(scope, cause)) this.host.abandon(attempt);
    } else if (!this.more.peers.isConnected(heir.node, this.home)) {
      this.promote(heir);
    }
  }

  private promote(heir: Mirror): void {
    const { scope, cause } = this.death!;
    const { copies, sim } = this.world;
    sim.trace.reached('mirror.promoted');
    this.death = undefined;
    for (const copy of this.journal.crashed(scope)) copies.release(copy);
    for (const copy of this.ready.all()) if (!heir.has.has(copy)) this.loseCopy(copy, cause);
    const { unflushed } = heir;
    const waiting = new Set(unflushed);
    this.moveTo(heir.node, this.more.partsAt(heir.node));
    this.adopt(waiting);
    this.left(heir);
    this.mailbox.block();
    this.goOn();
    this.handedOver = this.kept.length;
    for (const { kind, a, b } of this.kept.splice(0)) this.arrive(kind, a, b);
    this.review();
    this.host.onLeaderOf(this, this.home);
    this.dispatch();
  }

  /** What the mirror had on its disk is on the leader's; what it had not is written by the leader. */
  private adopt(unflushed: ReadonlySet<CopyId>): void {
    const { copies } = this.host;
    const persistent = this.ready.all().filter((copy) => copies.persistent[copy] === 1);
    for (const copy of this.ready.all()) {
      copies.stored[copy] = 0;
      copies.redelivered[copy] = 1;
    }
    for (const copy of persistent.filter((each) => !unflushed.has(each))) {
      copies.bodyWritten[copy] = 1;
      this.journal.store(copy);
    }
    this.journal.closed();
    for (const copy of this.ready.all()) {
      if (unflushed.has(copy)) super.store(copy);
      if (copies.unconfirmed[copy] === none) continue;
      if (unflushed.has(copy)) this.journal.await(copy);
      else this.confirm(copy);
    }
  }

  private loseCopy(copy: CopyId, cause: CauseId): void {
    const { copies } = this.host;
    const attempt = copies.unconfirmedOf(copy);
    copies.unconfirmed[copy] = none;
    this.mirrors.forget(copy);
    this.ready.remove(copy);
    this.world.sim.trace.reached('mirror.lost');
    this.world.ledger.dropped(copy, this.world.causes.because('unsynchronised', cause));
    copies.close(copy);
    this.world.copies.release(copy);
    if (attempt === none) return;
    if (isLetter(attempt)) this.host.letters.lost(attempt);
    else this.host.abandon(attempt);
  }

  // ---- nodes and links that come back

  override peerFound(): void {
    this.review();
  }

  override nodeBooted(node: NodeId): void {
    this.booted.add(node);
    if (node === this.home && this.death !== undefined) this.promote(this.heirs(this.death.scope)[0]!);
    else if (node === this.home) super.nodeBooted(node);
    this.review();
  }

  /** A frame will not arrive. True when it was one of this queue. */
  override hasLost(type: EventType, a: number, b: number, _from: NodeId): boolean {
    const { stored, confirmed, syncArrived, syncTold } = this.more.events;
    const isCopy = [stored, confirmed].some((event) => type === (event as number));
    if (!isCopy && ![syncArrived, syncTold].some((event) => type === (event as number))) return false;
    if (queueAt(isCopy ? b : a) !== this.id) return false;
    if (isCopy) this.mirrors.lost(a as CopyId, b, type === (confirmed as number));
    return true;
  }

  override isIdle(): boolean {
    return super.isIdle() && this.death === undefined && !this.synchronisation.isUnderWay && this.mirrors.isIdle;
  }

  private channelOf(attempt: AttemptId): NodeId {
    return this.host.serverOf(this.world.attempts.connection[attempt] as ConnectionId);
  }
}
