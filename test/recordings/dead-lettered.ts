/** Dead letters: as they are recorded, as they are simulated, and the exchange and queue by which they are seen. */
import type { Death } from '../../models/brokers/rabbitmq/copies.ts';
import { type Line, near, notReplayed, same } from './comparison.ts';
import { has, type Recording } from './recording.ts';
import { type Model, type Parts, type RabbitSettings, recordedArrivals, replay, type Replay } from './replay.ts';

export interface RecordedDeath {
  readonly count: number;
  readonly reason: string;
}

export interface RecordedDeadLetter {
  readonly headers: { readonly 'x-death': readonly RecordedDeath[] };
}

/** `rejected 1`; entries of `x-death` with the newest first. */
export function deathsText(deaths: readonly (RecordedDeath | Death)[]): string {
  return deaths.map(({ reason, count }) => `${reason} ${count}`).join(', ');
}

export function deadLetterText(letter: RecordedDeadLetter | { readonly deaths: readonly Death[] } | null): string {
  if (letter === null) return 'none';
  return deathsText('deaths' in letter ? letter.deaths : letter.headers['x-death']);
}

/** An exchange and a queue `dead` that takes all that comes through it. */
export function deadLettersThrough(exchange: string): Pick<RabbitSettings, 'exchanges' | 'queues' | 'bindings'> {
  return { exchanges: { [exchange]: { type: 'fanout' } }, queues: { dead: {} }, bindings: [{ source: exchange, destination: 'dead' }] };
}

/** Reads all dead letters. Poison fails there as well, and is not to go round. */
export const undertaker = { subscribe: 'mq/dead', service: '0', failure: { then: 'reject' } } as const;

interface Cases {
  readonly expired_queue_ttl: readonly RecordedDeadLetter[];
  readonly expired_msg_ttl: readonly RecordedDeadLetter[];
  readonly maxlen: readonly RecordedDeadLetter[];
  readonly rejected: readonly RecordedDeadLetter[];
  readonly retry_ladder: readonly { readonly t: number; readonly redelivered: boolean; readonly xdeath: readonly RecordedDeath[] }[];
  readonly pure_ttl_cycle_depths_every25ms: readonly (readonly number[])[];
  readonly unroutable_mandatory: { readonly returned: number };
}

export function isDeadLettering({ summary }: Recording): boolean {
  return has(summary, 'results') && has(summary.results, 'expired_queue_ttl', 'retry_ladder', 'unroutable_mandatory');
}

export function compareDeadLettering({ summary }: Recording, model: Model): Line[] {
  const cases = summary.results as unknown as Cases;
  const letters = ({ delivered }: Replay) => delivered.filter(({ queue }) => queue === 'mq/dead').map(deadLetterText).join('; ');
  const recorded = (those: readonly RecordedDeadLetter[]) => those.map(deadLetterText).join('; ');
  const one = (args: object, rest: Partial<Parts> = {}) => letters(replay(oneQueue(args, rest), model));
  return [
    same('time to live of the queue', recorded(cases.expired_queue_ttl), one({ 'x-message-ttl': 50 })),
    same('time to live of the message', recorded(cases.expired_msg_ttl), one({}, { producers: { a: { publish: 'mq/q', arrivals: recordedArrivals, ttl: '50ms' } } })),
    same('too many', recorded(cases.maxlen), one({ 'x-max-length': 1 }, { times: { arrivals: { a: [100, 101] } } })),
    same('rejected', recorded(cases.rejected), one({}, { consumers: { rejecting, undertaker }, faults: [poisoned] })),
    notReplayed('purged, queue deleted', 'nobody purges or deletes in a scenario'),
    ...compareLadder(cases.retry_ladder, model),
    same('a cycle of expiries: left in both queues', cases.pure_ttl_cycle_depths_every25ms.at(-1)!.reduce((sum, depth) => sum + depth, 0), cycleLeaves(model)),
    same('unroutable and mandatory: returned', cases.unroutable_mandatory.returned, returned(model)),
  ];
}

const rejecting = { subscribe: 'mq/q', service: '0.1ms', failure: { then: 'reject' } } as const;
const poisoned = { kind: 'poison', target: 'producers.a', at: '0s' } as const;

function oneQueue(args: object, others: Partial<Parts>): Parts {
  const { queues, ...rest } = deadLettersThrough('dlx');
  return {
    broker: { ...rest, queues: { q: { arguments: { 'x-dead-letter-exchange': 'dlx', ...args } }, ...queues } },
    lasts: 1000,
    producers: { a: { publish: 'mq/q', arrivals: recordedArrivals } },
    consumers: { undertaker },
    times: { arrivals: { a: [100] } },
    ...others,
  };
}

/** Rejected, kept for a while in a queue that nobody reads, and back: the time between visits is that queue's time to live. */
function compareLadder(recorded: Cases['retry_ladder'], model: Model): Line[] {
  const waits = recorded.slice(1).map(({ t }, index) => t - recorded[index]!.t);
  const ttl = Math.floor(Math.min(...waits) / 100) * 100;
  const { delivered } = replay({
    broker: {
      queues: {
        q: { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'wait' } },
        wait: { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'q', 'x-message-ttl': ttl } },
      },
    },
    lasts: 100 + waits.reduce((sum, wait) => sum + wait, 0) + ttl / 2,
    drain: 0,
    producers: { a: { publish: 'mq/q', arrivals: recordedArrivals } },
    consumers: { rejecting },
    faults: [poisoned],
    times: { arrivals: { a: [100] } },
  }, model);
  const late = (times: readonly number[]) => times.slice(1).map((at, index) => at - times[index]! - ttl);
  const lateness = [late(recorded.map(({ t }) => t)), late(delivered.map(({ at }) => at))] as const;
  return [
    same('retries: visits', recorded.length, delivered.length),
    same('retries: flags', recorded.map(({ redelivered }) => redelivered), delivered.map(({ isRedelivered }) => isRedelivered)),
    same('retries: x-death', recorded.map(({ xdeath }) => deathsText(xdeath)).join('; '), delivered.map(({ deaths }) => deathsText(deaths)).join('; ')),
    near('retries: latest beyond the time to live', Math.max(...lateness[0]), Math.max(...lateness[1]), { amount: 10 }, 'ms'),
  ];
}

/** Two queues whose expired messages go to each other: how many they have in the end. */
function cycleLeaves(model: Model): number {
  const to = (other: string) => ({ arguments: { 'x-message-ttl': 25, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': other } });
  const parts: Parts = {
    broker: { queues: { q: to('r'), r: to('q') } }, lasts: 1000,
    producers: { a: { publish: 'mq/q', arrivals: recordedArrivals } }, times: { arrivals: { a: [100] } },
  };
  const { told } = replay(parts, model);
  return 1 - told.filter(({ what }) => what === 'dropped').length;
}

function returned(model: Model): number {
  const parts: Parts = {
    broker: { exchanges: { nowhere: { type: 'direct' } }, queues: {} }, lasts: 1000,
    producers: { a: { publish: 'mq/nowhere', arrivals: recordedArrivals, confirm: {}, mandatory: true, retry: 'none' } }, times: { arrivals: { a: [100] } },
  };
  return replay(parts, model).told.filter(({ what }) => what === 'refusal-received').length;
}
