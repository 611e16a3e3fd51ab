/** Fewer points that still tell the truth. Only for counts and rates: a percentile of some windows is not one of all. */

/**
 * Indices to draw: of every run of neighbours its first, last, smallest and largest point in each series, which is all that
 * a line of so many pixel columns can show (the method is known as M4). All of them when there are few enough.
 */
export function drawnIndices(series: readonly (readonly (number | null)[])[], length: number, columns: number): readonly number[] {
  if (length <= columns * 2) return Array.from({ length }, (_, index) => index);
  const kept = new Set<number>();
  for (let column = 0; column < columns; column++) {
    const begin = Math.floor((column * length) / columns);
    const end = Math.floor(((column + 1) * length) / columns);
    kept.add(begin).add(end - 1);
    for (const values of series) for (const index of extremes(values, begin, end)) kept.add(index);
  }
  return [...kept].sort((a, b) => a - b);
}

/** Indices to print: every n-th, and where a series peaks, so that the table holds the worst moment. */
export function printedIndices(series: readonly (readonly (number | null)[])[], length: number, rowsMax: number): { step: number; indices: readonly number[] } {
  const step = Math.max(1, Math.ceil(length / rowsMax));
  const kept = new Set<number>();
  for (let index = 0; index < length; index += step) kept.add(index);
  if (step > 1) for (const values of series) kept.add(extremes(values, 0, length)[1]);
  return { step, indices: [...kept].sort((a, b) => a - b) };
}

/** Where the smallest and the largest value stand; the first of equals. */
function extremes(values: readonly (number | null)[], begin: number, end: number): readonly [number, number] {
  let least = begin;
  let most = begin;
  for (let index = begin; index < end; index++) {
    const value = values[index];
    if (value === null || value === undefined) continue;
    if (value < (values[least] ?? Number.POSITIVE_INFINITY)) least = index;
    if (value > (values[most] ?? Number.NEGATIVE_INFINITY)) most = index;
  }
  return [least, most];
}
