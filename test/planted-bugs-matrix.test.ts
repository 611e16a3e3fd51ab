/** No bug survives, and no guarantee is there for nothing: `npm run matrix` shows which catches which. */
import { expect, it } from 'vitest';
import { bugCases, idle, matrix, survivors } from './planted-bugs/matrix.ts';

const rows = matrix();

it('of planted bugs has none that nothing catches', () => {
  expect(new Set(rows.map(({ broker, bug }) => `${broker}: ${bug}`))).toEqual(new Set(bugCases.map(({ broker, name }) => `${broker}: ${name}`)));
  expect(survivors(rows)).toEqual([]);
});

it('of planted bugs has some for every guarantee', () => {
  expect(idle(rows)).toEqual([]);
});

it('sees a bug that survives, and guarantees that catch nothing', () => {
  const [first] = bugCases;
  const healthy = matrix([{ ...first!, buggy: first!.healthy }]);
  expect(survivors(healthy)).toEqual(healthy);
  expect(idle(healthy).length).toBeGreaterThan(10);
});
