/** Queues with a maximum length: what is confirmed, refused, kept and dead-lettered, published at once or one after another. */
import { type Line, same } from './comparison.ts';
import { deadLettersThrough, undertaker } from './dead-lettered.ts';
import { has, type Recording } from './recording.ts';
import { type Model, type Parts, recordedArrivals, replay } from './replay.ts';

interface Filling {
  readonly queueType: 'classic' | 'quorum';
  readonly overflow: 'drop-head' | 'reject-publish' | 'reject-publish-dlx';
  readonly publishMode: 'burst' | 'sequential';
  readonly maxLength: number;
  readonly published: number;
  readonly confirm_ack: number;
  readonly nacked: readonly number[];
  readonly kept: readonly number[];
  readonly dead_lettered: readonly (readonly [number, string])[];
}

/** A consumer holds some when the queue is filled, and gives them back. */
interface Held {
  readonly confirm_ack: number;
  readonly confirm_nack: number;
  readonly ready: number;
  readonly held: number;
  readonly ready_after_requeue: number;
}

const from = 100;
/** Between publishes: written at once, or after each confirm. */
const gaps = { burst: 0.02, sequential: 50 };

export function isLengths({ summary }: Recording): boolean {
  return has(summary, 'results') && Array.isArray(summary.results) && has(summary.results[0], 'overflow', 'publishMode', 'maxLength');
}

export function compareLengths({ summary }: Recording, model: Model): Line[] {
  return (summary.results as readonly (Filling | Held)[]).flatMap((one) => ('overflow' in one ? compareFilling(one, model) : compareHeld(one, model)));
}

function compareFilling(recorded: Filling, model: Model): Line[] {
  const { queueType, overflow, publishMode, maxLength, published } = recorded;
  const { queues, ...rest } = deadLettersThrough('dlx');
  const { told, delivered } = replay({
    broker: { ...rest, queues: { q: { arguments: { 'x-queue-type': queueType, 'x-max-length': maxLength, 'x-overflow': overflow, 'x-dead-letter-exchange': 'dlx' } }, ...queues } },
    lasts: 10_000,
    ...publishing(published, gaps[publishMode]),
    consumers: { undertaker },
  }, model);
  const those = (what: string) => told.filter((one) => one.what === what).map(({ nth }) => nth);
  const gone = new Set(delivered.map(({ nth }) => nth));
  const refused = those('refusal-received');
  const what = `${queueType}, ${overflow}, ${publishMode}`;
  return [
    same(`${what}: confirmed`, recorded.confirm_ack, those('confirm-received').length),
    same(`${what}: refused`, recorded.nacked, refused),
    same(`${what}: kept`, recorded.kept, Array.from({ length: published }, (_, nth) => nth).filter((nth) => !gone.has(nth) && !refused.includes(nth))),
    same(`${what}: dead-lettered`, recorded.dead_lettered.map(([nth, reason]) => `${nth} ${reason}`), delivered.map(({ nth, deaths }) => `${nth} ${deaths[0]!.reason}`)),
  ];
}

function compareHeld(recorded: Held, model: Model): Line[] {
  const published = recorded.confirm_ack + recorded.confirm_nack;
  const { told } = replay({
    broker: { queues: { q: { arguments: { 'x-max-length': recorded.ready, 'x-overflow': 'reject-publish' } } } },
    lasts: 10_000,
    drain: 0,
    ...publishing(published, gaps.sequential),
    consumers: { holder: { subscribe: 'mq/q', prefetch: recorded.held, service: '60s' } },
    faults: [{ kind: 'crash', target: 'consumers.holder', at: '9s' }],
  }, model);
  const count = (what: string) => told.filter((one) => one.what === what).length;
  return [
    same('limit and held ones: confirmed', recorded.confirm_ack, count('confirm-received')),
    same('limit and held ones: refused', recorded.confirm_nack, count('refusal-received')),
    same('limit and held ones: ready after they came back', recorded.ready_after_requeue, count('stored') - count('delivered') + count('requeued') - count('dropped')),
  ];
}

function publishing(messages: number, gap: number): Pick<Parts, 'producers' | 'times'> {
  return {
    producers: { web: { publish: 'mq/q', arrivals: recordedArrivals, confirm: {}, retry: 'none' } },
    times: { arrivals: { web: Array.from({ length: messages }, (_, nth) => from + nth * gap) } },
  };
}
