/** Which of some names somebody may have meant. */

/** The nearest of `names` when it is near enough to be a slip of the fingers. */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  if (written.length > longest) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(written.length / 3)) + 1;
  for (const name of names) {
    if (name.length > longest) continue;
    const distance = editDistance(written.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Names are short; the distance costs the product of two lengths. */
const longest = 100;

/** Levenshtein's distance, with the swap of two neighbours counted as one slip. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      current.push(Math.min(replaced, swapped, previous[j]! + 1, current[j - 1]! + 1));
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}
