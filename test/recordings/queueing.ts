/**
 * How long messages wait: recorded arrivals and services, c consumers with a prefetch. Waiting runs from the publish to the
 * start of the service. A slow consumer's recorded services are divided by its factor, since whoever else is given such a
 * message is not slow.
 */
import { type Line, near } from './comparison.ts';
import { has, type Recording, type Row } from './recording.ts';
import { type Model, type Parts, type RabbitSettings, recordedArrivals, recordedService, replay, time } from './replay.ts';
import { countBy, mean, percentile } from './statistics.ts';

export interface QueueingConfig {
  readonly queueType: 'classic' | 'quorum';
  readonly durable?: boolean;
  readonly persistent: boolean;
  readonly confirm: boolean;
  readonly ack: string;
  readonly prefetch: number;
  readonly c: number;
  readonly slow: { readonly index: number; readonly factor: number } | null;
  readonly bodyBytes: number;
  readonly outage: { readonly at: number; readonly dur: number; readonly mode: string } | null;
}

/** Of one message: when it was published, reached a consumer, began and ended there. */
export interface Handling {
  readonly published: number;
  delivered: number;
  started: number;
  done: number;
  consumer: number;
  readonly isWarmUp: boolean;
}

export function configOf({ summary }: Recording): QueueingConfig | undefined {
  return has(summary, 'config') && has(summary.config, 'queueType', 'c', 'n', 'outage', 'slow') ? (summary.config as unknown as QueueingConfig) : undefined;
}

export function compareQueueing(recording: Recording, model: Model): Line[] {
  const config = configOf(recording)!;
  const rows = recording.rows();
  const recorded = rows.map(handlingOf);
  const simulated = simulate(rows, config, model);
  const [before, after] = [recorded, simulated].map((all) => all.filter(({ isWarmUp }) => !isWarmUp)) as [Handling[], Handling[]];
  return [...compareTimes(before, after), ...compareSplit(before, after, config), ...compareShares(recorded, simulated, config)];
}

function compareTimes(recorded: readonly Handling[], simulated: readonly Handling[]): Line[] {
  const measures: [string, (one: Handling) => number][] = [['waiting', ({ started, published }) => started - published], ['sojourn', ({ done, published }) => done - published]];
  return measures.flatMap(([name, measure]) => {
    const [before, after] = [recorded.map(measure), simulated.map(measure)];
    return [
      near(`${name}, mean`, mean(before), mean(after), { share: 0.05 }, 'ms'),
      near(`${name}, p99`, percentile(before, 0.99), percentile(after, 0.99), { share: 0.1 }, 'ms'),
    ];
  });
}

/** Where the wait is spent; with a prefetch of 1 all of it is spent in the broker. */
function compareSplit(recorded: readonly Handling[], simulated: readonly Handling[], { prefetch }: QueueingConfig): Line[] {
  if (prefetch === 1) return [];
  const waits = mean(recorded.map(({ started, published }) => started - published));
  const inBroker = ({ delivered, published }: Handling) => delivered - published;
  const inBuffer = ({ started, delivered }: Handling) => started - delivered;
  return [['waiting in the broker', inBroker] as const, ['waiting at the consumer', inBuffer] as const].map(([name, part]) =>
    near(`${name}, mean`, mean(recorded.map(part)), mean(simulated.map(part)), { amount: 0.05 * waits }, 'ms'),
  );
}

function compareShares(recorded: readonly Handling[], simulated: readonly Handling[], { c }: QueueingConfig): Line[] {
  if (c === 1) return [];
  const [before, after] = [recorded, simulated].map((all) => countBy(all, ({ consumer }) => consumer, c)) as [number[], number[]];
  return before.map((count, index) => near(`handled by consumer ${index}`, count, after[index]!, { amount: Math.round(0.05 * recorded.length) }));
}

function simulate(rows: readonly Row[], config: QueueingConfig, model: Model): Handling[] {
  const handlings = rows.map((row): Handling => ({ ...handlingOf(row), delivered: NaN, started: NaN, done: NaN }));
  const { told, delivered } = replay(queueingParts(rows, config), model);
  for (const { at, nth } of delivered) handlings[nth]!.delivered = at;
  for (const { at, what, nth, worker } of told) {
    if (what === 'work-started') handlings[nth]!.started = at;
    else if (what === 'effect') Object.assign(handlings[nth]!, { done: at, consumer: worker });
  }
  return handlings;
}

export function queueingParts(rows: readonly Row[], config: QueueingConfig): Parts {
  const { c, slow, prefetch, ack } = config;
  return {
    broker: { queues: { jobs: queueOf(config) } },
    lasts: Number(rows.at(-1)!.t_pub) + 1,
    producers: { web: { publish: 'mq/jobs', arrivals: recordedArrivals, ...publishing(config) } },
    consumers: { workers: { count: c, subscribe: 'mq/jobs', service: recordedService, ...consuming(ack, prefetch) } },
    faults: slow === null ? [] : [{ kind: 'slow', target: `consumers.workers.${slow.index}`, factor: slow.factor, at: '0s' }],
    times: { arrivals: { web: rows.map((row) => Number(row.t_pub)) }, services: { workers: rows.map((row) => serviceOf(row, slow)) } },
  };
}

type Queue = NonNullable<RabbitSettings['queues'][string]>;

export function queueOf({ queueType, durable }: Pick<QueueingConfig, 'queueType' | 'durable'>): Queue {
  return { durable: durable ?? true, arguments: { 'x-queue-type': queueType } };
}

export function publishing({ persistent, confirm, bodyBytes }: Pick<QueueingConfig, 'persistent' | 'confirm' | 'bodyBytes'>) {
  return { size: `${bodyBytes}B`, deliveryMode: persistent ? 'persistent' : 'transient', ...(confirm && { confirm: { timeout: time(600_000) } }) } as const;
}

/** amqplib: a prefetch of 0 is none. */
export function consuming(ack: string, prefetch: number) {
  return { prefetch: prefetch === 0 ? 'unlimited' : prefetch, acknowledge: ack === 'auto' ? 'automatic' : 'after-work' } as const;
}

function serviceOf(row: Row, slow: QueueingConfig['slow']): number {
  const service = Number(row.s_real);
  return slow !== null && Number(row.consumer) === slow.index ? service / slow.factor : service;
}

function handlingOf(row: Row): Handling {
  return {
    published: Number(row.t_pub), delivered: Number(row.t_deliver), started: Number(row.t_start), done: Number(row.t_done),
    consumer: Number(row.consumer), isWarmUp: row.warmup === '1',
  };
}
