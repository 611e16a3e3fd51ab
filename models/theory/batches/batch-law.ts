/** How many messages arrive at once. */
import { refuse, refuseDescribed, requireWhole } from '../checks.ts';
import { SlidingSum } from '../numerics/sums.ts';

export type BatchSpec =
  | { readonly type: 'fixed'; readonly size: number }
  /** On 1, 2, … */
  | { readonly type: 'geometric'; readonly mean: number }
  /** Probabilities by size. */
  | { readonly type: 'pmf'; readonly p: Readonly<Record<string, number>> };

export interface BatchLaw {
  readonly mean: number;
  /** E (X − d)⁺ */
  excess(d: number): number;
  /** E (X − d)(X − d + 1)/2 where X > d */
  triangularExcess(d: number): number;
  /** Sums over a sequence that is read once. */
  crossings(length: number): Crossings;
}

/** Σ_{i≤n} p_i P(X > n − i) for n = 0, 1, …: how often batches carry the system from n or below to above n. */
interface Crossings {
  /** Takes the next p_n and gives the sum for n. */
  next(p: number): number;
  /** As if all that was taken had been multiplied. */
  scale(factor: number): void;
}

/** @throws ImpossibleParameters */
export function batchLaw(spec: BatchSpec): BatchLaw {
  switch (spec.type) {
    case 'fixed':
      requireWhole('batch.size', spec.size, 1);
      return discrete([{ size: spec.size, probability: 1 }]);
    case 'geometric':
      if (!(spec.mean >= 1 && spec.mean < Infinity)) refuse('batch.mean', spec.mean, 'a mean of 1 or above');
      return geometric(spec.mean);
    case 'pmf':
      return discrete(sizesOf(spec.p));
  }
}

interface Size {
  readonly size: number;
  readonly probability: number;
}

function sizesOf(p: Readonly<Record<string, number>>): Size[] {
  const sizes = Object.entries(p).map(([size, probability]) => ({ size: Number(size), probability }));
  for (const { size, probability } of sizes) {
    requireWhole('batch.p', size, 1);
    if (!(probability >= 0 && probability <= 1)) refuse(`batch.p.${size}`, probability, 'a probability from 0 to 1');
  }
  const total = sizes.reduce((sum, { probability }) => sum + probability, 0);
  if (!(Math.abs(total - 1) <= 1e-9)) refuseDescribed('batch.p', `probabilities with the sum ${total}`, 'an object of probabilities with the sum 1');
  return sizes.filter(({ probability }) => probability > 0).map(({ size, probability }) => ({ size, probability: probability / total }));
}

function discrete(sizes: readonly Size[]): BatchLaw {
  const expectation = (value: (size: number) => number): number => sizes.reduce((sum, { size, probability }) => sum + probability * value(size), 0);
  return {
    mean: expectation((size) => size),
    excess: (d) => expectation((size) => Math.max(0, size - d)),
    triangularExcess: (d) => expectation((size) => (size > d ? ((size - d) * (size - d + 1)) / 2 : 0)),
    crossings(length) {
      const windows = sizes.map(({ size, probability }) => ({ probability, window: new SlidingSum(Math.min(size, length)) }));
      return {
        next: (p) => windows.reduce((sum, { probability, window }) => sum + probability * window.next(p), 0),
        scale: (factor) => windows.forEach(({ window }) => window.scale(factor)),
      };
    },
  };
}

/** P(X > k) = q^k */
function geometric(mean: number): BatchLaw {
  const q = 1 - 1 / mean;
  const power = (d: number): number => (d === 0 ? 1 : Math.exp(d * Math.log1p(-1 / mean)));
  return {
    mean,
    excess: (d) => mean * power(d),
    triangularExcess: (d) => mean * mean * power(d),
    crossings() {
      let sum = 0;
      return {
        next: (p) => (sum = sum * q + p),
        scale: (factor) => {
          sum *= factor;
        },
      };
    },
  };
}
