/** What classic queues share with their broker. */
import type { Sampler } from '../../../sim/distribution.ts';
import type { EventType } from '../../../sim/simulation.ts';
import type { QueueId } from '../../message.ts';
import type { DestinationId } from '../../protocol.ts';
import type { BodyStore } from './body-store.ts';
import type { MailboxEvents, MailboxTiming } from './mailbox.ts';

export interface ClassicParts {
  readonly events: MailboxEvents & Readonly<Record<'flushed' | 'idle' | 'writtenBack' | 'headDue', EventType<QueueId, number>>>;
  readonly timing: MailboxTiming & { readonly flush: Sampler };
  readonly bodies: BodyStore;
  readonly syncsBodies: boolean;
  isPersistent(destination: DestinationId): boolean;
}
