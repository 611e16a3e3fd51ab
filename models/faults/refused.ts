/**
 * Faults that people know from elsewhere and that are no kind here: what stands for them, or why nothing does. A scenario that names one
 * is refused with these words.
 */
const ofLogs = 'it belongs to a log with in-sync replicas and consumer groups, as Kafka is, and no such broker is modelled yet';
const ofLeases = 'it belongs to a broker of leases that is not modelled yet; a work queue has `lease`';

/** What stands for it is written in backquotes. */
export const refusedFaults: Readonly<Record<string, string>> = {
  // The network.
  duplicate: 'TCP hides packets that come twice; a publish that comes twice is `confirm-lost` with a retry, a delivery `ack-lost`',
  reorder: 'TCP hides packets that come out of order; what is behind one that is late waits, as under `loss` and `latency`',
  corrupt: 'TCP throws corrupt packets away and sends them again, which is `loss`; a connection that breaks over one is `reset`',
  'slow-close': 'how long the close of a connection takes is not modelled: both ends know at once (`reset`), or one never does (`half-open`)',
  slicer: 'segments with a pause after each are `bandwidth`: size ÷ pause',
  tail: 'it is `latency` with an `add` of a mixture',
  clog: 'it is `partition`, or `swizzle-clog` for several nodes in turn',
  dns: 'clients here know their brokers by name, whatever their addresses: a name that leads nowhere is `partition` of who asks',
  'metadata-stale': 'clients of a work queue and of RabbitMQ ask the node that they are connected to, which knows; it belongs to clients of a log, and none is modelled yet',
  'firewall-port': 'which traffic is meant is said by the two sets of nodes: `partition` between `[mq.0, others(mq.0)]` cuts what brokers say to each other',
  'majorities-ring': 'it is a `shape` of `partial-partition`',
  bridge: 'it is a `shape` of `partial-partition`',
  // Processes.
  restart: 'it is the end of `crash`, `stop`, `rolling-restart` or `crash-loop`: `for` says when',
  'event-loop-stall': 'of a worker it is `hanging-handler` with `heartbeats: event-loop`, of any process `pause`',
  'thread-pool-exhaustion': 'a worker has `concurrency` slots and no other threads; what holds them all is `hanging-handler`',
  upgrade: 'all nodes of a broker are of one version; run the scenario with each `version`, and with `rolling-restart` on the way',
  'mixed-version': 'all nodes of a broker are of one version; a quorum queue of a cluster that is being upgraded does what its older nodes can until all are of the new one, and what changes then can be a `policy-change` (as the delivery limit of 20 that comes with 4.0)',
  // Disks.
  'fsync-policy': 'it is a setting: `storage.fsync` of a work queue, the type of a queue of RabbitMQ',
  'lose-unsynced': 'it is `crash` with `scope: host`, and `unsynced` says what of it is lost',
  truncate: 'the end of a log is cut off by `crash` with `scope: host` and `unsynced: random-suffix`, or behind the hole that `io-error` leaves',
  'stale-read': 'brokers here read their disk when they start, and have in memory what they serve; an old image of it is `restore`',
  'snapshot-restore': 'it is `backup` and `restore`',
  // Brokers.
  'leader-election': 'it is what `crash`, `stop`, `pause` or `partition` of `leader(mq/jobs)` brings about',
  'unclean-election': ofLogs, 'isr-shrink': ofLogs, 'isr-expand': ofLogs, 'hw-lag': ofLogs, 'preferred-leader-move': ofLogs, 'zombie-leader': ofLogs, 'stale-epoch': ofLogs,
  'controller-loss': ofLogs, rebalance: ofLogs, 'rebalance-storm': ofLogs, 'coordinator-move': ofLogs, 'commit-lost': ofLogs, 'offset-reset': ofLogs, 'topic-recreate': ofLogs,
  'txn-timeout': ofLogs, 'txn-coordinator-fail': ofLogs, 'hanging-txn': ofLogs, quota: ofLogs, 'isr-shrink-then-total-isolation': ofLogs, 'flap-consumer-faster-than-session': ofLogs,
  'kill-in-order-start-oldest': 'nodes are killed and started one by one, each by a `crash` of its own', 'quorum-loss': 'it is `crash` or `pause` of `majority(members(mq/jobs))`',
  'membership-change': 'members of a queue are those that it was declared with: adding, removing and replacing them is not modelled', 'membership-change-under-partition': 'as `membership-change`',
  'partition-strategy': 'it is a setting of RabbitMQ, `cluster_partition_handling`', 'mirror-promotion': 'it follows `crash` or `stop`; `ha-promote-on-failure` is a setting of RabbitMQ',
  'memory-alarm': 'it is what too many messages do to a node of RabbitMQ, whose watermark is a setting', 'flow-control': 'it is what RabbitMQ does where a queue cannot follow; `slow` has it happen',
  'max-length': 'it is a setting of a queue', 'ttl-expiry': 'it is a setting of a queue or a message', 'dead-letter-loss': 'it is a setting of RabbitMQ\'s queues, `dead-letter-strategy`, and what happens where their target is away',
  'dlx-cycle': 'it is how queues are declared', unroutable: 'it is how exchanges are bound', 'consumer-timeout': 'it is a setting of RabbitMQ; `hanging-handler` has it run out', 'delivery-limit': 'it is a setting of a queue',
  retention: 'it is a setting of a stream', 'dedupe-window': 'no broker here recognises what was published twice; an idempotency store of consumers does',
  'visibility-expiry': 'it is `lease` of a work queue; `slow-handler` has it run out', 'lock-expiry': ofLeases, 'stalled-check': ofLeases, 'ack-wait': ofLeases, 'max-ack-pending': 'it is `prefetch`', 'max-deliver': 'it is `deliveryLimit`',
  // Clients.
  'expired-work': 'it is `expiredWork` of a work queue, or `ttl` of messages', 'fd-exhaustion': 'it is `connection-limit`', oom: 'it is `out-of-memory`', 'config-change': 'it is `policy-change` of RabbitMQ, `queue-change` of a work queue and `prefetch-change` of consumers; others are those of the whole run: compare scenarios with `variants`',
  'retry-policy': 'it is a setting of producers, `retry`', 'ack-wrong-tag': 'it is `wrong-ack`', 'double-ack': 'it is `wrong-ack` with `mistake: twice`', 'ack-on-other-channel': 'it is `wrong-ack` with `mistake: other-channel`',
  'auto-ack': 'it is `acknowledge: automatic` of consumers', 'commit-before-process': 'it is `acknowledge: before-work` of consumers', 'auto-commit': ofLogs, 'concurrent-handlers': 'it is `concurrency` of consumers',
  'partial-batch': 'it is `multiple` of consumers with `crash-consumer`', prefetch: 'it is a setting of consumers', 'handler-throw': 'it is `handler-throws`', 'schema-poison': 'it is `poison` with `does: undecodable`',
  'idempotency-store': 'it is `idempotency` of consumers: `atomic`, `window`, `entries`; `forget` empties it', 'non-idempotent-effect': 'it is a consumer without `idempotency`',
  'client-cache': ofLogs, quiet: 'leave the fault out: a stretch without one is quiet',
};
