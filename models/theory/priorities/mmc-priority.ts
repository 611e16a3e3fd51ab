/**
 * M/M/c with classes of messages that need equally long: the classes up to one, taken together, are an M/M/c whose order of
 * service does not matter to their number. Relative error below 1e-12, also where a class is very rare or nearly saturated.
 *
 * Sources: Cobham, Oper. Res. 2 (1954) 70; Kleinrock, Queueing Systems vol. 2 (1976) §3.3–3.6; Buzen & Bondi, Oper. Res. 31
 * (1983) 456.
 */
import { requirePositive, requireWhole } from '../checks.ts';
import { admissionOdds } from '../erlang.ts';
import { productMinus } from '../numerics/products.ts';
import { sumOf } from '../numerics/sums.ts';
import { type ClassAnswer, unstableClass } from './class-answer.ts';

export interface MmcPriority {
  /** One for each class, the highest first. */
  readonly arrivalRates: readonly number[];
  readonly serviceRate: number;
  readonly servers: number;
}

/** The classes up to one, taken together. */
interface Station {
  readonly servers: number;
  readonly serviceRate: number;
  readonly arrivalRate: number;
  /** cμ − λ: what they leave. */
  readonly spare: number;
}

/**
 * Who is served is finished first: Wq = C cμ / ((cμ − Λ before it) (cμ − Λ with it)), with C the probability that all servers
 * are busy. Where a class is unstable they always are, for those before it: C = 1; the classes behind it are never served.
 *
 * @throws ImpossibleParameters
 */
export function mmcPriorityNonPreemptive(parameters: MmcPriority): ClassAnswer[] {
  const stations = stationsOf(parameters);
  const { servers, serviceRate } = parameters;
  const busy = waitingProbability(stations.at(-1)!);
  return answersOf(stations, parameters, (station, before) => (busy * servers * serviceRate) / (before.spare * station.spare));
}

/**
 * Who arrives interrupts those of lower classes: W = (L(Λ with it) − L(Λ before it)) / λ of the class, as a divided difference
 * in which nothing is subtracted.
 *
 * @throws ImpossibleParameters
 */
export function mmcPriorityPreemptive(parameters: MmcPriority): ClassAnswer[] {
  return answersOf(stationsOf(parameters), parameters, waitOfAdded);
}

/** @throws ImpossibleParameters */
function stationsOf({ arrivalRates, serviceRate, servers }: MmcPriority): Station[] {
  requireWhole('servers', servers, 1);
  requirePositive('serviceRate', serviceRate, '1/s');
  arrivalRates.forEach((rate, index) => requirePositive(`arrivalRates.${index}`, rate, '1/s'));
  const capacity = servers * serviceRate;
  const lost = productMinus(servers, serviceRate, capacity);
  return arrivalRates.map((_, index) => {
    const upTo = arrivalRates.slice(0, index + 1);
    return { servers, serviceRate, arrivalRate: sumOf(upTo), spare: sumOf([capacity, lost, ...upTo.map((rate) => -rate)]) };
  });
}

function answersOf(stations: readonly Station[], { arrivalRates, serviceRate, servers }: MmcPriority, wait: (station: Station, before: Station) => number): ClassAnswer[] {
  const capacity = servers * serviceRate;
  const empty: Station = { servers, serviceRate, arrivalRate: 0, spare: capacity };
  return stations.map((station, index) => {
    const before = stations[index - 1] ?? empty;
    const load = station.arrivalRate / capacity;
    if (station.spare <= 0) return unstableClass(load, before.spare > 0 ? Math.max(0, -station.spare) : arrivalRates[index]!);
    const meanWaitingTime = wait(station, before);
    return { load, growthRate: 0, meanWaitingTime, meanSojournTime: meanWaitingTime + 1 / serviceRate };
  });
}

/** That all servers are busy, Erlang C. */
function waitingProbability({ servers, serviceRate, arrivalRate, spare }: Station): number {
  return spare <= 0 ? 1 : 1 / (1 + (admissionOdds(servers, arrivalRate / serviceRate) * spare) / (servers * serviceRate));
}

/**
 * (Lq(with) − Lq(before)) / (Λ with − Λ before), where Lq = C(a) a / (c − a):
 * ΔLq = ΔC · a₂ / (c − a₂) + C₁ · c Δa / ((c − a₁)(c − a₂)), and with C = 1 / (1 + o s), o the odds of admission and s = 1 − a/c,
 * ΔC = C₁ C₂ ((o₁ − o₂) s₁ + o₂ Δa / c).
 */
function waitOfAdded(station: Station, before: Station): number {
  const { servers, serviceRate } = station;
  const capacity = servers * serviceRate;
  const [first, second] = [waitingProbability(before), waitingProbability(station)];
  const line = (of: Station, waiting: number) => (waiting * of.arrivalRate) / of.spare;
  const fall = before.arrivalRate === 0 ? Infinity : oddsFall(servers, before.arrivalRate / serviceRate, station.arrivalRate / serviceRate);
  // Nobody before it waits: there is nothing to subtract.
  if (fall === Infinity) return (line(station, second) - line(before, first)) / (station.arrivalRate - before.arrivalRate);
  const oddsWith = admissionOdds(servers, station.arrivalRate / serviceRate);
  const rise = (first * second * (fall * (before.spare / capacity) + oddsWith / servers)) / serviceRate;
  return (rise * station.arrivalRate) / station.spare + (first * capacity) / (before.spare * station.spare);
}

/** (o(less) − o(more)) / (more − less) for the odds of admission o(a) = c/a + c(c−1)/a² + …, term by term; none is negative. */
function oddsFall(servers: number, less: number, more: number): number {
  let product = 1;
  let fall = 0;
  let sum = 0;
  for (let k = 0; k < servers; k++) {
    const before = sum;
    fall = ((servers - k) * (fall + product / more)) / less;
    product *= (servers - k) / more;
    sum += fall;
    if (sum === Infinity || (servers - k < less && fall < before * 1e-18)) return sum;
  }
  return sum;
}
