/** The capacity report: complete, well-formed, the same every time, and harmless whatever the names are. */
import { describe, expect, it } from 'vitest';
import { renderCapacity } from '../../reports/capacity-report.ts';
import { formatCapacity } from '../../reports/capacity-summary.ts';
import { estimate } from '../../reports/capacity-words.ts';
import type { CapacityResult } from '../../scenarios/capacity-result.ts';
import { elements, markup } from './markup.ts';
import { sampleCapacity as sample } from './sample-capacity.ts';
import { hostile } from './sample-result.ts';

describe('the capacity report', () => {
  it('answers first, and has a panel for each question', async () => {
    const page = await renderCapacity(sample());
    expect(page).toMatch(/<h1><span class="word pass"><span aria-hidden="true">✓<\/span> enough<\/span>Capacity of workers<\/h1>\s*<p class="sentence">Enough: at 150\/s/);
    expect([...page.matchAll(/<section class="panel" id="capacity-([\w-]+)"/g)].map((match) => match[1])).toEqual(['stations', 'objectives', 'staffing', 'load', 'losses', 'how', 'download']);
    for (const told of ['The bottleneck is workers on orders-mq/orders', '1.67 ×', 'no limit', 'theory and simulation agree', '66 % utilised', 'not measured', '∞', 'npx faultline capacity plan.yaml --seed 1']) expect(markup(page)).toContain(told);
    expect(await renderCapacity(sample())).toBe(page);
  });

  it('is well-formed, without inline style, handler or address, each id once', async () => {
    for (const result of [sample(), sample(hostile)]) {
      const all = elements(await renderCapacity(result));
      const ids = all.map(({ attributes }) => attributes['id']).filter((id) => id !== undefined);
      expect(new Set(ids).size).toBe(ids.length);
      const names = all.flatMap(({ attributes }) => Object.keys(attributes));
      expect(names.filter((name) => name === 'style' || name === 'src' || name.startsWith('on'))).toEqual([]);
      expect(all.filter(({ name }) => name === 'script')).toHaveLength(0);
      expect(all.some(({ name }) => name === 'img')).toBe(false);
    }
  });

  it('says whom it believes, and what becomes of what a full queue has no room for', async () => {
    const result = sample();
    const refuted: CapacityResult = {
      ...result, objectives: [{ ...result.objectives[0]!, isRefuted: true }], stations: [{ ...result.stations[0]!, utilisation: 1.2, whenFull: 'drop-head' }],
      curves: [{ ...result.curves[0]!, knee: { ...result.curves[0]!.knee!, by: 'simulation' } }],
    };
    const [page, told] = [await renderCapacity(refuted), formatCapacity(refuted, { colour: false, width: 1000 }).replaceAll(/\s+/g, ' ')];
    expect(told).toContain('met up to 1.25 ×, missed from 1.4 × the load in simulation; that refutes theory, which has it met until 1.3 ×');
    expect(told).toContain('its queue is full and drops the rest');
    for (const each of [page, told]) expect(each).toContain('of the simulated loads');
    expect(page).toContain('<small>refuted</small>');
    expect(await renderCapacity(result)).not.toContain('<small>refuted</small>');
  });

  it('says what was not observed once, and one of a thing as one', () => {
    const nothing = { value: null, interval: null };
    const [loss] = sample().losses;
    const told = (before: typeof nothing, after: typeof nothing) => formatCapacity({
      ...sample(), stations: [{ ...sample().stations[0]!, offeredLoad: 1 }], losses: [{ ...loss!, before: { ...loss!.before, p99: before }, after: { ...loss!.after, utilisation: 0.9, p99: after } }],
    }, { colour: false, width: 1000 }).replaceAll(/\s+/g, ' ');
    expect(told(nothing, nothing)).toContain('90 % utilised, p99 not observed; then');
    expect(told(nothing, loss!.after.p99 as never)).toContain('p99 5 s (4.75 s to 5.25 s), not observed before; then');
    expect(told(nothing, nothing)).toContain('1 erlang on 3 servers');
  });

  it('leaves out an interval that says what its value says', () => {
    expect(estimate({ value: 5, interval: [5, 5] }, 's')).toBe('5 s');
    expect(estimate({ value: 0.005, interval: [-0.001, 0.011] }, 's')).toBe('5 ms (−1 ms to 11 ms)');
  });

  it('says in a terminal what the page says', () => {
    const told = formatCapacity(sample(), { colour: false, width: 60 });
    expect(told).toMatch(/^✓ ENOUGH workers\nEnough: at 150\/s/);
    expect(told.endsWith('reproduce: npx faultline capacity plan.yaml --seed 1\n')).toBe(true);
    expect(told.split('\n').filter((line) => line.length > 60 && !line.startsWith('reproduce'))).toEqual([]);
    expect(formatCapacity(sample(hostile), { colour: false, width: 80 })).not.toContain('\u001b');
  });
});
