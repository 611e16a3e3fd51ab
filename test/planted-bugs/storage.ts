/** Work queues with one bug each in how they keep what they are given. */
import { WorkQueue } from '../../models/brokers/work-queue/work-queue.ts';
import type { PlantedBug } from '../planted-bugs.ts';

type Arguments = ConstructorParameters<typeof WorkQueue>;

/** What a recovery reads is a record, whatever it is. */
class CutsNoTornRecord extends WorkQueue {
  constructor(world: Arguments[0], name: string, spec: Arguments[2]) {
    super(world, name, { ...spec, storage: { ...spec.storage, checksum: false } });
  }
}

const slowSync = { fsync: 'always', sync: '50ms' } as const;
const tears = { kind: 'torn-write', target: 'mq.0.disk', at: '0s', for: '1s' } as const;
const hostDies = { kind: 'crash', target: 'mq', scope: 'host', at: '405ms', for: '500ms' } as const;

export const storageBugs: readonly PlantedBug[] = [
  { name: 'does not cut a torn record', claim: 'no-phantom', broker: CutsNoTornRecord, setting: { storage: slowSync, consumer: { service: '100ms' }, faults: [tears, hostDies] } },
];
