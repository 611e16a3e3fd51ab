/** What is measured, and how slow each may be: the time of a run against that of the C program of the same workload. */
const million = 1_000_000;

/**
 * `scenario` runs through the package's public entry; `rate` is messages per simulated second. `share` is of the messages per
 * second of another workload, at the same length: how much a real broker's rules and replication may cost.
 */
export const workloads = [
  { name: 'M/M/1', yardstick: ['mm1'], scenario: 'mm1.yaml', rate: 900, floor: { [10 * million]: 3 } },
  { name: 'M/M/10', yardstick: ['mm10'], scenario: 'mm10.yaml', rate: 9000, floor: { [10 * million]: 3 } },
  { name: 'work queue', yardstick: ['queue'], scenario: 'queue.yaml', rate: 700, floor: { [million]: 3.5, [10 * million]: 3 } },
  { name: 'work queue, leases', yardstick: ['queue'], scenario: 'queue-lease.yaml', rate: 700, floor: { [million]: 3.5, [10 * million]: 3.5 } },
  { name: 'RabbitMQ classic', yardstick: ['queue'], scenario: 'rabbitmq-classic.yaml', rate: 700, floor: {}, share: { of: 'work queue', floor: 1 / 2, goal: 2 / 3 } },
  { name: 'RabbitMQ quorum, 3 nodes', yardstick: ['queue'], scenario: 'rabbitmq-quorum.yaml', rate: 700, floor: {}, share: { of: 'work queue', floor: 1 / 6, goal: 1 / 3 } },
  { name: 'event list, 100', yardstick: ['hold', 100], pending: 100, floor: { [3 * million]: 1.6 } },
  { name: 'event list, 10,000', yardstick: ['hold', 10_000], pending: 10_000, floor: { [3 * million]: 1.5 } },
  { name: 'event list, 1,000,000', yardstick: ['hold', million], pending: million, floor: { [3 * million]: 1.2 } },
];

/** Those whose names contain the words, and those that they are compared with. */
export function chosen(words) {
  const named = workloads.filter(({ name }) => words === undefined || name.includes(words));
  return workloads.filter((workload) => named.includes(workload) || named.some(({ share }) => share?.of === workload.name));
}

/** A message's cost must not grow with the length of a run, so scenarios are measured at two lengths. */
export function lengthsOf(workload, shorter) {
  if (workload.pending !== undefined) return [3 * million];
  return shorter ? [million] : [million, 10 * million];
}
