/** Plans, drawn from a seed: a few kinds first (swarm), then faults of these kinds alone. */
import fc from 'fast-check';
import type { FaultSettings, Plan } from './plan.ts';

/** @returns the same plans for the same seed, and those of a smaller number first */
export function drawPlans(whole: Plan, vocabulary: ReadonlyMap<string, fc.Arbitrary<FaultSettings>>, seed: number, runs: number): readonly Plan[] {
  const kinds = [...vocabulary.keys()];
  const faults = fc.subarray(kinds, { minLength: 1, maxLength: 3 }).chain((few) => fc.array(fc.oneof(...few.map((kind) => vocabulary.get(kind)!)), { minLength: 1, maxLength: 4 }));
  const drawn = fc.sample(fc.tuple(faults, fc.integer({ min: 0, max: 0x7fff_ffff })), { seed, numRuns: runs });
  return drawn.map(([each, own]) => ({ ...whole, faults: each, seed: own }));
}
