import { describe, expect, it } from 'vitest';
import { sweepCsv } from '../../reports/export/sweep-csv.ts';
import { curves } from '../../reports/sweep-panels/curves.ts';
import { renderSweep } from '../../reports/sweep-report.ts';
import { stretches, targetSentence, unstableSentence } from '../../reports/sweep-words.ts';
import type { TheorySweep } from '../../scenarios/theory-result.ts';
import { markup } from './markup.ts';
import { hostile } from './sample-result.ts';
import { hostileSweep, sampleSweep } from './sample-sweep.ts';

const pages = new Map<() => TheorySweep, Promise<string>>();
function pageOf(make: () => TheorySweep): Promise<string> {
  const page = pages.get(make) ?? renderSweep(make());
  pages.set(make, page);
  return page;
}
const sample = () => sampleSweep();
const charts = (sweep: TheorySweep) => curves.render(sweep).filter((block) => block.kind === 'chart');
const specOf = (sweep: TheorySweep) => JSON.stringify(charts(sweep)[0]!.still);

describe('the page of a range', () => {
  it('says what holds where, how to have it again, what is assumed, and by whom it was published', async () => {
    const page = markup(await pageOf(sample));
    for (const text of [
      '<h1>M/M/c: lambda from 500/s to 1100/s</h1>', 'The target is met at lambda = 900/s, no longer at 950/s.', 'No steady state from lambda = 1000/s on (there is one at 950/s)', 'npx faultline theory mmc lambda=500..1100/s:13',
      'Poisson', 'Exact: relative error', 'Gross &amp; Harris', 'mean time before service', 'no steady state</text>', 'p99 wait &lt; 50ms</text>',
    ]) expect(page).toContain(text);
  });

  it('has a chart for each quantity, words and a table with every chart', async () => {
    const page = markup(await pageOf(sample));
    const count = (text: string | RegExp) => page.split(text).length - 1;
    expect(charts(sample()).map(({ title }) => title)).toEqual(['Times against lambda', 'P_wait against lambda', 'utilization against lambda']);
    expect(count('<figure class="chart">')).toBe(3);
    expect(count('<svg ')).toBe(count(/<div class="plot" id="[^"]+" role="img" aria-label="[^"]{20,}">/));
    expect(count('<caption>')).toBe(count('<table>'));
    expect(page).toContain('<th scope="row" class="end">900/s</th><td class="end">6.69 ms</td>');
  });

  it('draws times that differ a hundredfold on a logarithmic axis, and others from zero', () => {
    expect(specOf(sample())).toContain('"type":"log"');
    expect(specOf(sampleSweep(['lambda=850/s..900/s:5', 'mu=100/s', 'c=10'], 'Wq'))).toContain('"type":"linear","domain":[0,');
  });

  it('shades what has no steady state: from where as much arrives as can be served, or halfway to the next number of servers', () => {
    expect(specOf(sampleSweep(['lambda=880/s..1120/s:5', 'mu=100/s', 'c=10'], 'Wq'))).toContain('{"left":1000,"right":1120}');
    expect(specOf(sampleSweep(['lambda=900/s', 'mu=100/s', 'c=5..20'], 'Wq'))).toContain('{"left":5,"right":9.5}');
    expect(specOf(sampleSweep(['lambda=900/s', 'mu=100/s', 'c=10..20'], 'Wq'))).not.toContain('no steady state');
  });

  it('says which values are impossible', () => {
    const [chart] = charts(sampleSweep(['lambda=9/s', 'mu=1/s', 'K=3', 'c=2..4'], 'P_block', 'mmck'));
    expect(chart!.table.rows.at(-1)!.at(-1)).toMatch(/3/);
    expect(chart!.table.columns.at(-1)!.title).toBe('Not possible');
  });

  it('prints hostile text as text, and carries the answers as they were given', async () => {
    const page = await pageOf(hostileSweep);
    expect(page.split(/<script/i)).toHaveLength(4);
    expect(markup(page)).toContain('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(markup(page)).not.toMatch(/<img|[\u0000-\u0008\u001b\u202e]/);
    const data = /<script type="application\/json" id="sweep-result">([^]*?)<\/script>/.exec(page)![1]!;
    expect(JSON.parse(data)).toEqual(hostileSweep());
  });

  it('has the same bytes for the same answers, whatever else is drawn', async () => {
    const [first, , again] = await Promise.all([renderSweep(sample()), renderSweep(hostileSweep()), renderSweep(sample())]);
    expect(again).toBe(first);
  });
});

describe('the sentences', () => {
  it.each([
    [['lambda=900/s', 'mu=100/s', 'c=12..14'], undefined],
    [['lambda=900/s', 'mu=100/s', 'c=5..9'], 'No steady state at any point of this range: the backlog grows without end.'],
    [['lambda=900/s', 'mu=100/s', 'c=9..14'], 'No steady state at c = 9 (there is one at 10): the backlog grows without end.'],
  ])('%o: %s', (words, sentence) => {
    expect(unstableSentence(sampleSweep(words))).toBe(sentence);
  });

  const threshold = ['lambda=900/s', 'mu=100/s', 'c=8..14'];
  it.each([
    [threshold, undefined],
    [[...threshold, '--mean-wait=<1ms'], 'The target is met at c = 12, not yet at 11.'],
    [[...threshold, '--mean-wait=<1ms', '--utilisation=<70%'], 'The 2 targets are met together at c = 13, not yet at 12.'],
    [[...threshold, '--mean-wait=<1ns'], 'The target is met at none of the 7 points of this range.'],
    [['lambda=500..940/s:12', 'mu=100/s', 'c=10', '--mean-wait=<10ms'], 'The target is met at lambda = 900/s, no longer at 940/s.'],
    [['lambda=500..600/s:3', 'mu=100/s', 'c=10', '--mean-wait=<10ms'], 'The target is met at every point of this range.'],
    [['lambda=9', 'mu=1', 'K=3', 'c=1..4', '--loss=<75%'], 'The target is met at c = 3 (not yet at 2, no answer at 4).'],
  ])('say on both sides where %o meets its targets', (words, sentence) => {
    const model = words.includes('K=3') ? 'mmck' : 'mmc';
    expect(targetSentence(sampleSweep(words, undefined, model))).toBe(sentence);
  });

  it('say so where targets are met here and there', () => {
    const sweep = sampleSweep(['lambda=900/s', 'mu=100/s', 'c=10..16', '--mean-wait=<1ms']);
    const met = (...where: number[]) => targetSentence({ ...sweep, points: sweep.points.map((point) => ({ ...point, targets: point.targets.map((target) => ({ ...target, met: where.includes(point.value) })) })) });
    expect(met(12, 13)).toBe('The target is met from c = 12 to 13 (not yet at 11, no longer at 14).');
    expect(met(10, 11, 13, 15, 16)).toBe('The target is met up to c = 11 (no longer at 12), and again at c = 13 (not yet at 12, no longer at 14), and again from c = 15 on (not yet at 14).');
    expect(met(10)).toBe('The target is met at c = 10, no longer at 11.');
  });

  it('know stretches that are apart', () => {
    const points = sampleSweep(['lambda=900/s', 'mu=100/s', 'c=10..16']).points;
    expect(stretches(points, ({ value }) => value % 4 < 2)).toEqual([[2, 3], [6, 6]]);
  });
});

describe('the points as CSV', () => {
  it('have a line each, with units in the head; what would be a formula is text', () => {
    const lines = sweepCsv(sampleSweep(['lambda=900/s', 'mu=100/s', 'c=9..10', '--p99-wait=<50ms'], 'Wq,P_wait')).split('\r\n');
    expect(lines).toEqual(['c,Wq_s,P_wait,p99 wait < 50ms', '9,Infinity,1,missed', expect.stringMatching(/^10,0\.00668\d+,0\.6687\d+,met$/), '']);
    expect(sweepCsv(hostileSweep())).toContain(`"${hostile.replaceAll('"', '""')}`);
    expect(sweepCsv({ ...sampleSweep(), swept: { parameter: '=1+1', about: '', quantity: 'count' } })).toMatch(/^"'=1\+1"/);
  });
});
