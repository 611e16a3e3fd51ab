/** Every row of the reference values, through the same door that users have. */
import { describe, expect, it } from 'vitest';
import { evaluate, theoryModels } from '../../../models/theory/index.ts';
import { oracleRows } from './oracle-rows.ts';

const rows = oracleRows();

describe('reference values', () => {
  it('are there', () => expect(rows.length).toBeGreaterThan(300));

  it.each([...new Set(rows.map(({ model }) => model))])('of %s', (model) => {
    expect([...theoryModels.keys()]).toContain(model);
    const wrong = rows.filter((row) => row.model === model).flatMap(({ params, metric, value, tolerance }) => {
      const found = evaluate(model, params)[metric];
      const isRight = found === value || Math.abs(found! - value) <= tolerance;
      return isRight ? [] : [`${metric} of ${JSON.stringify(params)} is ${found}, not ${value} (± ${tolerance})`];
    });
    expect(wrong).toEqual([]);
  });
});
