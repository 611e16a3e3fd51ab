/** Queues of which one keeps dead letters until the other has confirmed them, with one bug each. */
import { ClassicQueue } from '../../models/brokers/rabbitmq/classic-queue.ts';
import { isLetter, type LetterId } from '../../models/brokers/rabbitmq/letter.ts';
import { QuorumQueue } from '../../models/brokers/rabbitmq/quorum-queue.ts';
import type { AttemptId, CopyId } from '../../models/message.ts';
import { reply } from '../../models/protocol.ts';
import { cluster } from './quorum-queue.ts';
import { misbehaved, quorum, type RabbitBug, type RabbitSetting } from './rabbitmq.ts';

class ConfirmsLettersBeforeTheirFlush extends ClassicQueue {
  protected override confirmNowOrLater(waiting: AttemptId | LetterId, copy: CopyId): void {
    if (!isLetter(waiting)) {
      super.confirmNowOrLater(waiting, copy);
      return;
    }
    misbehaved(this.world);
    this.host.answer(waiting, reply.confirmed, this.home);
  }
}

/** What the worker of the old leader had published, the new one never gets. */
class ForgetsLettersAtAnElection extends QuorumQueue {
  constructor(...args: ConstructorParameters<typeof QuorumQueue>) {
    super(...args);
    if (this.deadLetters !== undefined) this.deadLetters.discards.returnAll = () => misbehaved(this.world);
  }
}

const safe = quorum({ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead', 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' });
/** The disk of the node with the dead letters takes long, so that they wait for it when a node dies. */
const lettersWait = (dies: string): RabbitSetting => ({
  broker: { ...cluster, config: { ...cluster.config, dead_letter_worker_publisher_confirm_timeout: 2000 } },
  queues: { jobs: safe, dead: { node: 2 } }, producer: { confirm: { timeout: '10s' } }, consumer: { failure: { poison: { every: 7 }, then: 'reject' } },
  faults: [{ kind: 'slow', target: 'mq.2.disk', factor: 5000, at: '0s', for: '300ms' }, { kind: 'crash', target: dies, at: '405ms', for: '500ms' }],
});

export const deadLetterBugs: readonly RabbitBug[] = [
  { name: 'confirms dead letters before they are on disk', claim: 'at-least-once', types: { classic: ConfirmsLettersBeforeTheirFlush }, setting: lettersWait('mq.2'), tried: ['deadLetter.again'] },
  { name: 'forgets at an election what dead letters wait for confirms', claim: 'drained', types: { quorum: ForgetsLettersAtAnElection }, setting: lettersWait('mq.0'), tried: ['raft.elected'] },
];
