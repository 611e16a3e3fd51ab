/** The difference of two independent Poisson counts: where a random walk in continuous time is. */
import { CompensatedSum } from './sums.ts';

/** So far out that what lies beyond is below the least number of binary64. */
const deviations = 40;

export interface Skellam {
  /** The first and the last k whose mass was computed; those of all others are below the least number. */
  readonly first: number;
  readonly last: number;
  mass(k: number): number;
}

/**
 * P(A − D = k) = e^{−α−β} (α/β)^{k/2} I_k(2√(αβ)), without a Bessel function: ratios of neighbours by the backward recurrence,
 * multiplied outward from the mode and divided by their sum. Relative error below 1e-11 up to α + β = 1e9 in all masses above
 * 1e-300; it costs about 80 √(α + β) steps. Source: Gautschi, SIAM Review 9 (1967) 24.
 */
export function skellam(up: number, down: number): Skellam {
  const half = Math.ceil(deviations * Math.sqrt(up + down)) + 120;
  const middle = Math.round(up - down);
  const [first, last] = [middle - half, middle + half];
  const slope = Math.sqrt(up) / Math.sqrt(down);
  const ratio = besselRatios(2 * Math.sqrt(up) * Math.sqrt(down), first > 0 ? first : last < 0 ? -last - 1 : 0, Math.max(-first, last));
  /** Mass of k + 1 over mass of k. */
  const step = (k: number): number => (k >= 0 ? slope * ratio(k) : slope / ratio(-k - 1));
  const masses = new Float64Array(last - first + 1);
  masses[half] = 1;
  for (let k = middle; k < last; k++) masses[k + 1 - first] = masses[k - first]! * step(k);
  for (let k = middle; k > first; k--) masses[k - 1 - first] = masses[k - first]! / step(k - 1);
  const sum = new CompensatedSum();
  for (const mass of masses) sum.add(mass);
  const total = sum.value;
  return { first, last, mass: (k) => (k < first || k > last ? 0 : masses[k - first]! / total) };
}

/** I_{k+1}(z)/I_k(z) for `from` ≤ k ≤ `to`; errors of the start shrink by the square of the ratio at each step down. */
function besselRatios(z: number, from: number, to: number): (k: number) => number {
  const ratios = new Float64Array(to - from + 1);
  const start = to + 60 + Math.ceil(20 * Math.sqrt(z));
  let ratio = z / (start + 0.5 + Math.hypot(start + 1.5, z));
  for (let k = start; k > from; k--) {
    ratio = 1 / ((2 * k) / z + ratio);
    if (k - 1 <= to) ratios[k - 1 - from] = ratio;
  }
  return (k) => ratios[k - from]!;
}
