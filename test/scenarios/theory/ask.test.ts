import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, theoryModels } from '../../../models/theory/index.ts';
import { optional, timeOrZero, whole } from '../../../models/theory/parameters.ts';
import { theoryModel } from '../../../models/theory/theory-model.ts';
import { askTheory, findModel } from '../../../scenarios/theory/ask.ts';
import { describeModel, listModels } from '../../../scenarios/theory/description.ts';
import { TheoryProblems } from '../../../scenarios/theory/problem.ts';
import type { Asking } from '../../../scenarios/theory/read-question.ts';
import type { TheoryAnswer, TheorySweep } from '../../../scenarios/theory-result.ts';

type Options = Omit<Asking, 'words'>;

function ask(model: string, words: readonly string[], options: Options = {}): TheoryAnswer {
  return askTheory(findModel(model), { words, ...options }, 'again').answer as TheoryAnswer;
}
function sweep(model: string, words: readonly string[], options: Options = {}): TheorySweep {
  return askTheory(findModel(model), { words, ...options }, 'again').answer as TheorySweep;
}
/** Undefined where there is nothing to complain about. */
function complaint(model: string, words: readonly string[], options: Options = {}): TheoryProblems | undefined {
  try {
    askTheory(findModel(model), { words, ...options }, '');
  } catch (error) {
    if (!(error instanceof TheoryProblems) || error.problems.length === 0) throw error;
    return error;
  }
  return undefined;
}
/** Each problem as `about: found | hint`. */
function problems(model: string, words: readonly string[], options: Options = {}): string[] {
  return (complaint(model, words, options)?.problems ?? []).map(({ about, found, hint }) => `${about}: ${found}${hint === undefined ? '' : ` | ${hint}`}`);
}

describe('a question', () => {
  it('is answered as the formula answers it, with units or without', () => {
    const plain = evaluate('mmc', { lambda: 900, mu: 100, c: 10, p: 0.99, t: 0.05 });
    for (const words of [['lambda=900', 'mu=100', 'c=10', 'p=0.99', 't=0.05'], ['lambda=54000/min', 'mu=1/10ms', 'c=10', 'p=99%', 't=50ms'], ['--arrival-rate=900/s', '--service-time', '10ms', '--servers', '10', '--percentile=0.99', '--time', '50ms']]) {
      const { metrics, parameters, unstable, solution, schema } = ask('mmc', words);
      expect(metrics).toEqual(plain);
      expect(parameters).toEqual({ lambda: 900, mu: 100, c: 10, p: 0.99, t: 0.05 });
      expect({ unstable, solution, schema }).toEqual({ unstable: null, solution: null, schema: 'faultline/theory@1' });
    }
  });

  it('may have laws, lists and tables, whose units are read as well', () => {
    const { metrics, parameters } = ask('mg1', ['lambda=50/s', 'service={type: lognormal, mean: 10ms, scv: 4}']);
    expect(parameters).toEqual({ lambda: 50, service: { type: 'lognormal', mean: 0.01, scv: 4 } });
    expect(metrics).toEqual(evaluate('mg1', parameters));
    expect(ask('mg1', ['lambda=50/s', 'service={"type":"lognormal","mean":0.01,"scv":4}']).metrics).toEqual(metrics);
  });

  it('says what unit plain numbers were read in, when others have units', () => {
    const notes = (...words: string[]) => askTheory(findModel('mmc'), { words }, '').notes.join();
    expect(notes('lambda=900/s', 'mu=100', 'c=10')).toMatch(/^mu: plain numbers were read per second/);
    expect(notes('lambda=900', 'mu=100', 'c=10')).toBe('');
    expect(notes('lambda=900/s', 'mu=100/s', 'c=10', 'n=3')).toBe('');
    expect(notes('lambda=900/s', '--service-time=10ms', '--p99-wait=50ms')).toBe('');
  });

  it('has an answer where there is no steady state', () => {
    expect(ask('mmc', ['lambda=1000/s', 'mu=100/s', 'c=9'])).toMatchObject({ unstable: { growthRate: 100 }, metrics: { L: 'Infinity', growth_rate: 100 } });
    expect(ask('mmc', ['lambda=900/s', 'mu=100/s', 'c=9'])).toMatchObject({ unstable: { growthRate: 0 }, metrics: { Wq: 'Infinity' } });
  });

  it('shows the metrics that were chosen; one that lacks its parameter is null', () => {
    expect(ask('mmc', ['lambda=900', 'mu=100', 'c=10'], { metrics: 'Wq, W_quantile' }).metrics).toEqual({ Wq: evaluate('mmc', { lambda: 900, mu: 100, c: 10 })['Wq'], W_quantile: null });
  });
});

describe('a bad question', () => {
  it('is told everything at once, each by name, with what was found and a hint', () => {
    expect(problems('mmc', ['lamda=900/s', 'mu=10ms', 'c=1.5', 'p=1', 'foo', 'n=', '--servrs', '3', '--p999-wait', '1s', '--capacity=3'], { metrics: 'Wqq' })).toEqual([
      '"foo": no parameter | as in lambda=900/s',
      'lamda: not a parameter of mmc | did you mean lambda?',
      'n: empty | to leave it out, leave out n= as well',
      '--servrs: no option of this command | did you mean --servers?',
      '--p999-wait: no percentile | did you mean --p99.9-wait?',
      '--capacity: nothing that mmc has a parameter for | its parameters are lambda, mu, c, p, t, n',
      'lambda: missing',
      expect.stringContaining('mu: "10ms" | 10ms is a time; a rate is written as in 900/s'),
      'c: 1.5',
      'p: 1',
      '--metrics: "Wqq" | did you mean Wq?',
    ]);
  });

  it.each([
    ['mmc', ['lambda=1', 'lambda=2', 'mu=1', 'c=1'], /^lambda: given twice/],
    ['mmc', ['lambda=1', '--arrival-rate=2', 'mu=1', 'c=1'], /^--arrival-rate: given twice: lambda says the same/],
    ['mmc', ['lambda=1', 'Servers=1', 'mu=1', 'c=1'], /^Servers: not a parameter of mmc \| did you mean c\?/],
    ['mmc', ['lambda=1', '--service-time=900/s', 'c=1'], /^--service-time: "900\/s" \| 900\/s is a rate; a time is written/],
    ['mmc', ['lambda=1', '--service-time=0', 'c=1'], /^--service-time: 0/],
    ['mmc', ['lambda=1', 'mu=1', 'c=1', '--p99-wait=>5ms'], /^--p99-wait: ">5ms" \| only upper limits/],
    ['mmc', ['lambda=1', 'mu=1', 'c=1', '--loss=3%'], /^--loss: nothing that mmc tells/],
    ['mmc', ['lambda=1', 'mu=1', 'c=1', '--utilisation=5'], /^--utilisation: "5"/],
    ['mmc', ['lambda=1', 'mu=1', 'c=1', '--p99-wait'], /^--p99-wait: without a value/],
    ['mmc', ['lambda=1', 'mu=1..2', 'c=1..3'], /^c: a second range beside mu/],
    ['mmc', ['lambda=1', 'mu=2..1', 'c=1'], /^mu: the range "2\.\.1"/],
    ['mmc', ['lambda=1', 'mu=1', 'c=1..100000'], /^c: a range of 100000 values/],
    ['mmc', ['lambda=1', 'mu=1..2:1', 'c=1'], /^mu: a range in "1" points/],
    ['mmc', ['lambda=1', 'mu=1', 'c=1.5..3'], /^c: the range/],
    ['mg1', ['lambda=1', 'service={type: lognormall, mean: 1, scv: 4}'], /^service\.type: "lognormall" \| did you mean lognormal\?/],
    ['mg1', ['lambda=1', 'service={type: lognormal, mean: 1/s, scv: 4}'], /^service\.mean: "1\/s" \| 1\/s is a rate/],
    ['mg1', ['lambda=1', 'service={type: lognormal, mean: 1'], /^service: not readable/],
    ['mmck', ['lambda=1', 'mu=1', 'c=5', 'K=3'], /^K: 3/],
  ] as const)('%s %o', (model, words, expected) => {
    expect(problems(model, words)).toEqual([expect.stringMatching(expected)]);
  });

  it.each([
    [{ least: 'c' }, ['c=1'], /^--least: c, which is given/],
    [{ least: 'q' }, [], /^--least: "q"$/],
    [{ most: 'lamda' }, [], /^--most: "lamda" \| did you mean lambda\?/],
    [{ least: 'c', most: 'mu' }, [], /^--most: given beside --least/],
    [{ most: 'p' }, [], /^--most: p, which the target p99 wait <= 1s says already/],
  ] as const)('with %o', (options, words, expected) => {
    expect(problems('mmc', ['--p99-wait=1s', ...words], options)).toContainEqual(expect.stringMatching(expected));
  });

  it.each([
    [['--p101-wait=50ms'], {}, '--p101-wait: no percentile | as in --p99-wait "<50ms"'],
    [['--p0-sojourn=50ms'], {}, '--p0-sojourn: no percentile | as in --p99-sojourn "<50ms"'],
    [['--p100-wait=50ms'], {}, '--p100-wait: no percentile | as in --p99-wait "<50ms"'],
    [['--p99,95-wait=50ms'], {}, '--p99,95-wait: no percentile | did you mean --p99.95-wait?'],
    [['--p9999-wait=50ms'], {}, '--p9999-wait: no percentile | did you mean --p99.99-wait?'],
    [['--p99-wait=>50ms'], {}, expect.stringMatching(/^--p99-wait: ">50ms"/)],
    [['--utilisation=50ms'], {}, expect.stringMatching(/^--utilisation: "50ms"/)],
    [['--p99-wiat=50ms'], {}, '--p99-wiat: no option of this command | did you mean --p99-wait?'],
    [['--servrs=5'], {}, '--servrs: no option of this command | did you mean --servers?'],
    [['--p99-wait'], {}, '--p99-wait: without a value'],
    [['--loss=1%'], { least: 'c' }, expect.stringMatching(/^--loss: nothing that mmc tells/)],
    [['--p99-wait=50ms'], { least: 'servers' }, '--least: "servers"'],
    [[], { least: 'c' }, expect.stringMatching(/^--least: given without a target/)],
  ] as const)('%o, with %o, is not told twice: what it might have said is not missing as well', (words, options, expected) => {
    expect(problems('mmc', ['lambda=900/s', 'mu=100/s', ...words], options)).toEqual([expected]);
  });

  it('is still told what else is missing or wrong', () => {
    expect(problems('mmc', ['mu=100/s', 'c=0', '--p101-wait=50ms']).map((text) => text.split(':')[0])).toEqual(['--p101-wait', 'lambda', 'c']);
    expect(problems('mmc', ['lambda=1..9/s', 'mu=100/s', '--p101-wait=50ms']).map((text) => text.split(':')[0])).toEqual(['--p101-wait', 'c']);
    expect(complaint('mmc', ['--p101-wait=50ms'])!.message).toContain('--p101-wait is no percentile; a number between 0 and 100, with at most nine decimals, is wanted');
  });

  it('about a model that is none names what was meant', () => {
    expect(() => findModel('mmcc')).toThrow(/mmcc is no model\n {2}hint: did you mean mmc/);
    expect(() => findModel('x'.repeat(10_000))).toThrow(/x{60}… is no model/);
    expect(() => findModel('__proto__')).toThrow('no model');
  });

  it('never brings it down, whatever was written', () => {
    const hostile = fc.oneof(
      fc.string(), fc.constantFrom('1e999', '.inf', 'NaN', '&a [*a]', '[&a {b: *a}]', '!!js/function x', '[[[[', `${'['.repeat(500)}`, '{a: 1, a: 2}', '__proto__', '{__proto__: 1}', '-5', '1e308', '5e-324', '..', '1..', '..2', '1..2:', '1..1e308', '1..2:0', '9'.repeat(5000), '\u0000', '%', '<', '<=', '1/1/1', 'null', '~', '[1, 2'),
    );
    const key = fc.oneof(fc.constantFrom('lambda', 'mu', 'c', 'p', 't', 'n', '--p99-wait', '--utilisation', '--service-time', '__proto__', 'constructor', '--p1e9-wait'), fc.string());
    const word = fc.oneof(fc.tuple(key, hostile).map(([name, text]) => `${name}=${text}`), hostile);
    fc.assert(fc.property(fc.array(word, { maxLength: 6 }), fc.boolean(), (words, whole) => {
      const base = whole ? ['lambda=0.5', 'mu=1', 'c=2'] : [];
      expect(complaint('mmc', [...base, ...words])?.message ?? '').not.toMatch(/[\u0000-\u0008\u001b]/);
    }), { seed: 31, numRuns: 1500 });
  });
});

describe('a question turned round', () => {
  it('finds the number of servers that a walk from one to the next finds', () => {
    const targets = fc.constantFrom(['--p99-wait', 'Wq_quantile'], ['--p90-sojourn', 'W_quantile'], ['--mean-wait', 'Wq'], ['--wait-probability', 'P_wait'], ['--utilisation', 'utilization']);
    fc.assert(fc.property(fc.double({ min: 0.1, max: 60, noNaN: true }), targets, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (load, [flag, metric], limit) => {
      const order = flag === '--p90-sojourn' ? 0.9 : 0.99;
      const scaled = flag === '--p90-sojourn' ? limit + 2.31 : limit;
      const holds = (c: number) => evaluate('mmc', { lambda: load, mu: 1, c, p: order })[metric!]! < scaled;
      let c = 1;
      while (!holds(c)) c++;
      const { solution, targets: judged, parameters } = ask('mmc', [`lambda=${load}`, 'mu=1', `${flag}=<${scaled}${metric === 'P_wait' || metric === 'utilization' ? '' : 's'}`]);
      expect(solution).toMatchObject({ parameter: 'c', sense: 'least', value: c, end: null });
      expect(parameters['c']).toBe(c);
      expect(judged.every(({ met }) => met)).toBe(true);
      expect([solution!.neighbour?.value, solution!.neighbour?.targets[0]!.met]).toEqual(c === 1 ? [undefined, undefined] : [c - 1, false]);
    }), { seed: 41, numRuns: 150 });
  });

  it('holds several targets at once, and shows what one server fewer would do', () => {
    const { solution, targets, metrics } = ask('mmc', ['lambda=900/s', '--service-time=10ms', '--p99-wait=<50ms', '--wait-probability=<20%']);
    expect(solution!.value).toBe(13);
    expect(targets.map(({ target, met }) => [target, met])).toEqual([['p99 wait < 50ms', true], ['wait probability < 20%', true]]);
    expect(solution!.neighbour!.targets.map(({ met }) => met)).toEqual([true, false]);
    expect(metrics).toEqual(evaluate('mmc', { lambda: 900, mu: 100, c: 13, p: 0.99 }));
  });

  it('tells a limit that no number of servers gets below', () => {
    const { solution, targets } = ask('mmc', ['lambda=900/s', 'mu=100/s', '--p99-sojourn=<40ms']);
    expect(solution).toMatchObject({ value: null, end: 'settled', neighbour: null });
    expect(targets[0]!.value).toBeCloseTo(-Math.log(0.01) / 100, 12);
    expect(ask('mmck', ['lambda=900/s', 'mu=100/s', 'K=20', '--loss=<0.01%']).solution).toMatchObject({ value: null, tried: 20, end: 'bounded' });
  });

  it('does not take a system that is overloaded for one that has settled', () => {
    expect(ask('mmc', ['lambda=5000', 'mu=1', '--wait-probability=<0.5']).solution!.value).toBeGreaterThan(5000);
    expect(ask('mmck', ['lambda=3000', 'mu=1', 'K=100000', '--loss=<50%']).solution!.value).toBe(1501);
  });

  it('finds the greatest arrival rate, and the slowest service, to six digits', () => {
    const most = ask('mmc', ['mu=100/s', 'c=10', '--mean-wait=<10ms'], { most: 'lambda' });
    const wait = (lambda: number) => evaluate('mmc', { lambda, mu: 100, c: 10 })['Wq']!;
    const { value } = most.solution!;
    expect(wait(value!)).toBeLessThan(0.01);
    expect(wait(value! + 0.001)).toBeGreaterThan(0.01);
    expect(most.solution!.neighbour!.targets[0]!.met).toBe(false);
    const slowest = ask('mmc', ['lambda=900/s', 'c=10', '--mean-sojourn=<=20ms'], { least: 'mu' }).solution!.value!;
    expect(evaluate('mmc', { lambda: 900, mu: slowest, c: 10 })['W']).toBeLessThanOrEqual(0.02);
    expect(evaluate('mmc', { lambda: 900, mu: slowest - 0.0002, c: 10 })['W']).toBeGreaterThan(0.02);
  });

  it('judges a number of servers that is given', () => {
    expect(ask('mmc', ['lambda=900/s', 'mu=100/s', 'c=10', '--p99-wait=<50ms'])).toMatchObject({ solution: null, targets: [{ met: true }] });
    expect(ask('mmc', ['lambda=900/s', 'mu=100/s', 'c=10', '--p99-wait=<40ms'])).toMatchObject({ solution: null, targets: [{ met: false }] });
  });

  it('reads a percentile off the tail where the model has no quantile', () => {
    const model = theoryModel({
      name: 'tail', title: 'A tail', family: 'backlog', kind: 'exact', about: 'How long it takes.', assumptions: [], accuracy: 'exact', source: 'this test',
      parameters: { c: whole('servers'), t: optional(timeOrZero('of the tail')) },
      metrics: { P_Wq_gt_t: { about: 'that it takes longer than t', quantity: 'probability', needs: ['t'] } },
      answer: ({ c, t = 0 }) => ({ P_Wq_gt_t: Math.exp(-c * t) }),
    });
    const { targets, solution } = askTheory(model, { words: ['--p99.9-wait', '<20ms'] }, '').answer as TheoryAnswer;
    expect(solution!.value).toBe(Math.ceil(-Math.log(0.001) / 0.02));
    expect(targets).toMatchObject([{ metric: 'P_Wq_gt_t', given: { t: 0.02 }, limit: 0.001, met: true }]);
  });

  it('sets the square-root rule beside the answer for M/M/c, and it is near', () => {
    for (const flag of ['--p99-wait=<50ms', '--wait-probability=<10%', '--mean-wait=<1ms']) {
      const { value, staffing } = ask('mmc', ['lambda=90000/s', 'mu=100/s', flag]).solution!;
      expect(staffing!.load).toBe(900);
      expect(Math.abs(staffing!.servers - value!), flag).toBeLessThanOrEqual(1);
    }
    expect(ask('mmc', ['lambda=900/s', 'mu=100/s', '--p99-sojourn=<60ms']).solution!.staffing).toBeNull();
    expect(ask('mdc', ['lambda=900/s', 'D=10ms', '--p99-wait=<50ms']).solution!.staffing).toBeNull();
  });

  it('spares as many square roots of the load as Halfin and Whitt say', () => {
    const beta = (flag: string) => ask('mmc', ['lambda=90000/s', 'mu=100/s', flag]).solution!.staffing!.beta;
    const waiting = (spare: number) => evaluate('halfin_whitt', { beta: spare })['P_wait']!;
    expect(waiting(beta('--wait-probability=10%'))).toBeCloseTo(0.1, 7);
    // Those that wait do so for an exponential time, at the rate β√a·μ.
    const [tail, mean] = [beta('--p99-wait=1ms'), beta('--mean-wait=100us')];
    expect(waiting(tail) * Math.exp(-tail * 30 * 100 * 0.001)).toBeCloseTo(0.01, 8);
    expect(waiting(mean) / (mean * 30 * 100)).toBeCloseTo(1e-4, 10);
  });
});

describe('a range', () => {
  it.each([
    ['c=10..13', [10, 11, 12, 13]], ['c=10..20:3', [10, 15, 20]], ['c=10..12:9', [10, 11, 12]],
    ['lambda=100/s..900/s:5', [100, 300, 500, 700, 900]], ['lambda=100..900/s:3', [100, 500, 900]], ['lambda=6000..12000/min:2', [100, 200]], ['lambda=0.1..0.3:3', [0.1, 0.2, 0.3]],
    ['t=10..50ms:2', [0.01, 0.05]], ['p=0.5..0.9:5', [0.5, 0.6, 0.7, 0.8, 0.9]], ['p=50%..90%:2', [0.5, 0.9]],
  ])('%s', (range, values) => {
    const others = ['lambda=900', 'mu=100', 'c=10'].filter((word) => word.split('=')[0] !== range.split('=')[0]);
    const { points, swept } = sweep('mmc', [...others, range]);
    expect(points.map(({ value }) => value)).toEqual(values);
    expect(swept.parameter).toBe(range.split('=')[0]);
  });

  it('has a point in 21 where nobody says how many', () => {
    expect(sweep('mmc', ['lambda=100..900/s', 'mu=100', 'c=10']).points).toHaveLength(21);
  });

  it('has the answers of its points, overloaded ones and impossible ones included', () => {
    const { points, schema } = sweep('mmc', ['lambda=900', 'mu=100', 'c=8..11', '--p99-wait=<50ms']);
    expect(schema).toBe('faultline/theory-sweep@1');
    expect(points.map(({ unstable }) => unstable?.growthRate ?? null)).toEqual([100, 0, null, null]);
    expect(points.map(({ targets }) => targets[0]!.met)).toEqual([false, false, true, true]);
    expect(points[3]!.metrics).toEqual(evaluate('mmc', { lambda: 900, mu: 100, c: 11, p: 0.99 }));
    const bounded = sweep('mmck', ['lambda=9', 'mu=1', 'K=3', 'c=2..5']).points;
    expect(bounded.map(({ refused }) => refused === null)).toEqual([true, true, false, false]);
    expect(problems('mmck', ['lambda=9', 'mu=1', 'K=3', 'c=4..5'])).toHaveLength(1);
  });

  it('shows what people look at first, or what they chose', () => {
    expect(sweep('mmc', ['lambda=900', 'mu=100', 'c=8..11']).chosen).toEqual(['utilization', 'P_wait', 'Wq', 'W', 'L']);
    const picked = sweep('mmc', ['lambda=900', 'mu=100', 'c=8..11'], { metrics: 'p0' });
    expect(picked.chosen).toEqual(['p0']);
    expect(Object.keys(picked.points[0]!.metrics)).toEqual(['p0']);
  });
});

describe('the models', () => {
  it('are listed once each, by family', () => {
    const listed = listModels(theoryModels);
    expect(listed.map(({ name }) => name).sort()).toEqual([...theoryModels.keys()].sort());
    const families = listed.map(({ family }) => family);
    expect(families.filter((family, index) => family !== families[index - 1])).toHaveLength(new Set(families).size);
  });

  it.each([...theoryModels.keys()])('%s has an example that is answered, and describes every metric that it tells', (name) => {
    const model = findModel(name);
    const { example, metrics } = describeModel(model);
    const told = ask(name, example.slice(1)).metrics;
    expect(Object.keys(told).length).toBeGreaterThan(0);
    expect(Object.keys(told).filter((metric) => !metrics.some((described) => described.name === metric))).toEqual([]);
  });
});
