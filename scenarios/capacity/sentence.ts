/** The answer in one sentence: is it enough, until which load, and what gives way then. */
import { formatRate } from '../../sim/units.ts';
import type { CapacityResult, ObjectiveCapacity, Staffing, StationCapacity } from '../capacity-result.ts';
import type { Shortfall } from './shortfalls.ts';

interface Facts {
  readonly stations: readonly StationCapacity[];
  readonly objectives: readonly ObjectiveCapacity[];
  readonly staffing: readonly Staffing[];
  /** Messages per second that the scenario's producers publish. */
  readonly rate: number;
  readonly shortfalls: readonly Shortfall[];
  /** Some run was cut short. */
  readonly isCut: boolean;
}

export function verdictOf({ stations, objectives, shortfalls, isCut }: Facts): CapacityResult['verdict'] {
  if (objectives.some(({ met }) => met === false) || stations.some(isOverloaded) || shortfalls.length > 0) return 'not-enough';
  if (objectives.some(({ met }) => met === null) || stations.length === 0 || isCut) return 'unknown';
  return 'enough';
}

export function sentenceOf(facts: Facts): string {
  const { objectives, stations } = facts;
  const verdict = verdictOf(facts);
  if (stations.length === 0) return 'Nothing can be said: no consumer reads a queue whose arrivals are known.';
  if (verdict === 'not-enough') return `Not enough: ${missed(facts)}.${remedy(facts)}`;
  const met = objectives.length === 0 ? 'the system keeps up with what is offered' : objectives.length === 1 ? `${objectives[0]!.objective} is met` : `all ${objectives.length} objectives are met`;
  const word = verdict === 'unknown' ? 'It cannot be told for all objectives, but as far as can be told' : 'Enough:';
  return `${word} at ${formatRate(facts.rate)} ${met}. ${limit(facts)}`;
}

/** A bounded queue is full instead, and refuses what is too much. */
function isOverloaded({ utilisation, model }: StationCapacity): boolean {
  return utilisation >= 1 && model !== 'M/M/c/K';
}

function missed({ objectives, stations, rate, shortfalls }: Facts): string {
  const overloaded = stations.find(isOverloaded);
  if (overloaded !== undefined) {
    return `at ${formatRate(rate)} ${overloaded.name} is offered ${overloaded.offeredLoad.toPrecision(3)} erlangs for ${overloaded.servers} ${overloaded.servers === 1 ? 'server' : 'servers'}, and the backlog grows without end`;
  }
  const [short] = shortfalls;
  if (short !== undefined) return `at ${formatRate(rate)} ${short.name} handles ${formatRate(short.simulated)} in the simulation and not the ${formatRate(short.wanted)} that come, though the settings seem to allow it`;
  const names = objectives.filter(({ met }) => met === false).map(({ objective }) => objective);
  return `at ${formatRate(rate)} ${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} missed`;
}

function remedy({ objectives, staffing }: Facts): string {
  const helps = staffing.filter(({ objective, least, now }) => least !== null && least > now && objectives.some((each) => each.objective === objective && each.met === false));
  const most = helps.sort((one, other) => other.least! - one.least!)[0];
  return most === undefined ? '' : ` ${most.group} would need ${most.least} workers instead of ${most.now}.`;
}

function limit({ objectives, stations, rate }: Facts): string {
  const ends = objectives.flatMap(({ objective, predictedUntil, metAt, missedAt }) => {
    if (typeof predictedUntil === 'number') return [{ at: predictedUntil, what: `${objective} is missed`, by: 'theory' }];
    return metAt !== null && missedAt !== null && missedAt > metAt ? [{ at: metAt, what: `${objective} is missed`, by: 'simulation' }] : [];
  });
  const saturated = stations.flatMap(({ name, saturatedAt }) => (typeof saturatedAt === 'number' ? [{ at: saturatedAt, what: `${name} is saturated`, by: 'theory' }] : []));
  const first = [...ends, ...saturated].sort((one, other) => one.at - other.at)[0];
  if (first === undefined) return 'Nothing in it can be saturated.';
  const bottleneck = stations[0]!;
  const because = first.what.startsWith(bottleneck.name) ? '' : `; the bottleneck, ${bottleneck.name}, is ${Math.round(bottleneck.utilisation * first.at * 100)} % utilised by then`;
  return `It is enough until ${factor(first.at)} the load (${formatRate(first.at * rate)}): then ${first.what}${because}.`;
}

function factor(load: number): string {
  return `${Number(load.toPrecision(3))} times`;
}
