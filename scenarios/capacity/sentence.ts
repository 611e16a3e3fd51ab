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

/** A bounded queue does not grow without end, but what it has no room for is not handled, either. */
function isOverloaded({ utilisation }: StationCapacity): boolean {
  return utilisation >= 1;
}

const becomesOfIt = (whenFull: StationCapacity['whenFull']): string =>
  whenFull === null ? 'the backlog grows without end' : `its full queue ${whenFull === 'refuse' ? 'refuses the rest' : 'drops the oldest for the rest'}`;

function missed({ objectives, stations, rate, shortfalls }: Facts): string {
  const overloaded = stations.find(isOverloaded);
  if (overloaded !== undefined) {
    return `at ${formatRate(rate)} ${overloaded.name} is offered ${overloaded.offeredLoad.toPrecision(3)} erlangs for ${overloaded.servers} ${overloaded.servers === 1 ? 'server' : 'servers'}, and ${becomesOfIt(overloaded.whenFull)}`;
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

interface End {
  /** The last load that is enough. */
  readonly at: number;
  /** The first simulated one that is not, where theory does not tell. */
  readonly notAt?: number;
  readonly what: string;
}

function limit({ objectives, stations, rate }: Facts): string {
  const ends = [...stations.flatMap(({ name, saturatedAt }): End[] => (typeof saturatedAt === 'number' ? [{ at: saturatedAt, what: `${name} is saturated` }] : [])), ...objectives.flatMap(endOf)];
  const first = ends.sort((one, other) => one.at - other.at)[0];
  if (first === undefined) return 'Nothing in it can be saturated.';
  const bottleneck = stations[0]!;
  const because = first.what.startsWith(bottleneck.name) ? '' : `; the bottleneck, ${bottleneck.name}, is ${Math.round(bottleneck.utilisation * first.at * 100)} % utilised by then`;
  const at = (load: number): string => `${Number(load.toPrecision(3))} times the load (${formatRate(load * rate)})`;
  const until = first.notAt === undefined ? `until ${at(first.at)}` : `in the simulation at ${at(first.at)} and no longer at ${at(first.notAt)}`;
  return `It is enough ${until}: then ${first.what}${because}.`;
}

/** What was met at this load was met at once the load, however close it is. */
function endOf({ objective, predictedUntil, isRefuted, metAt, missedAt }: ObjectiveCapacity): End[] {
  const what = `${objective} is missed`;
  if (typeof predictedUntil === 'number' && !isRefuted) return [{ at: Math.max(1, predictedUntil), what }];
  return metAt === null || missedAt === null ? [] : [{ at: metAt, notAt: missedAt, what }];
}
