import { describe, expect, it } from 'vitest';
import { distributionCsv, seriesCsv, statisticsCsv } from '../../reports/export/csv.ts';
import { emptyResult, failingResult, hostile, hostileResult, sampleResult, sparseResult } from './sample-result.ts';

/** RFC 4180, as a spreadsheet reads it. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = cells.exec(text); match !== null && match[0] !== ''; match = cells.exec(text)) {
    rows.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('seriesCsv', () => {
  it('has a line per window and a column per series, with the numbers of the result', () => {
    const result = sampleResult();
    const [header, ...lines] = parse(seriesCsv(result));
    expect(header!.slice(0, 6)).toEqual(['begin_s', 'end_s', 'offered_per_s', 'confirmed_per_s', 'handled_per_s', 'redelivered_per_s']);
    expect(lines).toHaveLength(result.series.times.length);
    expect(lines.every((line) => line.length === header!.length)).toBe(true);
    expect(Number(lines[60]![header!.indexOf('queue orders-mq/orders ready_mean')])).toBe(result.series.queues['orders-mq/orders']!.ready[60]);
  });

  it('leaves a cell empty for what was not observed', () => {
    const [header, ...lines] = parse(seriesCsv(sparseResult()));
    expect(lines.map((line) => line[header!.indexOf('group refunds sojourn_p99_s')]).join('')).toBe('');
  });

  it('has a header even without windows', () => {
    expect(parse(seriesCsv(emptyResult()))).toHaveLength(1);
  });
});

describe('statisticsCsv', () => {
  it('has one statistic per line, with its interval', () => {
    const lines = parse(statisticsCsv(failingResult()));
    expect(lines.every((line) => line.length === 7)).toBe(true);
    expect(lines).toContainEqual(['group', 'payments', 'throughput', '199.7', 'per s', '198.9', '200.6']);
    expect(lines).toContainEqual(['messages', 'crash(F1)', 'dropped', '9', 'messages', '', '']);
    expect(lines).toContainEqual(['objective', 'max(payments.waiting) < 60s', 'value', 'Infinity', 's', '', '']);
  });
});

describe('distributionCsv', () => {
  it('counts every observation', () => {
    const result = sampleResult();
    const lines = parse(distributionCsv(result)).slice(1).filter((line) => line[1] === 'sojourn');
    expect(lines.reduce((sum, line) => sum + Number(line[3]), 0)).toBe(result.groups['payments']!.latency.sojourn.count);
  });
});

describe('text in CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1'])('is no formula: %j', (name) => {
    const sample = sampleResult();
    const [, line] = parse(distributionCsv({ ...sample, groups: { [name]: sample.groups['payments']! } }));
    expect(line![0]).toBe(`'${name}`);
  });

  it('stays in its cell, whatever it holds', () => {
    const lines = parse(statisticsCsv(hostileResult()));
    expect(lines.every((line) => line.length === 7)).toBe(true);
    expect(lines.some((line) => line[1] === `'=cmd ${hostile} payments`)).toBe(true);
    for (const cell of lines.flat()) expect(cell).not.toMatch(/^\s*[=+@]/);
  });
});
