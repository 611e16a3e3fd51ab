/** Priorities of messages: the order of a backlog, and how many of a low priority are done before a high one that comes late. */
import { type Line, same, sameOrder } from './comparison.ts';
import { has, type Recording } from './recording.ts';
import { type Model, type Parts, recordedArrivals, replay, time } from './replay.ts';

interface Backlog {
  readonly order_seq: readonly number[];
  readonly order_priority: readonly number[];
}

interface Late {
  readonly service_ms: number;
  readonly published_at_ms: number;
  readonly low_processed_between: number;
}

const levels = 10;
const from = 100;
/** Everything of the backlog is published before the consumer comes. */
const consumerComes = 2000;

export function isPriorities({ summary }: Recording): boolean {
  return has(summary, 'results') && Object.values(summary.results as object).some((one) => has(one, 'order_seq', 'order_priority') || has(one, 'low_processed_between'));
}

export function comparePriorities({ summary }: Recording, model: Model): Line[] {
  return Object.entries(summary.results as Readonly<Record<string, Backlog | Late>>).flatMap(([name, one]) => {
    const prefetch = Number(/prefetch(\d+)$/.exec(name)![1]);
    return 'order_seq' in one ? compareBacklog(one, prefetch, model) : compareLate(one, prefetch, model);
  });
}

function compareBacklog({ order_seq: order, order_priority: priorities }: Backlog, prefetch: number, model: Model): Line[] {
  const byNumber: number[] = [];
  order.forEach((nth, place) => (byNumber[nth] = priorities[place]!));
  const { told } = replay(partsOf(order.length, prefetch, 0.1, { web: byNumber }), model);
  const handled = told.filter(({ what }) => what === 'effect').map(({ nth }) => nth);
  return [sameOrder(`a backlog, prefetch ${prefetch}`, order, handled)];
}

function compareLate({ service_ms: service, published_at_ms: at, low_processed_between: between }: Late, prefetch: number, model: Model): Line[] {
  const low = 200;
  const publishedAt = consumerComes + at;
  const parts = partsOf(low, prefetch, service, { web: new Array<number>(low).fill(0) });
  const { told } = replay({
    ...parts,
    producers: { ...parts.producers, late: { publish: 'mq/q', arrivals: recordedArrivals, priority: levels - 1 } },
    times: { ...parts.times, arrivals: { ...parts.times!.arrivals, late: [publishedAt] } },
  }, model);
  const done = told.filter(({ what }) => what === 'effect');
  const lateAt = done.find(({ producer }) => producer === 'late.0')!.at;
  return [same(`one of high priority comes late, prefetch ${prefetch}: done before it`, between, done.filter(({ at: doneAt }) => doneAt > publishedAt && doneAt < lateAt).length)];
}

function partsOf(messages: number, prefetch: number, service: number, priorities: Readonly<Record<string, readonly number[]>>): Parts {
  return {
    broker: { queues: { q: { arguments: { 'x-max-priority': levels } } } },
    lasts: consumerComes + messages * service + 1000,
    producers: { web: { publish: 'mq/q', arrivals: recordedArrivals } },
    consumers: { workers: { subscribe: 'mq/q', prefetch, service: time(service) } },
    faults: [{ kind: 'crash', target: 'consumers.workers', at: '0s', for: time(consumerComes) }],
    times: { arrivals: { web: Array.from({ length: messages }, (_, nth) => from + nth) }, priorities },
  };
}
