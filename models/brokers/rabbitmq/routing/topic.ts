/**
 * Topic exchanges: keys are words parted by dots. In a binding's key `*` stands for one word and `#` for any number, none
 * included; a word that merely contains one of them is an ordinary word (rabbit_exchange_type_topic, 3.10 to 4.3).
 */

/** The empty key has no words, so `#` matches it and `*` does not; `a.` and `a..b` have an empty one. */
export function wordsOf(key: string): readonly string[] {
  return key === '' ? [] : key.split('.');
}

/** Word by word over all lengths of key at once, so that many `#` cost a product of two lengths and not a power. */
export function matchesTopic(bound: readonly string[], key: readonly string[]): boolean {
  // reached[n]: what was read of the bound key so far matches the first n words of the key.
  let reached = [true, ...key.map(() => false)];
  for (const word of bound) {
    const least = reached.indexOf(true);
    if (least === -1) return false;
    if (word === '#') reached = reached.map((_, count) => count >= least);
    else reached = reached.map((_, count) => count > 0 && reached[count - 1]! && (word === '*' || word === key[count - 1]));
  }
  return reached[key.length]!;
}
