/** What an operator of a work queue orders. */
import type { Operator } from '../../broker.ts';
import type { CauseId } from '../../causes.ts';
import type { QueueId } from '../../message.ts';
import type { WorkQueueState } from './parts.ts';

export interface OperatedBroker {
  state(queue: QueueId): WorkQueueState;
  isRefusing(): boolean;
  /** @returns how many messages that was */
  purge(state: WorkQueueState, cause: CauseId): number;
  dropHeads(state: WorkQueueState): void;
  /** There may be room for who was held back. */
  relieve(): void;
}

/** A broker that is down takes no orders; what it is to be configured as it reads when it starts. */
export function createOperator(broker: OperatedBroker): Operator {
  return {
    purge(queue, cause, onDone) {
      if (broker.isRefusing()) return;
      onDone(broker.purge(broker.state(queue), cause));
      broker.relieve();
    },
    configure(queue, by, change) {
      const state = broker.state(queue);
      state.configure(by, change);
      if (state.spec.overflow === 'drop-head' && !broker.isRefusing()) broker.dropHeads(state);
    },
  };
}
