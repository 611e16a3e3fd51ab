/** Results as tables for spreadsheets and scripts: seconds and per second, RFC 4180. The page makes the same files by itself. */
import type { Latency, RunResult } from '../../scenarios/result.ts';
import { csv, type Value } from './csv-lines.ts';

/** One line per window, with every series that there is. */
export function seriesCsv(result: RunResult): string {
  const { times, window, offered, confirmed, handled, redelivered, groups, queues } = result.series;
  const columns: [string, readonly Value[]][] = [
    ['begin_s', times.map((time) => rounded(time - window))],
    ['end_s', times],
    ['offered_per_s', offered], ['confirmed_per_s', confirmed], ['handled_per_s', handled], ['redelivered_per_s', redelivered],
  ];
  for (const [name, group] of Object.entries(groups)) {
    columns.push([`group ${name} handled_per_s`, group.handled], [`group ${name} utilisation`, group.utilisation]);
    for (const measure of ['sojourn', 'waiting'] as const) {
      for (const statistic of ['p50', 'p90', 'p99', 'max'] as const) columns.push([`group ${name} ${measure}_${statistic}_s`, group[measure][statistic]]);
    }
  }
  for (const [name, queue] of Object.entries(queues)) {
    columns.push([`queue ${name} ready_mean`, queue.ready], [`queue ${name} ready_max`, queue.readyMax], [`queue ${name} in_flight_mean`, queue.inFlight]);
  }
  return csv([columns.map(([title]) => title), ...times.map((_, index) => columns.map(([, values]) => values[index] ?? null))]);
}

/** One line per statistic: of what, which, its value, its unit, and the bounds of its 95 % interval. */
export function statisticsCsv(result: RunResult): string {
  const lines: Value[][] = [['of', 'name', 'statistic', 'value', 'unit', 'interval_low', 'interval_high']];
  for (const [fate, amount] of Object.entries(result.messages)) {
    if (typeof amount === 'number') lines.push(['messages', '', fate, amount, 'messages', null, null]);
    else for (const [cause, dropped] of Object.entries(amount as Record<string, number>)) lines.push(['messages', cause, 'dropped', dropped, 'messages', null, null]);
  }
  for (const [name, group] of Object.entries(result.groups)) lines.push(...stationLines('group', name, group));
  for (const [name, queue] of Object.entries(result.queues)) {
    lines.push(...stationLines('queue', name, queue));
    for (const statistic of ['mean', 'max', 'end'] as const) lines.push(['queue', name, `backlog ${statistic}`, queue.backlog[statistic], 'messages', null, null]);
  }
  for (const [name, producer] of Object.entries(result.producers)) {
    for (const key of ['published', 'confirmed', 'refused', 'unknown', 'attempts', 'retries'] as const) lines.push(['producer', name, key, producer[key], 'messages', null, null]);
    lines.push(['producer', name, 'offered rate', producer.offeredRate, 'per s', null, null], ...latencyLines('producer', name, 'confirm', producer.confirmLatency));
  }
  for (const { objective, value, unit, interval } of result.objectives) {
    lines.push(['objective', objective, 'value', value, unit === '/s' ? 'per s' : unit, interval?.[0] ?? null, interval?.[1] ?? null]);
  }
  return csv(lines);
}

/** One line per histogram bucket: how many took longer than the bucket before, and up to its bound. */
export function distributionCsv(result: RunResult): string {
  const lines: Value[][] = [['group', 'measure', 'up_to_s', 'count']];
  for (const [name, { latency }] of Object.entries(result.groups)) {
    for (const measure of ['waiting', 'service', 'sojourn'] as const) {
      const { upTo, count } = latency[measure].distribution;
      upTo.forEach((bound, index) => lines.push([name, measure, bound, count[index]!]));
    }
  }
  return csv(lines);
}

function stationLines(of: string, name: string, station: RunResult['groups'][string] | RunResult['queues'][string]): Value[][] {
  const { throughput, throughputInterval, utilisation, meanInSystem, latency } = station;
  return [
    [of, name, 'throughput', throughput, 'per s', throughputInterval?.[0] ?? null, throughputInterval?.[1] ?? null],
    [of, name, 'utilisation', utilisation, '', null, null],
    [of, name, 'mean in system', meanInSystem, 'messages', null, null],
    ...(['waiting', 'service', 'sojourn'] as const).flatMap((measure) => latencyLines(of, name, measure, latency[measure])),
  ];
}

function latencyLines(of: string, name: string, measure: string, latency: Latency): Value[][] {
  const statistics = ['p50', 'p90', 'p95', 'p99', 'p999', 'p9999', 'max'] as const;
  return [
    [of, name, `${measure} count`, latency.count, 'messages', null, null],
    [of, name, `${measure} mean`, latency.mean, 's', latency.interval?.[0] ?? null, latency.interval?.[1] ?? null],
    ...statistics.map((statistic): Value[] => [of, name, `${measure} ${statistic}`, latency[statistic], 's', null, null]),
  ];
}

/** Takes away what a subtraction of floating-point numbers adds. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
