/**
 * What of RabbitMQ changed from release to release, as far as it is modelled. Read at the tags 3.10.8, 3.13.7, 4.0.9, 4.2.9
 * and 4.3.5 of rabbitmq-server; what was recorded was recorded on 3.10.8.
 */
export const versions = ['3.10', '3.13', '4.0', '4.1', '4.2', '4.3'] as const;
export type Version = (typeof versions)[number];

export function isAtLeast(version: Version, least: Version): boolean {
  return versions.indexOf(version) >= versions.indexOf(least);
}

export interface VersionRules {
  /** Classic queues with mirrors (`ha-mode`): removed in 4.0. */
  readonly hasMirroring: boolean;
  /**
   * Mnesia keeps what nodes know, and `cluster_partition_handling` does something: up to 4.1. A new cluster of 4.2 has Khepri, and
   * from 4.3 on every cluster; the key is accepted and does nothing.
   */
  readonly hasMnesia: boolean;
  /** Whoever misses a node forgets the durable classic queues there, too: 3.10 (rabbit_amqqueue `queues_to_delete_when_node_down`). */
  readonly forgetsDurableQueues: boolean;
  /** Storage of classic queues when nothing is said: v1 syncs its journal before a confirm, v2 only writes (2.1, 2.2). */
  readonly classicStore: 1 | 2;
  /** Bodies of 4096 B and more are synced before a confirm: up to 3.12 (rabbit_msg_store). */
  readonly syncsLargeBodies: boolean;
  /** `x-delivery-limit` when nothing is said; `Infinity` is none (3.4). */
  readonly deliveryLimit: number;
  /** Without a limit a message that is nacked or rejected with requeue is appended again at the tail: quorum queues up to 4.2. */
  readonly appendsRequeued: boolean;
  /** What counts towards the delivery limit: every return, or from 4.3 on only rejects and lost consumers. */
  readonly countsNacks: boolean;
  /** Priorities of quorum queues: none, 2 levels (above 4 is high), or 32 strict ones from 4.3 on. */
  readonly quorumPriorities: 1 | 2 | 32;
  /** The consumer timeout is looked at by the channel each minute and closes it; from 4.3 on by quorum queues alone. */
  readonly channelTimesOut: boolean;
  /** `vm_memory_high_watermark` when nothing is said. */
  readonly memoryWatermark: number;
  /** Ready messages that a classic queue keeps in memory: as many as there are, or from 3.12 on this many (rabbit_variable_queue). */
  readonly classicInMemory: number;
  /** `max_message_size`: deps/rabbit/Makefile. */
  readonly messageSizeMax: number;
  /** A connection is closed when its token expires, and a new token is looked at at once: from 4.2.6 and 4.3.0 on (rabbit_reader). */
  readonly closesExpired: boolean;
  /** Credit keeps a shovel with `on-publish` from publishing more than its connection gets rid of (rabbit_amqp091_shovel); 3.10 has none. */
  readonly shovelsWaitForCredit: boolean;
  /** Non-durable queues that are not exclusive are refused by default from 4.3 on. */
  readonly refusesTransientQueues: boolean;
}

export function rulesOf(version: Version): VersionRules {
  const since = (least: Version): boolean => isAtLeast(version, least);
  return {
    hasMirroring: !since('4.0'),
    hasMnesia: !since('4.2'),
    forgetsDurableQueues: !since('3.13'),
    classicStore: since('4.0') ? 2 : 1,
    syncsLargeBodies: !since('3.13'),
    deliveryLimit: since('4.0') ? 20 : Infinity,
    appendsRequeued: !since('4.3'),
    countsNacks: !since('4.3'),
    quorumPriorities: since('4.3') ? 32 : since('4.0') ? 2 : 1,
    channelTimesOut: !since('4.3'),
    memoryWatermark: since('4.0') ? 0.6 : 0.4,
    classicInMemory: since('3.13') ? 2048 : Infinity,
    messageSizeMax: since('4.0') ? 16_777_216 : 134_217_728,
    closesExpired: since('4.2'),
    shovelsWaitForCredit: since('3.13'),
    refusesTransientQueues: since('4.3'),
  };
}
