/**
 * A message that is requeued at once, again and again: whether those behind it are ever handled, and how often it goes round. The
 * client's own part of a round, 17 us of its processor, is the service.
 */
import { type Line, near, same } from './comparison.ts';
import { queueOf } from './queueing.ts';
import { has, type Recording } from './recording.ts';
import { type Model, type Parts, recordedArrivals, replay, time } from './replay.ts';

interface Loop {
  readonly queueType: 'classic' | 'quorum';
  readonly prefetch: number;
  readonly goodMessagesBehind: number;
  readonly rate_per_s: number;
  readonly good_processed: number;
}

/** Everything is published before the consumer comes; then so much is enough to see a steady rate. */
const consumerComes = 1000;
const observed = 1000;

export function isRequeueLoop({ summary }: Recording): boolean {
  return has(summary, 'immediate_nack', 'results') && Array.isArray(summary.results) && has(summary.results[0], 'goodMessagesBehind', 'rate_per_s');
}

export function compareRequeueLoop({ summary }: Recording, model: Model): Line[] {
  return (summary.results as readonly Loop[]).flatMap((loop) => {
    const { told, delivered } = replay(partsOf(loop), model);
    const what = `${loop.queueType}, prefetch ${loop.prefetch}, ${loop.goodMessagesBehind} behind`;
    const rounds = delivered.filter(({ producer, at }) => producer === 'poison.0' && at <= consumerComes + observed).length;
    const handled = told.filter((one) => one.what === 'effect' && one.producer === 'good.0' && one.at <= consumerComes + observed).length;
    return [near(`${what}: rounds`, loop.rate_per_s, rounds / (observed / 1000), { share: 0.2 }, '/s'), same(`${what}: handled`, loop.good_processed, handled)];
  });
}

function partsOf({ queueType, prefetch, goodMessagesBehind }: Loop): Parts {
  const good = Array.from({ length: goodMessagesBehind }, (_, nth) => 101 + nth);
  return {
    broker: { queues: { jobs: queueOf({ queueType }) } },
    lasts: consumerComes + observed,
    // The loop would not end by itself.
    drain: 0,
    producers: {
      poison: { publish: 'mq/jobs', arrivals: recordedArrivals },
      ...(goodMessagesBehind > 0 && { good: { publish: 'mq/jobs', arrivals: recordedArrivals } }),
    },
    consumers: { workers: { subscribe: 'mq/jobs', prefetch, service: '17us' } },
    faults: [
      { kind: 'poison', target: 'producers.poison', at: '0s' },
      { kind: 'crash', target: 'consumers.workers', at: '0s', for: time(consumerComes) },
    ],
    times: { arrivals: { poison: [100], ...(goodMessagesBehind > 0 && { good }) } },
  };
}
