/** What predictions are laid beside: a finished run as it was measured. */
import type { System } from '../../models/build.ts';
import type { Measurements } from '../measurements.ts';
import type { FaultResult, QueueResult } from '../result.ts';

export interface Simulated {
  readonly system: System;
  readonly measurements: Measurements;
  readonly queues: Readonly<Record<string, QueueResult>>;
  readonly faults: readonly FaultResult[];
}
