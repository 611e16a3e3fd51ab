/** What an operator of RabbitMQ orders, by `rabbitmqctl` and `rabbitmq-queues`: of queues, and of policies. */
import type { Operator } from '../../broker.ts';
import type { CauseId } from '../../causes.ts';
import type { QueueId } from '../../message.ts';
import { operation } from './mailbox.ts';
import type { RabbitQueue } from './queue.ts';
import { QuorumQueue } from './quorum-queue.ts';
import { Policies } from './routing/policies.ts';
import { effectiveArguments, type QueueRules } from './routing/queue-rules.ts';
import type { PolicyChange, PolicySpec, RabbitmqSpec } from './settings.ts';

/** Limits that a policy can change in the midst of a run. */
type Limits = Pick<QueueRules, 'ttl' | 'maxLength' | 'maxBytes' | 'overflow' | 'deliveryLimit'>;

export class RabbitOperator implements Operator {
  private readonly byQueue: readonly RabbitQueue[];
  private readonly spec: RabbitmqSpec;
  /** By who set them. */
  private readonly policies = new Map<string, PolicySpec>();
  /** By queue, where something was changed. */
  private readonly loosest = new Map<RabbitQueue, Limits>();

  constructor(byQueue: readonly RabbitQueue[], spec: RabbitmqSpec) {
    this.byQueue = byQueue;
    this.spec = spec;
  }

  purge(queue: QueueId, cause: CauseId, onDone: (messages: number) => void): void {
    this.byQueue[queue]!.orders.ask(operation.purge, cause, onDone);
  }

  delete(queue: QueueId, cause: CauseId, onDone: (messages: number) => void): void {
    this.byQueue[queue]!.orders.ask(operation.delete, cause, onDone);
  }

  declare(queue: QueueId, cause: CauseId): void {
    this.byQueue[queue]!.orders.declare(cause);
  }

  /** As `rabbitmq-queues rebalance quorum` does where a node leads too many. */
  transferLeadership(queue: QueueId): boolean {
    const line = this.byQueue[queue]!;
    return line instanceof QuorumQueue && line.group.transfer();
  }

  /** It takes effect at once: what came before keeps the time to live that it came with, and what is too much by a new length goes (rabbit_amqqueue_process `policy_changed`, rabbit_fifo `update_config`). */
  setPolicy(by: string, policy: PolicyChange | undefined): number {
    if (policy === undefined) this.policies.delete(by);
    else this.policies.set(by, { name: by, ...policy });
    const policies = new Policies([...this.spec.policies, ...this.policies.values()]);
    return Object.values(this.byQueue).filter((queue) => this.review(queue, policies)).length;
  }

  private review(queue: RabbitQueue, policies: Policies): boolean {
    // What a stream keeps follows its segments, and is not changed here.
    if (queue.isReadLocally) return false;
    const settings = this.spec.queues[queue.name]!;
    const { ttl, maxLength, maxBytes, overflow, deliveryLimit } = effectiveArguments(settings, policies.forQueue(queue.name, settings.arguments['x-queue-type']), this.spec.version);
    const [before, now]: Limits[] = [queue.rules, { ttl, maxLength, maxBytes, overflow, deliveryLimit }] as const;
    if ((Object.keys(now!) as (keyof Limits)[]).every((key) => now![key] === before![key])) return false;
    const known = this.loosest.get(queue) ?? before!;
    this.loosest.set(queue, { ...now!, maxLength: Math.max(known.maxLength, maxLength), maxBytes: Math.max(known.maxBytes, maxBytes), deliveryLimit: Math.max(known.deliveryLimit, deliveryLimit) });
    queue.rules = { ...queue.rules, ...now };
    if (queue.leader !== undefined && overflow === 'drop-head') queue.dropHeads();
    return true;
  }

  /** The limits that its messages may have met so far. */
  limitsOf(queue: RabbitQueue): Pick<Limits, 'maxLength' | 'maxBytes' | 'deliveryLimit'> {
    return this.loosest.get(queue) ?? queue.rules;
  }
}
