/**
 * Dead letters between the worker that published them and the queues that they go to, and the answers on their way back. Each
 * holds the copy that it was made from until it arrived, and from then on the copy that it became, until its worker heard of it.
 */
import type { EventType } from '../../../sim/simulation.ts';
import type { Bytes } from '../../../sim/units.ts';
import { type CopyId, none } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { Peers } from '../../peers.ts';
import { overhead, reply, type Reply } from '../../protocol.ts';
import type { World } from '../../world.ts';
import type { Death, RabbitCopies } from './copies.ts';
import type { DeadLetters } from './dead-letters.ts';
import { firstLetter, type LetterBox, type LetterId } from './letter.ts';
import type { RabbitQueue } from './queue.ts';

export interface Letter {
  readonly sender: LetterSender;
  readonly copy: CopyId;
  readonly target: RabbitQueue;
  readonly deaths: readonly Death[];
  into: CopyId | typeof none;
}

export interface LetterSender {
  readonly node: NodeId;
  readonly isAlive: boolean;
  answered(letter: Letter, isTaken: boolean): void;
}

export class Letters implements LetterBox {
  private readonly byId = new Map<LetterId, Letter>();
  /** Answers of replicated queues that a lost link swallowed: whoever leads gives them again (rabbit_fifo_client asks). */
  private readonly missed = new Map<LetterId, Reply>();
  private next = firstLetter;
  private readonly world: World;
  private readonly copies: RabbitCopies;
  private readonly deadLetters: DeadLetters;
  private readonly peers: Peers;
  private readonly known: (node: NodeId, queues: readonly RabbitQueue[]) => readonly RabbitQueue[];
  readonly answeredEvent: EventType<LetterId, Reply>;

  /** @param known those queues that a node has not forgotten */
  constructor(world: World, name: string, copies: RabbitCopies, deadLetters: DeadLetters, peers: Peers, known: Letters['known']) {
    this.world = world;
    this.copies = copies;
    this.deadLetters = deadLetters;
    this.peers = peers;
    this.known = known;
    this.answeredEvent = world.sim.declare(`${name}.letterAnswered`);
    world.sim.handle(this.answeredEvent, (letter, answer) => this.onAnswered(letter, answer));
  }

  create(sender: LetterSender, copy: CopyId, target: RabbitQueue, deaths: readonly Death[]): LetterId {
    const id = this.next++ as LetterId;
    this.world.copies.hold(copy);
    this.byId.set(id, { sender, copy, target, deaths, into: none });
    return id;
  }

  /** Of an exchange that is not there: to nobody. */
  routeOf(queue: RabbitQueue, copy: CopyId, from: NodeId): readonly RabbitQueue[] {
    return this.known(from, this.deadLetters.targetsOf(queue, copy) ?? []);
  }

  sizeOf(letter: LetterId): Bytes {
    return this.world.copies.size[this.byId.get(letter)!.copy]!;
  }

  open(id: LetterId): CopyId {
    const letter = this.byId.get(id)!;
    const into = this.deadLetters.letter(letter.copy, letter.target);
    this.copies.setDeaths(into, letter.deaths);
    this.world.copies.hold(into);
    this.world.copies.release(letter.copy);
    letter.into = into;
    return into;
  }

  answer(id: LetterId, answer: Reply, from: NodeId): void {
    this.peers.send(from, this.byId.get(id)!.sender.node, overhead.reply, this.answeredEvent, id, answer);
  }

  private onAnswered(id: LetterId, answer: Reply): void {
    const letter = this.byId.get(id)!;
    if (letter.sender.isAlive) letter.sender.answered(letter, answer === reply.confirmed);
    this.lost(id);
  }

  lost(id: LetterId): void {
    const letter = this.byId.get(id)!;
    this.byId.delete(id);
    this.world.copies.release(letter.into === none ? letter.copy : (letter.into as CopyId));
  }

  /** A frame will not arrive. True when it was an answer to a letter. */
  hasLost(type: EventType, a: number, b: number): boolean {
    if (type !== (this.answeredEvent as number)) return false;
    const id = a as LetterId;
    const { target, sender } = this.byId.get(id)!;
    if (target.rules.type === 'classic' || !sender.isAlive) this.lost(id);
    else this.miss(id, b as Reply);
    return true;
  }

  private miss(id: LetterId, answer: Reply): void {
    this.world.sim.trace.reached('deadLetter.answerMissed');
    this.missed.set(id, answer);
  }

  /** Whoever can be heard again says what was missed. */
  tellAgain(): void {
    for (const [id, answer] of [...this.missed].filter(([each]) => this.canBeTold(each))) {
      const { target, sender } = this.byId.get(id)!;
      this.missed.delete(id);
      if (sender.isAlive) this.answer(id, answer, target.leader!);
      else this.lost(id);
    }
  }

  private canBeTold(id: LetterId): boolean {
    const { target: { leader }, sender } = this.byId.get(id)!;
    return !sender.isAlive || (leader !== undefined && this.isHeard(leader, sender.node));
  }

  /** None is under way. */
  get isIdle(): boolean {
    return this.byId.size === 0;
  }

  private isHeard(node: NodeId, by: NodeId): boolean {
    return node === by || (this.peers.isConnected(node, by) && this.peers.isConnected(by, node));
  }
}
