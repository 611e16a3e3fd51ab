/** The page of one message's life, its picture, and the flow of the ledger. */
import { describe, expect, it } from 'vitest';
import { ledgerFlow } from '../../reports/ledger-flow.ts';
import { spaceTime } from '../../reports/space-time.ts';
import { renderReport } from '../../reports/report.ts';
import { renderStory, renderWindow } from '../../reports/story-report.ts';
import { formatWindow } from '../../reports/window-story.ts';
import { createScenario } from '../../scenarios/define.ts';
import { explainMessage } from '../../scenarios/explain.ts';
import { explainWindow } from '../../scenarios/explain-window.ts';
import type { Explanation } from '../../scenarios/result.ts';
import { runScenario } from '../../scenarios/run.ts';
import { smallSystem } from '../models/small-system.ts';

const scenario = createScenario(smallSystem({
  producer: { messages: 5, confirm: {}, retry: { fixed: { delay: '20ms' } } }, connection: { heartbeat: '20ms', reconnect: { fixed: { delay: '1ms' } } },
  faults: [{ kind: 'ack-lost', target: 'consumers.workers', messages: { nth: 2 }, at: '0s', for: '1s' }, { kind: 'publish-lost', target: 'producers.web', messages: { nth: 2 }, at: '0s', for: '1s' }],
  claims: ['exactly-once-effect'],
}));
const explanation = explainMessage(scenario, 'web.0-2');

interface Layered {
  readonly layer: readonly { readonly data?: { readonly values: readonly Record<string, unknown>[] } }[];
}
const valuesOf = (spec: unknown, layer: number): readonly Record<string, unknown>[] => (spec as Layered).layer[layer]!.data!.values;

describe('the picture of a life', () => {
  const { spec } = spaceTime(explanation);

  it('has a lane for each who had a part in it, and a row for each thing that happened', () => {
    expect(valuesOf(spec, 2).map(({ name }) => name)).toEqual(['web.0', 'mq/jobs', 'workers.0']);
    expect(valuesOf(spec, 8)).toHaveLength(explanation.life.length);
    const rows = valuesOf(spec, 7).map(({ y }) => y as number);
    expect(rows).toEqual([...rows].sort((one, other) => one - other));
  });

  it('has arrows from what was sent to what arrived, and broken ones to what was lost', () => {
    const shapes = valuesOf(spec, 4).map(({ shape }) => shape);
    expect(shapes.filter((shape) => shape === 'cross')).toHaveLength(2);
    expect(shapes.filter((shape) => shape === 'triangle').length).toBeGreaterThanOrEqual(4);
  });

  it('leaves out the middle of a life that is too long', () => {
    const long: Explanation = { ...explanation, life: Array.from({ length: 200 }, (_, index) => ({ ...explanation.life[2]!, at: index })) };
    expect(spaceTime(long).left).toBeGreaterThanOrEqual(152);
  });
});

describe('a window of time', () => {
  const window = explainWindow(scenario, 0.015, 0.035);

  it('has all that happened to anybody from one instant to another, and before that', () => {
    expect(window.life.every(({ at }) => at >= 0.015 && at < 0.035)).toBe(true);
    expect(new Set(window.life.map(({ message }) => message))).toEqual(new Set(['web.0-1', 'web.0-2', 'web.0-3']));
    expect(window).toMatchObject({ messages: 3, left: 0 });
    expect(explainWindow(scenario, 500, 501)).toMatchObject({ life: [], messages: 0 });
  });

  it('is drawn with whose each thing was, and arrows between those of one message', () => {
    const { spec: drawn } = spaceTime(window);
    expect(valuesOf(drawn, 8).filter(({ text }) => /^web\.0-\d /.test(String(text)))).toHaveLength(window.life.length);
    expect(valuesOf(drawn, 4).length).toBeGreaterThan(2);
  });

  it('has a lane for each group where members are too many, and one for the others where groups are', () => {
    const line = window.life[0]!;
    const many = { ...window, life: Array.from({ length: 30 }, (_, index) => ({ ...line, what: 'effect', where: `consumers.workers.${index}`, message: `web.${index}-1` })) };
    expect(valuesOf(spaceTime(many).spec, 2).map(({ name }) => name)).toEqual(['web', ...(line.queue === undefined ? [] : [line.queue]), 'workers']);
    const groups = { ...window, life: Array.from({ length: 30 }, (_, index) => ({ ...line, what: 'effect', where: `consumers.g${index}.0`, message: `p${index}.0-1` })) };
    const names = valuesOf(spaceTime(groups).spec, 2).map(({ name }) => name);
    expect(names.length).toBeLessThanOrEqual(8);
    expect(names.filter((name) => name === 'others')).toHaveLength(2);
  });

  it('is told in a terminal and on a page, with the faults that were active', async () => {
    const text = formatWindow(window, { colour: false, width: 80 });
    expect(text).toContain('--- F1 is active: ');
    expect(text).toContain('web.0-2 ');
    expect(text).toContain('events of 3 messages.');
    const page = await renderWindow(window, '0.1.0');
    expect(page).toContain('What happened to whom, and which fault was active?');
    expect(await renderWindow(explainWindow(scenario, 500, 501), '0.1.0')).toContain('Nothing happened to any message.');
  });
});

describe('the page of a life', () => {
  it('has how it ended, what it broke and when, its parts and the picture, and asks for nothing', async () => {
    const page = await renderStory(explanation, '0.1.0');
    expect(page).toContain('It was confirmed, and it took effect 2 times.');
    expect(page).toContain('<code>exactly-once-effect</code> (D3) at');
    expect(page).toContain('Where its time went');
    expect(page).toContain('The life of web.0-2');
    expect(page.replaceAll(/<script>[^]*?<\/script>/g, '').match(/(src|href)="(?!#)[^"]*"/g)).toBe(null);
  });

  it('prints hostile names as text', async () => {
    const hostile: Explanation = { ...explanation, message: '<script>alert(1)</script>-2', life: explanation.life.map((line) => ({ ...line, where: '<img onerror=x>', text: '"><script>' })) };
    const page = await renderStory(hostile, '0.1.0');
    expect(page).not.toContain('<script>alert(1)');
    expect(page).not.toContain('<img onerror');
  });

  it('is a part of the report of a run that was given one', async () => {
    const result = runScenario(scenario);
    expect(await renderReport([{ ...result, story: explanation }])).toContain('id="run-1-story"');
    expect(await renderReport([result])).not.toContain('id="run-1-story"');
  });
});

describe('the flow of the ledger', () => {
  it('has all publishes and copies with their causes, and loses none on the way', () => {
    const result = runScenario(scenario);
    const { label, spec } = ledgerFlow(result);
    expect(label).toBe('6 publishes, of which lost by connection-lost(F2) 1; 5 copies stored: acknowledged 5.');
    const nodes = (spec as unknown as { data: { values: readonly { text: string; y: number; y2: number }[] } }).data.values;
    expect(nodes.map(({ text }) => text)).toEqual(['publishes 6', 'copies stored 5', 'lost by connection-lost(F2) 1', 'acknowledged 5']);
    const [publishes, copies, lost, acknowledged] = nodes.map(({ y, y2 }) => y2 - y);
    expect(publishes).toBeCloseTo(copies! + lost!, 0);
    expect(copies).toBeCloseTo(acknowledged!, 0);
  });
});
