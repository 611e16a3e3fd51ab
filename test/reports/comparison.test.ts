/** Runs side by side, in a terminal of any width and as a page, whatever the names are. */
import { describe, expect, it } from 'vitest';
import { renderComparison } from '../../reports/comparison-report.ts';
import { formatComparison } from '../../reports/comparison-summary.ts';
import { compareResults } from '../../scenarios/comparison.ts';
import type { RunResult } from '../../scenarios/result.ts';
import { elements, markup } from './markup.ts';
import { failingResult, hostile, hostileResult, sampleResult } from './sample-result.ts';

const both = compareResults(['as written', 'mended with another setting'], [failingResult(), sampleResult()], 'npx faultline compare plan.yaml');

describe('rows of a comparison', () => {
  it('say of an objective what came of it, also where all values are 0, and nothing of what never happened', () => {
    const missed = { ...sampleResult(), objectives: [{ objective: 'throughput(z) > 5/s', value: 0, interval: null, met: false, unit: '/s' as const }] } as unknown as RunResult;
    const { rows } = compareResults(['a', 'b'], [missed, missed], 'x');
    expect(rows.find(({ section }) => section === 'Objectives')?.cells[0]).toEqual({ value: 0, verdict: 'fail' });
    expect(rows.filter(({ cells, unit }) => unit !== 'verdict' && cells.every((cell) => cell?.value === 0 && cell.verdict === undefined))).toEqual([]);
  });

  it('have recoveries of a broker side by side, whichever numbers their faults have', () => {
    const recovered = (...faults: string[]) => ({ ...sampleResult(), recoveries: faults.map((fault, index) => ({ fault, broker: 'mq', recoveryPoint: index + 1, recoveryTime: 2, messagesLost: 0, broughtBack: 0 })) }) as unknown as RunResult;
    const points = (...results: RunResult[]) => compareResults(['a', 'b'], results, 'x').rows.filter(({ title }) => title === 'recovery point').map(({ section, cells }) => [section, cells.map((cell) => cell?.value)]);
    expect(points(recovered('F1'), recovered('F2'))).toEqual([['Recovery of mq', [1, 1]]]);
    expect(points(recovered('F1', 'F3'), recovered('F2'))).toEqual([['Recovery 1 of mq', [1, 1]], ['Recovery 2 of mq', [2, undefined]]]);
  });
});

describe('a comparison in a terminal', () => {
  it('has the runs side by side where there is room, and below one another where there is not', () => {
    const wide = formatComparison(both, { colour: false, width: 120 });
    expect(wide.split('\n').find((line) => line.includes('as written'))).toMatch(/as written +mended with another/);
    expect(wide).toMatch(/ {2}verdict +✗ fail +✓ pass/);
    expect(wide).toContain('reproduce: npx faultline compare plan.yaml');
    const narrow = formatComparison(both, { colour: false, width: 50 });
    expect(narrow.split('\n').filter((line) => line.startsWith('  verdict'))).toHaveLength(2);
    for (const line of narrow.split('\n')) expect(line.length, line).toBeLessThanOrEqual(70);
  });

  it('says whether all were asked the same', () => {
    const asked = (published: number, seed = 1) => ({ ...sampleResult(), seed, producers: Object.fromEntries(Object.entries(sampleResult().producers).map(([name, producer]) => [name, { ...producer, published }])) });
    const second = (...results: RunResult[]) => formatComparison(compareResults(['a', 'b'], results, 'x'), { colour: false, width: 120 }).split('\n')[1];
    const [name] = Object.keys(sampleResult().producers);
    expect([second(asked(5), asked(5)), second(asked(5), asked(6)), second(asked(5), asked(5, 2))]).toEqual(['seed 1: producers published the same in all', `seed 1: not all were asked the same by ${name}`, 'seeds 1, 2']);
  });

  it('cannot drive the terminal', () => {
    const text = formatComparison(compareResults(['a', `b\u001b]0;x\u0007`], [hostileResult(), hostileResult()], 'x'), { colour: false, width: 80 });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });
});

describe('a comparison as a page', () => {
  it('answers side by side, draws the runs over one another, and carries each whole', async () => {
    const page = await renderComparison(both);
    expect([...page.matchAll(/<section class="panel" id="comparison-([\w-]+)"/g)].map((match) => match[1])).toEqual(['side-by-side', 'tails', 'over-time', 'download']);
    for (const told of ['mended with another setting', 'id="run-1"', 'id="run-2"', 'half the width of the 95', 'data-zoom="comparison"']) expect(markup(page)).toContain(told);
    expect(await renderComparison(both)).toBe(page);
  });

  it('is well-formed, each id once, without handler or address, whatever the names are', async () => {
    const all = elements(await renderComparison(compareResults([hostile, `${hostile} 2`], [hostileResult(), hostileResult()], hostile)));
    const ids = all.map(({ attributes }) => attributes['id']).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    expect(all.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => name === 'style' || name === 'src' || name.startsWith('on'))).toEqual([]);
    expect(all.filter(({ name }) => name === 'script')).toHaveLength(0);
  });
});
