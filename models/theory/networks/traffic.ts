/** How much flows through each station of an open network. */
import { refuseDescribed } from '../checks.ts';
import { reachableFrom, leadingTo } from '../markov/classes.ts';
import { Elimination } from '../markov/elimination.ts';
import { CompensatedSum } from '../numerics/sums.ts';

export type Routing = readonly (readonly number[])[];

/** How often a message comes to each station, on average: v = γ/Σγ + vP. @throws ImpossibleParameters when messages cannot leave */
export function visitsOf(externalArrivals: readonly number[], routing: Routing): number[] {
  const total = externalArrivals.reduce((sum, rate) => sum + rate, 0);
  return solve(externalArrivals.map((rate) => rate / total), withOutside(routing), []);
}

/**
 * What arrives at each station when none hands on more than its capacity: λ = γ + min(λ, C) P. Newton's method on a convex
 * problem: which stations are overloaded is guessed, and the guess shrinks until it holds.
 *
 * @throws ImpossibleParameters when messages cannot leave
 */
export function flowsThrough(externalArrivals: readonly number[], routing: Routing, capacities: readonly number[]): number[] {
  const open = withOutside(routing);
  let overloaded: number[] = [];
  let flows = solve(externalArrivals, open, overloaded);
  // The guess is right after as many rounds as there are stations; a station on the brink may still change sides for ever.
  for (let round = 0; round <= capacities.length; round++) {
    const next = [...capacities.keys()].filter((station) => isOverloaded(flows[station]!, capacities[station]!));
    if (next.length === overloaded.length) break;
    overloaded = next;
    const arrivals = externalArrivals.map((rate, to) => overloaded.reduce((sum, from) => sum + capacities[from]! * routing[from]![to]!, rate));
    flows = solve(arrivals, open, overloaded);
  }
  return flows;
}

/** A flow that misses the capacity by its rounding alone has met it. */
export function isOverloaded(flow: number, capacity: number): boolean {
  return flow >= capacity * (1 - 8 * Number.EPSILON);
}

/** λ = a + λP over the stations that hand on all they get; those that do not (`cut`) are only arrived at. */
function solve(arrivals: readonly number[], open: Routing, cut: readonly number[]): number[] {
  const isCut = new Set(cut);
  const sources = [...arrivals.keys()].filter((station) => arrivals[station]! > 0 && !isCut.has(station));
  const passing = open.map((row, station) => (isCut.has(station) ? row.map(() => 0) : row));
  const isReached = reachableFrom(passing, sources);
  const through = [...arrivals.keys()].filter((station) => isReached[station]! && !isCut.has(station));
  const canLeave = leadingTo(passing, [arrivals.length, ...cut]);
  const stuck = through.find((station) => !canLeave[station]);
  if (stuck !== undefined) refuseDescribed(`routing.${stuck}`, 'a way without an end', 'some way by which messages leave the network');
  const passed = new Elimination(passing, through).solveLeft(through.map((station) => arrivals[station]!));
  const flows = arrivals.map((rate, to) => (isCut.has(to) ? through.reduce((sum, from, row) => sum + passed[row]! * open[from]![to]!, rate) : 0));
  through.forEach((station, row) => { flows[station] = passed[row]!; });
  return flows;
}

/** Rows of a table miss 1 by this much when they are rounded. */
const rounding = 1e-14;

/** With one state more: the outside, to which goes what is missing to 1. */
function withOutside(routing: Routing): Routing {
  const rows = routing.map((row, from) => {
    const rest = new CompensatedSum();
    rest.add(1);
    for (const probability of row) rest.add(-probability);
    if (rest.value < -1e-9) refuseDescribed(`routing.${from}`, 'a row with a sum above 1', 'a row with a sum of at most 1');
    return [...row, rest.value < rounding ? 0 : rest.value];
  });
  return [...rows, routing.map(() => 0).concat(0)];
}
