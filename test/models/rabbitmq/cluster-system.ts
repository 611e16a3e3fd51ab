/** Small clusters of RabbitMQ in which nothing is random but who notices a silence first, and what happens there as short lines. */
import type { System } from '../../../models/build.ts';
import type { HistoryEvent } from '../../../models/history.ts';
import type { NodeId } from '../../../models/node.ts';
import { createScenario, type ScenarioSettings } from '../../../scenarios/define.ts';
import type { HistoryLine } from '../../../scenarios/history.ts';
import { driveToQuiet } from '../driven.ts';

type Broker = Extract<ScenarioSettings['brokers'][string], { kind: 'rabbitmq' }>;
export type Fault = NonNullable<ScenarioSettings['faults']>[number];
export type Producer = NonNullable<ScenarioSettings['producers']>[string];
export type Consumer = NonNullable<ScenarioSettings['consumers']>[string];

export interface ClusterParts {
  readonly broker?: Partial<Broker>;
  readonly jobs?: NonNullable<Broker['queues'][string]>;
  /** Of `web`, which connects to the first node. */
  readonly producer?: Partial<Producer>;
  readonly producers?: Readonly<Record<string, Producer>>;
  readonly consumers?: Readonly<Record<string, Consumer>>;
  readonly faults?: readonly Fault[];
}

export const quorum = (args: object = {}) => ({ arguments: { 'x-queue-type': 'quorum' as const, ...args } });

/** web.0 publishes at 10, 20, 30 ms …; work takes no time, a sync one millisecond, a node 200 ms to boot and its applications alone 100 ms. */
export function clusterSystem({ broker, jobs = {}, producer, producers, consumers = {}, faults = [] }: ClusterParts): ScenarioSettings {
  return {
    faultline: 1, name: 'cluster', phases: { measure: '300s', drain: '100s' },
    network: { connection: { reconnect: { fixed: { delay: '100ms' } } } },
    brokers: {
      mq: {
        kind: 'rabbitmq', version: '3.13',
        timing: { delivery: '0', turnaround: '0', operation: '0', write: '0', fsync: '1ms', start: '100ms', boot: '200ms' }, ...broker,
        queues: { jobs, ...broker?.queues },
      },
    },
    producers: producers ?? { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 3, confirm: {}, ...producer } },
    consumers, faults: [...faults],
  };
}

export interface Told {
  /** `30 delivered 2 #2`: milliseconds, event, message, which delivery or attempt; causes in brackets. */
  readonly lines: readonly string[];
  /** `4000 mq.0 down (stop(pause_minority))`: nodes of the broker that go and come. */
  readonly nodes: readonly string[];
  readonly system: System;
  readonly reached: Readonly<Record<string, number>>;
}

export function run(parts: ClusterParts, ...events: HistoryEvent[]): Told {
  const lines: HistoryLine[] = [];
  const nodes: string[] = [];
  const { system, isQuiet } = driveToQuiet(createScenario(clusterSystem(parts)), { history: lines, built: ({ world }) => watchNodes(world, nodes) });
  if (!isQuiet) throw new Error('the system did not come to rest');
  return { lines: lines.filter(({ what }) => events.includes(what)).map(shortLine), nodes, system, reached: system.world.sim.trace.reachedPaths };
}

function watchNodes({ nodes, sim, causes }: System['world'], lines: string[]): void {
  const note = (node: NodeId, what: string): void => {
    if (nodes.name(node).startsWith('mq.')) lines.push(`${Number((sim.now / 1e6).toFixed(3))} ${nodes.name(node)} ${what}`);
  };
  nodes.watchedBy({ crashed: (node, _scope, cause) => note(node, `down (${causes.text(cause)})`), restarted: (node) => note(node, 'up'), paused: () => {} });
}

export function told(parts: ClusterParts, ...events: HistoryEvent[]): readonly string[] {
  return run(parts, ...events).lines;
}

function shortLine({ at, what, message, delivery, attempt, queue, cause }: HistoryLine): string {
  const number = delivery ?? attempt ?? 1;
  const where = queue === undefined || queue === 'mq/jobs' ? [] : [queue.replace('mq/', 'in ')];
  return [Number((at * 1000).toFixed(3)), what, message.replace('web.0-', ''), ...(number > 1 ? [`#${number}`] : []), ...where, ...(cause === undefined ? [] : [`(${cause})`])].join(' ');
}

/** Without the times. */
export const order = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^[\d.]+ /, ''));
