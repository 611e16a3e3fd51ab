/** Plans, drawn from a seed: a few kinds first (swarm), then faults of these kinds alone; and some of what reached something new before. */
import fc from 'fast-check';
import type { FaultSettings, Plan } from './plan.ts';

/** What is drawn for one place in the order of plans, whatever becomes of those before it. */
interface Draw {
  readonly faults: readonly FaultSettings[];
  readonly seed: number;
  /** Events at one instant are in an order of their own, which finds what hangs on an accident of it. */
  readonly isShuffled: boolean;
  /** Of a plan that goes on from another: what it does to that one, with what, and to which. */
  readonly change: 'add' | 'replace' | 'seed';
  readonly other: FaultSettings;
  readonly pick: number;
  readonly settings: Plan['settings'];
}

/** Kinds by name. */
type Vocabulary = ReadonlyMap<string, fc.Arbitrary<FaultSettings>>;

/** Faults of one run: of a few kinds, which are drawn first, one to so many. */
export function someFaults(vocabulary: Vocabulary, faultsMax: number): fc.Arbitrary<FaultSettings[]> {
  const kinds = [...vocabulary.keys()];
  return fc.subarray(kinds, { minLength: 1, maxLength: Math.min(3, kinds.length) }).chain((few) => fc.array(fc.oneof(...few.map((kind) => vocabulary.get(kind)!)), { minLength: 1, maxLength: faultsMax }));
}

/** By path the values that it may have. */
type Vary = Readonly<Record<string, readonly unknown[]>>;

/** Each as it is in half of all. */
function someSettings(vary: Vary): fc.Arbitrary<Plan['settings']> {
  const paths = Object.entries(vary);
  if (paths.length === 0) return fc.constant({});
  return fc.tuple(...paths.map(([path, values]) => fc.oneof(fc.constant([]), fc.constantFrom(...values).map((value) => [[path, value] as const])))).map((drawn) => Object.fromEntries(drawn.flat()) as Plan['settings']);
}

/** Draws made at a time: of ten million nobody wants all at once. */
const drawnAtOnce = 1024;

/** The same draws for the same seed, and those of a smaller number first. */
export function* drawsOf(vocabulary: Vocabulary, vary: Vary, seed: number, runs: number): Generator<Draw> {
  const any = fc.oneof(...vocabulary.values());
  const number = fc.integer({ min: 0, max: 0x7fff_ffff });
  const isShuffled = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
  const draws = fc.record({ faults: someFaults(vocabulary, 4), seed: number, isShuffled, change: fc.constantFrom('add' as const, 'replace' as const, 'seed' as const), other: any, pick: number, settings: someSettings(vary) });
  for (let drawn = 0; drawn < runs; drawn += drawnAtOnce) yield* fc.sample(draws, { seed: seed + drawn, numRuns: Math.min(drawnAtOnce, runs - drawn) });
}

/** Every third one goes on from a plan that reached what none had reached before it, where there is one. */
export function drawnPlan(whole: Plan, draw: Draw, place: number, fruitful: readonly Plan[]): Plan {
  const { seed, isShuffled, pick } = draw;
  // A quarter of all, whoever else is drawn.
  const isLate = pick % 4 === 3;
  if (place % 3 !== 2 || fruitful.length === 0) return { ...whole, faults: draw.faults, settings: draw.settings, seed, isShuffled, isLate };
  const from = fruitful[pick % fruitful.length]!;
  return { ...from, faults: changed(from.faults, draw), seed };
}

function changed(faults: readonly FaultSettings[], { change, other, pick }: Draw): readonly FaultSettings[] {
  if (change === 'add' && faults.length < 6) return [...faults, other];
  if (change === 'replace' && faults.length > 0) return faults.map((fault, index) => (index === pick % faults.length ? other : fault));
  return faults;
}
