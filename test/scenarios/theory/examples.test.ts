/** The line that the help of each model offers to try: a system that somebody may have, with an answer that says something. */
import { describe, expect, it } from 'vitest';
import { theoryModels } from '../../../models/theory/index.ts';
import { askTheory, findModel } from '../../../scenarios/theory/ask.ts';
import { describeModel } from '../../../scenarios/theory/description.ts';
import type { TheoryAnswer } from '../../../scenarios/theory-result.ts';

function ask(name: string, words: readonly string[]) {
  const { answer, notes } = askTheory(findModel(name), { words }, '');
  return { ...(answer as TheoryAnswer), notes };
}

/** Certain, and said as such: every chain with an end that can be met comes to one; in a storm every attempt times out. */
const certain: readonly string[] = ['ctmc_absorbing P_absorbed', 'dtmc_absorbing P_absorbed', 'retry_storm P_timeout_storm'];

const models = [...theoryModels.values()].map((model) => [model.name, describeModel(model)] as const);

describe.each(models)('the example of %s', (name, { example, parameters, metrics: described }) => {
  const { metrics, unstable, notes } = ask(name, example.slice(1));
  const numbers = described.flatMap(({ name: metric, quantity }) => (metrics[metric] === undefined ? [] : [{ metric, quantity, value: metrics[metric] }]));

  it('has a steady state, nothing but numbers, and nothing to remark', () => {
    expect({ unstable, notes }).toEqual({ unstable: null, notes: [] });
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter(({ value }) => typeof value !== 'number')).toEqual([]);
  });

  it('keeps servers busy, but not too busy', () => {
    const shares = numbers.filter(({ metric }) => metric.startsWith('utilization'));
    expect(shares.filter(({ value }) => !(Number(value) >= 0.3 && Number(value) <= 0.97))).toEqual([]);
  });

  it('has no probability that is as good as none or certain', () => {
    const dull = numbers.filter(({ metric, quantity, value }) => quantity === 'probability' && !(Number(value) >= 1e-6 && Number(value) < 1) && !certain.includes(`${name} ${metric}`));
    expect(dull).toEqual([]);
  });

  it('can be had with every parameter that may be left out', () => {
    const given = new Set(example.slice(1).map((word) => word.split('=')[0]));
    // Of Little's law two are enough, and three are too many.
    const others = name === 'little' ? [] : parameters.filter(({ optional, name: parameter }) => optional && !given.has(parameter));
    for (const { name: parameter, example: value } of others) expect(Object.keys(ask(name, [...example.slice(1), `${parameter}=${value}`]).metrics), parameter).not.toEqual([]);
  });
});

describe('the exceptions', () => {
  it('are still certain', () => {
    for (const each of certain) {
      const [name, metric] = each.split(' ');
      expect(ask(name!, describeModel(findModel(name!)).example.slice(1)).metrics[metric!]).toBe(1);
    }
  });
});
