import { expect } from 'vitest';

/** By relative error; infinite values must be equal. */
export function expectNear(found: number | undefined, wanted: number, relative: number, what = ''): void {
  if (found === wanted) return;
  const error = Math.abs(found! - wanted) / Math.abs(wanted);
  expect(error <= relative, `${what} ${found} is not ${wanted} within ${relative} (${error})`).toBe(true);
}
