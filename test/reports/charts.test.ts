import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { parse as Parse, Spec, View as VegaView } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logExtent, timeAxis } from '../../reports/chart.ts';
import { panels } from '../../reports/panels/index.ts';
import type { RunResult } from '../../scenarios/result.ts';
import { failingResult, hostileResult, manyFaultsResult, sampleResult, sparseResult } from './sample-result.ts';

/** The parts of Vega that the page has, bundled as for the page: imported one by one here, they would share what all of Vega registers. */
interface Slim {
  readonly parse: typeof Parse;
  readonly View: typeof VegaView;
  readonly expressionInterpreter: never;
}
const root = join(import.meta.dirname, '../..');
const folder = join(root, `.cache/slim-${process.pid}`);
let slim: Slim;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const contents = `export * from './reports/browser/vega-slim.ts'; export { expressionInterpreter } from 'vega-interpreter';`;
  await build({ stdin: { contents, resolveDir: root }, bundle: true, format: 'esm', outfile: join(folder, 'slim.mjs'), tsconfigRaw: '{}', logLevel: 'error' });
  slim = (await import(pathToFileURL(join(folder, 'slim.mjs')).href)) as Slim;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a compiled chart as the page does, expressions interpreted; what it complained about. */
async function problems(spec: Spec): Promise<readonly string[]> {
  const found: string[] = [];
  const note = (...parts: readonly unknown[]) => found.push(parts.map(String).join(' '));
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  const { parse, View, expressionInterpreter } = slim;
  const view = new View(parse(spec, {}, { ast: true } as never), { renderer: 'none', expr: expressionInterpreter, logger: logger as never });
  await view.runAsync();
  view.finalize();
  // There is no window here for a drag to leave the chart into; in a browser there is.
  return found.filter((problem) => problem !== 'Can not resolve event source: window');
}

function charts(result: RunResult) {
  return panels.flatMap((panel) => panel.render(result)).filter((block) => block.kind === 'chart');
}

describe('the charts in the page', () => {
  it.each(Object.entries({ passing: sampleResult(), failing: failingResult(), faults: manyFaultsResult(), sparse: sparseResult(), hostile: hostileResult() }))(
    'need nothing that the page does not carry: %s',
    async (_, result) => {
      const all = charts(result);
      expect(all.length).toBeGreaterThanOrEqual(7);
      for (const { spec, still } of all) expect(await problems(compile(spec ?? still).spec)).toEqual([]);
    },
  );

  it('would fail if they needed more', async () => {
    const map: TopLevelSpec = { data: { values: [{ a: 1, b: 2 }] }, projection: { type: 'mercator' }, mark: 'point', encoding: { longitude: { field: 'a' }, latitude: { field: 'b' } } } as TopLevelSpec;
    await expect(async () => problems(compile(map).spec)).rejects.toThrow(/Unrecognized/);
  });

  it('hold every window of a percentile, and a gap where nothing was observed', async () => {
    const latency = charts(sampleResult()).find(({ id }) => id === 'sojourn-1')!;
    const { datasets } = latency.spec as unknown as { datasets: { windows: { s2: number | null }[] } };
    expect(datasets.windows).toHaveLength(240);
    expect(datasets.windows.filter(({ s2 }) => s2 === null).length).toBeGreaterThan(5);
  });

  it('draw thousands of windows with fewer points, and keep the spike', () => {
    const sample = sampleResult();
    const length = 6000;
    const times = Array.from({ length }, (_, index) => (index + 1) / 10);
    const spike = times.map((_, index) => (index === 4321 ? 5000 : 200));
    const long = { ...sample, series: { ...sample.series, times, window: 0.1, offered: spike, confirmed: spike, handled: spike, redelivered: spike, groups: {}, queues: {} } };
    const { datasets } = charts(long).find(({ id }) => id === 'rates')!.spec as unknown as { datasets: { windows: { s0: number }[] } };
    expect(datasets.windows.length).toBeLessThan(2100);
    expect(Math.max(...datasets.windows.map(({ s0 }) => s0))).toBe(5000);
  });
});

describe('axes', () => {
  it('count long runs in minutes, hours and days', () => {
    expect([600, 3600, 86_400, 30 * 86_400].map((length) => timeAxis(length)).map(({ unit, length }) => [unit, length])).toEqual([['s', 600], ['min', 60], ['h', 24], ['d', 30]]);
  });

  it('mark the powers of ten of a wide logarithmic scale, and 1, 2, 5 of a narrow one', () => {
    expect(logExtent([0.03, 40])).toEqual({ scale: { type: 'log', domain: [0.02, 50], nice: false }, ticks: [0.1, 1, 10] });
    expect(logExtent([0.03, 0.3])).toEqual({ scale: { type: 'log', domain: [0.02, 0.5], nice: false }, ticks: [0.02, 0.05, 0.1, 0.2, 0.5] });
    expect(logExtent([1e-9, 1e-9]).scale.domain).toEqual([1e-9, 2e-9]);
    expect(logExtent([1e-8, 1e5]).ticks).toHaveLength(14);
  });
});
