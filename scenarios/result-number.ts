/** An infinite value is the string "Infinity"; a value that was never observed is null. */
export type Num = number | 'Infinity' | null;

/** A number as it stands in a result; NaN, which says nothing, becomes null. */
export function resultNumber(value: number): Num {
  return value === Infinity ? 'Infinity' : Number.isNaN(value) ? null : value;
}
