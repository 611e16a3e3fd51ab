/** What is said of theory beside simulation: grammar, digits that tell two numbers apart, and what no comparison means. */
import { describe, expect, it } from 'vitest';
import { lifecycles } from '../../reports/panels/lifecycles.ts';
import { messageChain } from '../../reports/panels/message-chain.ts';
import { predictions } from '../../reports/panels/predictions.ts';
import { bothTexts, predictionSentence, valueText } from '../../reports/prediction-words.ts';
import type { PredictedValue, Prediction } from '../../scenarios/prediction-result.ts';
import { samplePredictions } from './sample-predictions.ts';
import { sampleResult } from './sample-result.ts';

const [sample] = samplePredictions.predictions as readonly [Prediction];
const value = (metric: string, agrees: boolean | null, more: Partial<PredictedValue> = {}): PredictedValue => ({ metric, unit: 's', predicted: 0.001, simulated: 0.002, interval: [0.001, 0.003], tolerance: 0.002, agrees, ...more });
const said = (values: readonly PredictedValue[], broken: readonly string[] = []) => predictionSentence({ ...sample, values, broken });

describe('the sentence about theory and simulation', () => {
  it('says of one what it says of several, in the singular', () => {
    expect(said([value('waiting.mean', true), value('waiting.p50', null)])).toBe('1 value agrees with G/G/c (Whitt 1993), and 1 varies too much to tell, most of all waiting.p50 (predicted 1 ms, simulated 2 ms).');
    expect(said([value('a', true), value('b', true), value('c', null), value('d', null)])).toMatch(/^2 values agree with .*, and 2 vary too much to tell, /);
    expect(said([value('a', true), value('b', false)])).toMatch(/^1 of 2 values differs from /);
  });

  it('names as the worst what differs, and nothing where nothing does', () => {
    const zero = value('waiting.p50', null, { predicted: 0, simulated: 0 });
    expect(said([value('a', true), zero])).toBe('1 value agrees with G/G/c (Whitt 1993), and 1 varies too much to tell.');
    expect(said([value('a', true), zero, value('waiting.p99', null)])).toContain('most of all waiting.p99 (');
  });

  it('has as many digits as it takes to tell apart what differs', () => {
    const close = value('waiting.mean', false, { predicted: 0.0010022849, simulated: 0.001 });
    expect(said([close])).toContain('most of all waiting.mean (predicted 1.00228 ms, simulated 1 ms)');
    expect(bothTexts({ ...close, agrees: true })).toEqual({ predicted: '1 ms', simulated: '1 ms' });
    expect(bothTexts(value('throughput', false, { unit: '/s', predicted: 200.41, simulated: 200.04 }))).toEqual({ predicted: '200.41/s', simulated: '200.04/s' });
  });

  it('counts what it leaves out', () => {
    expect(said([value('a', false)], ['one', 'two', 'three', 'four', 'five'])).toMatch(/breaks its assumptions: one; two; three; and 2 more\.$/);
    expect(said([value('a', false)], ['one', 'two', 'three'])).toMatch(/: one; two; three\.$/);
  });

  it('prints utilisation as a share', () => {
    expect(valueText({ metric: 'utilisation', unit: '' }, 0.586)).toBe('58.6 %');
    expect(valueText({ metric: 'inSystem.mean', unit: '' }, 0.586)).toBe('0.586');
  });
});

describe('what stands below a comparison', () => {
  const noteOf = (values: readonly PredictedValue[]) => {
    const blocks = predictions.render({ ...sampleResult(), predictions: [{ ...sample, values }] });
    return blocks.filter((block) => block.kind === 'table').map(({ note }) => note)[0];
  };

  it('explains the marks that occur, each for its own reason', () => {
    expect(noteOf([value('a', true)])).toBe('Agree: the prediction lies in the interval, widened by the tolerance. One in a hundred does not, by chance.');
    expect(noteOf([value('a', null, { interval: null })])).toBe('Cannot tell: the run is too short, or saw too few such messages, for an interval (–).');
    expect(noteOf([value('a', null)])).toBe('Cannot tell: the interval is so wide that nearly any prediction would lie in it.');
    expect(noteOf([value('a', false), value('b', null), value('c', null, { interval: null })])).toMatch(/^Agree: .* Cannot tell: the run is too short.*, or the interval is so wide/);
  });

  it('explains a life cycle that was too seldom seen', () => {
    const [table] = lifecycles.render(sampleResult()).filter((block) => block.kind === 'table');
    expect(table!.note).toContain('Cannot tell: the state was entered too seldom while measured, or the measured phase is too short, for an interval (–).');
    expect(table!.note).toContain('Agree: what is expected while measured lies in the interval.');
  });

  it('explains the colours that a chain has, and no others', () => {
    const [chain] = sampleResult().chains;
    const noteOfChain = (agrees: readonly (boolean | null)[]) => {
      const transitions = chain!.transitions.filter((transition) => agrees.includes(transition.agrees));
      return messageChain.render({ ...sampleResult(), chains: [{ ...chain!, transitions }] }).filter((block) => block.kind === 'chart')[0]!.note;
    };
    expect(noteOfChain([true])).toMatch(/blue arrows agree/);
    expect(noteOfChain([true])).not.toMatch(/red|brown|unfinished/);
    expect(noteOfChain([true, false, null])).toMatch(/blue arrows .*; red arrows .*; brown arrows cannot be told/);
  });
});
