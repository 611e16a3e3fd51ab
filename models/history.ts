/** What can be told of a message, in the order of its life. Nothing is kept unless somebody listens. */
import type { CauseId } from './causes.ts';
import type { MessageId } from './message.ts';

export type HistoryEvent =
  | 'published' | 'sent' | 'shovelled' | 'publish-lost' | 'refused' | 'confirm-received' | 'refusal-received' | 'outcome-unknown' | 'abandoned'
  | 'stored' | 'confirmed' | 'confirm-lost' | 'delivered' | 'delivery-lost' | 'work-started' | 'work-failed'
  | 'worker-crashed' | 'effect' | 'duplicate-effect' | 'deduplicated' | 'settlement-lost' | 'settlement-late'
  | 'acknowledged' | 'requeued' | 'dead-lettered' | 'dropped' | 'rewound' | 'altered' | 'brought-back' | 'kept-by-backup';

export interface HistoryDetail {
  readonly attempt?: number;
  readonly copy?: number;
  /** nth delivery of the copy. */
  readonly delivery?: number;
  readonly queue?: string;
  /** The queue that dead-lettered it into `queue`. */
  readonly from?: string;
  readonly worker?: number;
  readonly cause?: CauseId;
}

export type History = (event: HistoryEvent, message: MessageId, detail: HistoryDetail) => void;
