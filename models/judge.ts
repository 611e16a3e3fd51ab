import type { Bucket } from './buckets.ts';
import type { CauseId } from './causes.ts';
import type { AttemptId, CopyId, DeliveryId, MessageId, QueueId } from './message.ts';

/** Who judges: hears of what is out of the ordinary, and of what it asks for, by functions that need no `this`. */
export interface Judge {
  /** The account is closed, or the run has ended with it open. */
  closed?(message: MessageId, ended: boolean): void;
  /** A producer means it to be sent, now or when that can be. */
  published?(message: MessageId): void;
  /** A publish leaves its publisher. */
  sent?(attempt: AttemptId): void;
  /** An exchange routes it to these queues. */
  routed?(attempt: AttemptId, queues: readonly QueueId[]): void;
  /** The broker says that it has it; whether its publisher hears of that is another matter. */
  confirming?(attempt: AttemptId): void;
  /** Its publisher hears that the broker has it: in time, or when it no longer waits for that. */
  confirmReceived?(attempt: AttemptId, inTime: boolean): void;
  stored?(copy: CopyId): void;
  firstDelivered?(delivery: DeliveryId): void;
  redelivered?(delivery: DeliveryId, deliveries: number): void;
  /** A delivery, or an effect, beyond the first of its branch, and why there was another one. */
  repeated?(what: 'delivery' | 'effect', delivery: DeliveryId, cause: CauseId): void;
  /** What is delivered differs from what was published. */
  altered?(delivery: DeliveryId): void;
  /** A copy is in another bucket, by their numbers; a new one comes from `nowhere`. */
  moved?(copy: CopyId, from: number, to: number): void;
  forbiddenMove?(copy: CopyId, from: Bucket, to: Bucket): void;
  deadLettered?(copy: CopyId, into: CopyId, reason: CauseId): void;
  dropped?(copy: CopyId, cause: CauseId): void;
  handlingBegan?(delivery: DeliveryId): void;
  /** It failed, or its worker died with it. */
  handlingEnded?(delivery: DeliveryId): void;
  /** A handler is through with it: so many effects its branch has had by now, none where an idempotency store held it back. */
  handled?(delivery: DeliveryId, effects: number): void;
}
