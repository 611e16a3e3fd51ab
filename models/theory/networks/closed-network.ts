/** Closed networks: a fixed number of messages, workers or credits that goes round. */
import { refuseDescribed, requireNotNegative, requirePositive, requireWhole } from '../checks.ts';
import { lawOfRatios } from '../numerics/scaled-products.ts';

export interface ClosedStation {
  /** Mean work of one round there, in s: visits times service time. */
  readonly demand: number;
  /** Infinity where nobody waits; 1 when left out. */
  readonly servers?: number;
  /** Instead of servers: how many times faster the station works with 1, 2, … present than one server; the last holds beyond. */
  readonly speeds?: readonly number[];
}

export interface ClosedNetworkParameters {
  readonly population: number;
  /** Mean time of one round that is spent outside all stations, in s. */
  readonly thinkTime?: number;
  readonly stations: readonly ClosedStation[];
}

export interface ClosedNetworkAnswer {
  /** Rounds per second. */
  readonly throughput: number;
  /** Mean time of a round at stations, without the time to think. */
  readonly meanResponseTime: number;
  readonly stations: readonly ClosedStationAnswer[];
  /** The station that limits the throughput of a large population: the largest demand per speed. */
  readonly bottleneck: number;
}

export interface ClosedStationAnswer {
  readonly meanNumber: number;
  readonly meanTime: number;
  /** Share of its greatest speed that is used; 0 where that is infinite. */
  readonly utilisation: number;
}

/**
 * Normalisation constants by convolution (J. Buzen, CACM 16 (1973) 527): sums of positive terms, so populations of thousands and
 * stations with many servers near saturation keep their digits (relative error below 1e-11), where exact mean-value analysis turns
 * negative. Demands are scaled by a throughput near the true one, which keeps the constants near 1 where they matter.
 *
 * O(population²) for each station: a tenth of a second for 2000 messages and five stations.
 *
 * @throws ImpossibleParameters
 */
export function closedNetwork({ population, thinkTime = 0, stations }: ClosedNetworkParameters): ClosedNetworkAnswer {
  requireClosed({ population, thinkTime, stations });
  const all = [...stations, { demand: thinkTime, servers: Infinity }];
  const pace = paceFor(population, all);
  const laws = all.map((station) => occupancy(station, pace, population));
  const others = withoutEach(laws);
  const constants = convolved(others[0]!, laws[0]!);
  const throughput = (pace * constants[population - 1]!) / constants[population]!;
  const answers = stations.map((station, index): ClosedStationAnswer => {
    const meanNumber = station.servers === Infinity ? throughput * station.demand : meanOf(laws[index]!, others[index]!, constants[population]!);
    const full = greatestSpeed(station);
    return { meanNumber, meanTime: meanNumber / throughput, utilisation: full === Infinity ? 0 : (throughput * station.demand) / full };
  });
  const loads = stations.map((station) => station.demand / greatestSpeed(station));
  return {
    throughput, meanResponseTime: answers.reduce((sum, { meanTime }) => sum + meanTime, 0), stations: answers, bottleneck: loads.indexOf(Math.max(...loads)),
  };
}

/** Constants are vectors of a number for each population. */
const populationMax = 20_000;

function requireClosed({ population, thinkTime, stations }: Required<ClosedNetworkParameters>): void {
  requireWhole('population', population, 1, populationMax);
  requireNotNegative('thinkTime', thinkTime, 's');
  requireWhole('stations.length', stations.length, 1);
  stations.forEach(({ demand, servers = 1, speeds }, index) => {
    requireNotNegative(`stations.${index}.demand`, demand, 's');
    if (servers !== Infinity) requireWhole(`stations.${index}.servers`, servers, 1);
    if (speeds?.length === 0) refuseDescribed(`stations.${index}.speeds`, 'an empty list', 'at least one speed');
    speeds?.forEach((speed, place) => requirePositive(`stations.${index}.speeds.${place}`, speed));
  });
  if (thinkTime === 0 && stations.every(({ demand }) => demand === 0)) refuseDescribed('stations', 'demands of zero everywhere', 'some time above zero in each round (s)');
}

function speedOf({ servers = 1, speeds }: ClosedStation, present: number): number {
  return speeds === undefined ? Math.min(present, servers) : speeds[Math.min(present, speeds.length) - 1]!;
}

function greatestSpeed({ servers = 1, speeds }: ClosedStation): number {
  return speeds === undefined ? servers : speeds.at(-1)!;
}

/** How many are at a station to which messages come at a given pace, cut off at the population. */
function occupancy(station: ClosedStation, pace: number, population: number): Float64Array {
  return lawOfRatios(population, (present) => (pace * station.demand) / speedOf(station, present));
}

/** The pace at which an open network would hold about as many messages: halving in logarithms, since any near it will do. */
function paceFor(population: number, stations: readonly ClosedStation[]): number {
  const held = (pace: number) => stations.reduce((sum, station) => sum + meanNumber(occupancy(station, pace, population)), 0);
  const slowest = stations.reduce((sum, { demand }) => sum + demand, 0);
  let low = Math.log(1 / slowest) - 40;
  let high = Math.log(population / slowest) + 40;
  for (let halving = 0; halving < 40; halving++) {
    const middle = (low + high) / 2;
    if (held(Math.exp(middle)) < population - 0.5) low = middle;
    else high = middle;
  }
  return Math.exp(low);
}

function meanNumber(law: Float64Array): number {
  return law.reduce((sum, probability, present) => sum + probability * present, 0);
}

/** For each law the convolution of all others. */
function withoutEach(laws: readonly Float64Array[]): Float64Array[] {
  const nobody = laws[0]!.map((_, present) => (present === 0 ? 1 : 0));
  const before: Float64Array[] = [nobody];
  for (const law of laws.slice(0, -1)) before.push(convolved(before.at(-1)!, law));
  const after: Float64Array[] = [nobody];
  for (const law of laws.slice(1).reverse()) after.unshift(convolved(after[0]!, law));
  return laws.map((_, index) => convolved(before[index]!, after[index]!));
}

function convolved(one: Float64Array, other: Float64Array): Float64Array {
  const result = new Float64Array(one.length);
  const end = other.findLastIndex((value) => value > 0) + 1;
  for (let i = 0; i < one.length; i++) {
    const weight = one[i]!;
    if (weight === 0) continue;
    const count = Math.min(end, one.length - i);
    for (let j = 0; j < count; j++) result[i + j]! += weight * other[j]!;
  }
  return result;
}

/** Of how many are at a station when the others have the rest. */
function meanOf(law: Float64Array, others: Float64Array, constant: number): number {
  let sum = 0;
  for (let present = 1; present < law.length; present++) sum += present * law[present]! * others[law.length - 1 - present]!;
  return sum / constant;
}
