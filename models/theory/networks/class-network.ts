/** Closed networks with classes of messages that differ in how long they need where. */
import { refuse, refuseDescribed, requireNotNegative, requireWhole } from '../checks.ts';

export interface ClassNetworkParameters {
  /** How many of each class go round. */
  readonly populations: readonly number[];
  /** Mean time that each class spends outside all stations in a round, in s. */
  readonly thinkTimes: readonly number[];
  /** Mean work of a round at each station (row), for each class (column), in s. One server each, first come first served or shared. */
  readonly demands: readonly (readonly number[])[];
  /** Stations at which nobody waits. */
  readonly withoutWaiting?: readonly number[];
}

export interface ClassNetworkAnswer {
  /** Of each class: rounds per second. */
  readonly throughputs: readonly number[];
  /** Of each class: mean time of a round at stations. */
  readonly meanResponseTimes: readonly number[];
  /** At each station, of each class. */
  readonly meanNumbers: readonly (readonly number[])[];
  readonly utilisations: readonly number[];
}

/** Numbers kept by the exact analysis: stations times combinations of populations. */
const cellsMax = 50_000_000;

/**
 * Exact mean-value analysis: M. Reiser and S. Lavenberg, JACM 27 (1980) 313. Only sums and products of positive numbers: relative
 * error below 1e-12. Its cost is the product of all populations (each plus one), times stations and classes.
 *
 * @throws ImpossibleParameters
 */
export function classNetwork(parameters: ClassNetworkParameters): ClassNetworkAnswer {
  requireClasses(parameters);
  const { populations, demands } = parameters;
  const strides = stridesOf(populations);
  const combinations = strides.at(-1)! * (populations.at(-1)! + 1);
  if (combinations * demands.length > cellsMax) refuseDescribed('populations', `${combinations} combinations at ${demands.length} ${demands.length === 1 ? 'station' : 'stations'}`, `a product of at most ${cellsMax} (mva_multiclass_approx has no such limit)`);
  const numbers = new Float64Array(combinations * demands.length);
  const present = populations.map(() => 0);
  for (let combination = 1; combination < combinations; combination++) {
    countUp(present, populations);
    const found = step(parameters, present, (station, cls) => numbers[(combination - strides[cls]!) * demands.length + station]!);
    found.meanNumbers.forEach((row, station) => { numbers[combination * demands.length + station] = row.reduce((sum, each) => sum + each, 0); });
    if (combination === combinations - 1) return found;
  }
  return step(parameters, populations, () => 0);
}

/** Of one population: what a message of each class meets is what there is on average without it. */
function step({ thinkTimes, demands, withoutWaiting = [] }: ClassNetworkParameters, populations: readonly number[], met: (station: number, cls: number) => number): ClassNetworkAnswer {
  const times = demands.map((row, station) => row.map((demand, cls) => (withoutWaiting.includes(station) || populations[cls] === 0 ? demand : demand * (1 + met(station, cls)))));
  const meanResponseTimes = populations.map((_, cls) => times.reduce((sum, row) => sum + row[cls]!, 0));
  const throughputs = populations.map((population, cls) => (population === 0 ? 0 : population / (thinkTimes[cls]! + meanResponseTimes[cls]!)));
  return {
    throughputs, meanResponseTimes,
    meanNumbers: times.map((row) => row.map((time, cls) => throughputs[cls]! * time)),
    utilisations: demands.map((row, station) => (withoutWaiting.includes(station) ? 0 : row.reduce((sum, demand, cls) => sum + demand * throughputs[cls]!, 0))),
  };
}

/** How far apart two combinations are that differ by one message of a class. */
function stridesOf(populations: readonly number[]): number[] {
  let stride = 1;
  return populations.map((population) => {
    const own = stride;
    stride *= population + 1;
    return own;
  });
}

function countUp(present: number[], populations: readonly number[]): void {
  for (let cls = 0; cls < present.length; cls++) {
    if (present[cls]! < populations[cls]!) {
      present[cls]!++;
      return;
    }
    present[cls] = 0;
  }
}

const roundsMax = 1_000_000;

/**
 * Schweitzer's and Bard's approximation for populations of any size: a message meets of its own class the share (N − 1)/N of what
 * there is. Within a few per cent of the exact analysis for throughputs, up to about 10 % for times in small populations; exact
 * for one message and in the limit of large populations. Source: Y. Bard 1979; P. Schweitzer 1979.
 *
 * @throws ImpossibleParameters
 */
export function classNetworkApproximately(parameters: ClassNetworkParameters): ClassNetworkAnswer {
  requireClasses(parameters);
  const { populations, demands } = parameters;
  let numbers: readonly (readonly number[])[] = demands.map((row) => row.map((_, cls) => populations[cls]! / demands.length));
  for (let round = 0; ; round++) {
    const totals = numbers.map((row) => row.reduce((sum, each) => sum + each, 0));
    const found = step(parameters, populations, (station, cls) => totals[station]! - numbers[station]![cls]! / populations[cls]!);
    const isSettled = found.meanNumbers.every((row, station) => row.every((each, cls) => Math.abs(each - numbers[station]![cls]!) <= 1e-15 * populations[cls]!));
    if (isSettled || round === roundsMax) return found;
    numbers = found.meanNumbers;
  }
}

function requireClasses({ populations, thinkTimes, demands, withoutWaiting = [] }: ClassNetworkParameters): void {
  const classes = populations.length;
  requireWhole('populations.length', classes, 1);
  populations.forEach((population, cls) => requireWhole(`populations.${cls}`, population, 0));
  if (thinkTimes.length !== classes) refuseDescribed('thinkTimes', `a list of ${thinkTimes.length}`, `a list of ${classes}, a time (s) for each class`);
  thinkTimes.forEach((time, cls) => requireNotNegative(`thinkTimes.${cls}`, time, 's'));
  requireWhole('demands.length', demands.length, 1);
  demands.forEach((row, station) => {
    if (row.length !== classes) refuseDescribed(`demands.${station}`, `a list of ${row.length}`, `a list of ${classes}, a time (s) for each class`);
    row.forEach((demand, cls) => requireNotNegative(`demands.${station}.${cls}`, demand, 's'));
  });
  withoutWaiting.forEach((station, index) => requireWhole(`withoutWaiting.${index}`, station, 0, demands.length - 1));
  const timeless = populations.findIndex((population, cls) => population > 0 && thinkTimes[cls] === 0 && demands.every((row) => row[cls] === 0));
  if (timeless >= 0) refuse(`thinkTimes.${timeless}`, 0, 'some time above zero in each round of the class (s)');
}
