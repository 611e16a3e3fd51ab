/** The capacity report: complete, well-formed, the same every time, and harmless whatever the names are. */
import { describe, expect, it } from 'vitest';
import { renderCapacity } from '../../reports/capacity-report.ts';
import { formatCapacity } from '../../reports/capacity-summary.ts';
import { type CapacityResult, capacitySchema } from '../../scenarios/capacity-result.ts';
import { elements } from './markup.ts';
import { hostile } from './sample-result.ts';

const estimate = (value: number) => ({ value, interval: [value * 0.95, value * 1.05] as const });

function sample(name = 'workers'): CapacityResult {
  return {
    schema: capacitySchema, version: '0.1.0', scenario: name, about: 'Is it enough?', seed: 1, reproduce: { file: 'plan.yaml', set: [], command: 'npx faultline capacity plan.yaml --seed 1' },
    sentence: `Enough: at 150/s all 2 objectives are met. It is enough until 1.3 times the load: then ${name} is saturated.`, verdict: 'enough', replications: 10, level: 0.95, phases: { warmUp: 5, measure: 60 },
    stations: [
      { name, kind: 'consumers', queue: 'mq/jobs', model: 'M/M/c', arrivalRate: 150, offeredLoad: 1.8, servers: 3, whenFull: null, utilisation: 0.6, simulatedUtilisation: estimate(0.6), saturatedAt: 1.667, headroom: 100 },
      { name: 'mq thread', kind: 'broker-thread', queue: null, model: null, arrivalRate: 150, offeredLoad: 0.1, servers: 1, whenFull: null, utilisation: 0.1, simulatedUtilisation: null, saturatedAt: 'Infinity', headroom: 1350 },
    ],
    bottleneck: name,
    objectives: [
      { objective: `p99(${name}.sojourn) < 90ms`, unit: 's', limit: 0.09, predicted: 0.07, simulated: estimate(0.07), met: true, isClose: false, predictedUntil: 1.3, isRefuted: false, metAt: 1.25, missedAt: 1.4 },
      { objective: 'loss() <= 0', unit: '', limit: 0, predicted: null, simulated: { value: null, interval: null }, met: null, isClose: false, predictedUntil: null, isRefuted: false, metAt: null, missedAt: null },
    ],
    staffing: [{
      objective: `p99(${name}.sojourn) < 90ms`, group: name, now: 3, least: 3, predicted: [{ load: 1, workers: 3 }, { load: 1.5, workers: 4 }, { load: 2, workers: null }],
      checks: [{ workers: 2, simulated: { value: 'Infinity', interval: null }, met: false, isClose: false }, { workers: 3, simulated: estimate(0.07), met: true, isClose: true }], remark: 'theory and simulation agree',
    }],
    curves: [{
      group: name, queue: 'mq/jobs', model: 'M/M/c', knee: { load: 1.1, arrivalRate: 165, utilisation: 0.66, by: 'theory' },
      predicted: [0.5, 1, 1.5, 1.6].map((load) => ({ load, arrivalRate: 150 * load, mean: 0.012 / (1.667 - load), p99: load === 1.6 ? ('Infinity' as const) : 0.05 / (1.667 - load) })),
      simulated: [0.5, 1, 1.5].map((load) => ({ load, arrivalRate: 150 * load, mean: estimate(0.012 / (1.667 - load)), p99: estimate(0.05 / (1.667 - load)), utilisation: estimate(0.6 * load), throughput: estimate(150 * load) })),
    }],
    losses: [{ group: name, workers: 3, before: { utilisation: 0.6, predictedMean: 0.02, predictedP99: 0.07, mean: estimate(0.02), p99: estimate(0.07) }, after: { utilisation: 1.2, predictedMean: 'Infinity', predictedP99: 'Infinity', mean: estimate(2), p99: estimate(5) }, broken: [`p99(${name}.sojourn) < 90ms`] }],
    outages: [{ what: `all workers of ${name}`, kind: 'workers', queue: 'mq/jobs', length: 60, fluid: { peakBacklog: 9000, drainTime: 'Infinity' }, simulated: { peakBacklog: estimate(9010), drainTime: { value: 'Infinity', interval: null }, resolution: 2 }, remark: '' }],
    notes: [`mq/jobs: ${name} prefetches 10`], methods: { stations: 'Offered load by servers.' },
  };
}

describe('the capacity report', () => {
  it('answers first, and has a panel for each question', async () => {
    const page = await renderCapacity(sample());
    expect(page).toMatch(/<h1><span class="word pass"><span aria-hidden="true">✓<\/span> enough<\/span>Capacity of workers<\/h1>\s*<p class="sentence">Enough: at 150\/s/);
    expect([...page.matchAll(/<section class="panel" id="capacity-([\w-]+)"/g)].map((match) => match[1])).toEqual(['stations', 'objectives', 'staffing', 'load', 'losses', 'how', 'download']);
    for (const told of ['The bottleneck is workers on mq/jobs', '1.67 ×', 'no limit', 'theory and simulation agree', '66 % utilised', 'not measured', '∞', 'npx faultline capacity plan.yaml --seed 1']) expect(page).toContain(told);
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

  it('says in a terminal what the page says', () => {
    const told = formatCapacity(sample(), { colour: false, width: 60 });
    expect(told).toMatch(/^✓ ENOUGH workers\nEnough: at 150\/s/);
    expect(told.endsWith('reproduce: npx faultline capacity plan.yaml --seed 1\n')).toBe(true);
    expect(told.split('\n').filter((line) => line.length > 60 && !line.startsWith('reproduce'))).toEqual([]);
    expect(formatCapacity(sample(hostile), { colour: false, width: 80 })).not.toContain('\u001b');
  });
});
