/** A dead letter that its queue waits to hear of, as the queue that it goes to sees it. */
import type { Bytes, Id } from '../../../sim/units.ts';
import type { AttemptId, CopyId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { Reply } from '../../protocol.ts';

/** Numbered far above any publish, since whoever waits for a copy to be on disk is one or the other. */
export type LetterId = Id<'letter'>;
export const firstLetter = 1 << 30;

export function isLetter(waiting: AttemptId | LetterId): waiting is LetterId {
  return waiting >= firstLetter;
}

export interface LetterBox {
  sizeOf(letter: LetterId): Bytes;
  /** Its queue takes it: the copy that it is there. */
  open(letter: LetterId): CopyId;
  /** Its queue has it for good, or will not take it. */
  answer(letter: LetterId, answer: Reply, from: NodeId): void;
  /** It will not arrive, or nobody will answer it. */
  lost(letter: LetterId): void;
}
