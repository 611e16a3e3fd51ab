/**
 * What publishers hear: each publish is answered once, when all queues that it was routed to have answered; refused when one of
 * them refused (rabbit_channel `send_confirms_and_nacks`).
 */
import { longer } from '../../../sim/slot-store.ts';
import type { EventType } from '../../../sim/simulation.ts';
import { type AttemptId, type ConnectionId, none } from '../../message.ts';
import { overhead, reply, type Reply } from '../../protocol.ts';
import type { World } from '../../world.ts';

export class Confirms {
  /** Columns by attempt: queues that have not answered, and the worst answer so far. */
  private waiting = new Int32Array(64);
  private worst = new Uint8Array(64);
  /** Publishes that some publisher waits for. */
  private open = 0;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  begin(attempt: AttemptId, queues: number): void {
    if (attempt >= this.waiting.length) this.grow(attempt);
    this.waiting[attempt] = queues;
    this.worst[attempt] = reply.confirmed;
    this.open++;
  }

  /** One of the queues has answered, or never will. */
  answered(attempt: AttemptId, answer: Reply): void {
    if (answer !== reply.confirmed) this.worst[attempt] = answer;
    if (--this.waiting[attempt]! > 0) return;
    this.open--;
    this.tell(attempt, this.worst[attempt] as Reply);
  }

  get isIdle(): boolean {
    return this.open === 0;
  }

  /** The broker lets go of the attempt: the answer goes out, or nobody is there to hear it. */
  tell(attempt: AttemptId, answer: Reply): void {
    const { attempts, network, protocol, ledger, causes } = this.world;
    const connection = attempts.connection[attempt] as ConnectionId;
    if (attempts.wantsConfirm[attempt] === 0) {
      attempts.release(attempt);
      return;
    }
    if (network.isOpenAtServer(connection, attempts.session[attempt]!)) {
      if (answer === reply.confirmed) ledger.confirmSent(attempt);
      network.sendToClient(connection, overhead.reply, attempts.origin[attempt] === none ? protocol.replyArrived : (attempts.answered[attempt] as EventType<AttemptId, Reply>), attempt, answer);
      return;
    }
    if (answer === reply.confirmed) ledger.confirmLost(attempt, causes.of('connection-lost'));
    attempts.release(attempt);
  }

  private grow(attempt: number): void {
    let { length } = this.waiting;
    while (length <= attempt) length *= 2;
    this.waiting = longer(this.waiting, length);
    this.worst = longer(this.worst, length);
  }
}
