import type { GroupResult, Latency, ProducerResult, QueueResult, RunResult } from '../../scenarios/result.ts';
import { html } from '../html.ts';
import { count, interval, notObserved, rate, seconds, share } from '../numbers.ts';
import { type Block, type Cell, figures, type Panel, passage, table, words } from '../panel.ts';

export const keyFigures: Panel = {
  id: 'key-figures',
  title: 'Key figures',
  question: 'How much does each part carry, how busy is it, and how long do messages take?',
  render(result) {
    const blocks = [...groupTables(result), ...queueTables(result), ...producerTables(result)];
    return blocks.length > 0 ? blocks : [passage(html`<p>The scenario has no producers, queues or consumers.</p>`)];
  },
};

function groupTables(result: RunResult): readonly Block[] {
  const groups = Object.entries(result.groups);
  if (groups.length === 0) return [passage(html`<p>There are no consumer groups: nothing was handled.</p>`)];
  const columns = [
    words('Consumer group'), words('Reads'), figures('Workers'), figures('Throughput'), figures('95 % interval'), figures('Utilisation'), figures('Mean in system'),
    figures('Handlings'), figures('Failed'), figures('Redelivered'),
  ];
  const row = ([name, group]: [string, GroupResult]): Cell[] => [
    name, group.subscribe, group.concurrency > 1 ? `${count(group.workers)} × ${count(group.concurrency)}` : count(group.workers), rate(group.throughput),
    interval(group.throughputInterval, '/s'), share(group.utilisation), count(group.meanInSystem), count(group.handled), count(group.failed), count(group.redelivered),
  ];
  const latencies = groups.flatMap(([name, { latency }]) => [
    latencyRow(`${name}, waiting`, latency.waiting), latencyRow(`${name}, service`, latency.service), latencyRow(`${name}, sojourn`, latency.sojourn),
  ]);
  return [
    table('Consumer groups', columns, groups.map(row)),
    table('Latency by consumer group', latencyColumns('Group and measure'), latencies,
      'Waiting runs from stored to the start of service, sojourn from the first publish to the end of successful handling.'),
  ];
}

function queueTables(result: RunResult): readonly Block[] {
  const queues = Object.entries(result.queues);
  if (queues.length === 0) return [];
  const flow = [
    words('Queue'), figures('Arrivals'), figures('Throughput'), figures('Utilisation'), figures('Mean in system'), figures('Redelivered'),
    figures('Dead-lettered'), figures('Dropped'),
  ];
  const flowRow = ([name, queue]: [string, QueueResult]): Cell[] => [
    queueName(name, queue), rate(queue.arrivalRate), rate(queue.throughput), share(queue.utilisation), count(queue.meanInSystem), count(queue.redelivered), count(queue.deadLettered), count(total(queue.dropped)),
  ];
  const content = [
    words('Queue'), figures('Ready, mean'), figures('Ready, most'), figures('Ready, at the end'), figures('In flight, mean'), figures('In flight, most'), figures('In flight, at the end'),
  ];
  const contentRow = ([name, { backlog, inFlight }]: [string, QueueResult]): Cell[] => [
    name, count(backlog.mean), count(backlog.max), count(backlog.end), count(inFlight.mean), count(inFlight.max), count(inFlight.end),
  ];
  const seen = queues.filter(([, queue]) => queue.latency.sojourn.count > 0);
  const latencies = seen.flatMap(([name, { latency }]) => [latencyRow(`${name}, waiting`, latency.waiting), latencyRow(`${name}, sojourn`, latency.sojourn)]);
  return [
    table('Queues', flow, queues.map(flowRow)),
    table('Messages in queues', content, queues.map(contentRow)),
    ...(latencies.length === 0 ? [] : [table('Latency by queue', latencyColumns('Queue and measure'), latencies)]),
  ];
}

function queueName(name: string, queue: QueueResult): Cell {
  return queue.deadLetterQueue ? html`${name} <small>dead letters</small>` : name;
}

function producerTables(result: RunResult): readonly Block[] {
  const producers = Object.entries(result.producers);
  if (producers.length === 0) return [];
  const columns = [
    words('Producer'), words('Publishes to'), figures('Count'), figures('Offered'), figures('Published'), figures('Confirmed'), figures('Refused'), figures('Unknown'), figures('Attempts'),
    figures('Retries'),
  ];
  const row = ([name, producer]: [string, ProducerResult]): Cell[] => [
    name, producer.publish, count(producer.count), rate(producer.offeredRate), count(producer.published), count(producer.confirmed), count(producer.refused), count(producer.unknown),
    count(producer.attempts), count(producer.retries),
  ];
  return [
    table('Producers', columns, producers.map(row)),
    table('Time to confirm, by producer', latencyColumns('Producer'), producers.map(([name, { confirmLatency }]) => latencyRow(name, confirmLatency))),
  ];
}

function latencyColumns(what: string) {
  return [
    words(what), figures('Count'), figures('Mean'), figures('95 % interval'), figures('p50'), figures('p90'), figures('p95'), figures('p99'), figures('p99.9'), figures('p99.99'), figures('Max'),
  ];
}

function latencyRow(name: string, latency: Latency): Cell[] {
  if (latency.count === 0 && latency.max === null) return [name, '0', notObserved, ...Array.from({ length: 8 }, () => '–')];
  const { p50, p90, p95, p99, p999, p9999, max } = latency;
  return [name, count(latency.count), seconds(latency.mean), interval(latency.interval, 's'), ...[p50, p90, p95, p99, p999, p9999, max].map(seconds)];
}

function total(amounts: Readonly<Record<string, number>>): number {
  return Object.values(amounts).reduce((sum, amount) => sum + amount, 0);
}
