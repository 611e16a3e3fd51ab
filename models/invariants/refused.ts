/** Guarantees that people know from elsewhere and that nothing here can break or keep: why. */
const ofLogs = 'it is about a log with offsets and consumer groups, as Kafka is, and no such broker is modelled yet';
const always = 'it is checked in every run, whoever claims what: a run in which it does not hold ends with an error';

export const refusedClaims: Readonly<Record<string, string>> = {
  'fifo-per-partition': ofLogs, 'consistent-offsets': ofLogs, 'no-realtime-regression': ofLogs, 'group-stabilises': ofLogs,
  'transaction-isolation': 'no broker here has transactions', 'no-uncommitted-read': 'no broker here has transactions', linearizable: 'histories are judged message by message, not against a model of one queue that all see alike',
  'dedupe-soundness': 'no broker here recognises what was published twice; `exactly-once-effect` judges idempotency stores of consumers',
  'at-least-once-delivery': 'it is `at-least-once`', 'exactly-once': 'exactly-once delivery cannot be had; `exactly-once-effect` is what idempotent consumers give',
  'no-loss': 'it is `at-least-once`', 'eventual-drain': 'it is `drained`',
  'littles-law': always, determinism: 'it is a test of its own: the same seed gives the same fingerprint', 'flow-balance': 'it is `conservation`, which is judged in every run',
  'one-leader-per-epoch': 'it is `one-leader-per-term`', 'bounded-loss': 'it is `at-least-once`, which judges each message when nothing is left of it, while others wait',
  'consistent-replicas': 'it is `replica-agreement`', 'no-acknowledged-loss': 'it is `committed-survives`', starvation: 'it is `no-starvation`', 'recovery-equivalence': 'it is a property of the model itself, which is checked at every restore: what is there afterwards is what the backup had',
  'fault-effectiveness': 'every fault tells what it changed, and a strike that changed nothing is warned of',
};
