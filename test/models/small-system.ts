/** Small systems in which nothing is random, and what happens to their messages as short lines. */
import type { HistoryEvent } from '../../models/history.ts';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import type { HistoryLine } from '../../scenarios/history.ts';
import { driveToQuiet } from './driven.ts';

type Broker = Extract<ScenarioSettings['brokers'][string], { kind: 'work-queue' }>;
type Queue = NonNullable<Broker['queues'][string]>;
type Producer = NonNullable<ScenarioSettings['producers']>[string];
export type Fault = NonNullable<ScenarioSettings['faults']>[number];
type Consumer = NonNullable<ScenarioSettings['consumers']>[string];

export interface Parts extends Partial<Omit<ScenarioSettings, 'network'>> {
  readonly broker?: Partial<Broker>;
  readonly jobs?: Queue;
  readonly queues?: Record<string, Queue>;
  readonly producer?: Partial<Producer>;
  /** Further producers: w2, w3, … */
  readonly consumer?: Partial<Consumer> | 'none';
  readonly connection?: NonNullable<ScenarioSettings['network']>['connection'];
  readonly latency?: string;
}

/**
 * Producer web.0 publishes at 10, 20, 30 ms …; a frame takes 1 ms; worker workers.0 takes one message at a time, 5 ms for
 * each, and is there from the third millisecond on. Nothing is written to disk unless a test says so.
 */
export function smallSystem({ broker, jobs = {}, queues, producer, consumer, connection, latency = '1ms', ...rest }: Parts): ScenarioSettings {
  return {
    faultline: 1,
    name: 'small',
    phases: { measure: '10s', drain: '1000s' },
    network: { default: { latency }, ...(connection && { connection }) },
    brokers: { mq: { kind: 'work-queue', storage: { durable: false }, ...broker, queues: { jobs, ...queues } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 3, ...producer } },
    ...(consumer !== 'none' && { consumers: { workers: { subscribe: 'mq/jobs', service: '5ms', ...consumer } } }),
    ...rest,
  };
}

/**
 * What happens, one line for each: milliseconds, event, message (3 is the third of web.0), and what goes with it: #2 for
 * a second delivery or attempt, the worker, the queue unless it is jobs, the cause.
 */
export function told(parts: Parts, ...events: HistoryEvent[]): string[] {
  const lines: HistoryLine[] = [];
  driveToQuiet(createScenario(smallSystem(parts)), { history: lines });
  return lines.filter(({ what }) => events.includes(what)).map(shortLine);
}

function shortLine({ at, what, message, attempt, delivery, queue, worker, cause }: HistoryLine): string {
  const number = delivery ?? attempt ?? 1;
  return [
    Number((at * 1000).toFixed(6)), what, message.replace('web.0-', ''),
    ...(number > 1 ? [`#${number}`] : []),
    ...(worker === undefined ? [] : [worker.replace('consumers.', '')]),
    ...(queue === undefined || queue === 'mq/jobs' ? [] : [queue.replace('mq/', 'in ')]),
    ...(cause === undefined ? [] : [`(${cause})`]),
  ].join(' ');
}
