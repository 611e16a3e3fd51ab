/** How many workers each objective needs at least: by theory where it has an answer, confirmed by simulation at that number and one below. */
import type { Staffing, StaffingCheck } from '../capacity-result.ts';
import { isMet } from '../objective-results.ts';
import { holds, type Objective } from '../objective.ts';
import type { Scenario } from '../scenario.ts';
import { withLoad, withWorkers } from './altered.ts';
import { estimateOf, isClose } from './estimate.ts';
import type { Laboratory } from './laboratory.ts';
import { isAgainstLoad, loadOf, predictedValue, stationFor } from './theory.ts';

/** Theory is asked at multiples of the load, too: what would it take for half as much again, and for twice as much? */
const multiples = [1, 1.5, 2] as const;
const workersMax = 100_000;
/** Simulation looks no further above where it begins: 1, 2, 4 … more, as many times. */
const leapsMax = 6;

export async function staffingOf(scenario: Scenario, laboratory: Laboratory): Promise<Staffing[]> {
  const wanted = scenario.objectives.map((objective, index) => ({ objective, index })).filter(({ objective }) => isAgainstLoad(objective));
  const found = wanted.flatMap(({ objective, index }) => groupsOf(scenario, objective).map((group) => staff(scenario, objective, index, group, laboratory)));
  return Promise.all(found);
}

function groupsOf({ consumers }: Scenario, { of }: Objective): string[] {
  return Object.entries(consumers).filter(([name, { subscribe }]) => name === of || subscribe === of).map(([name]) => name);
}

async function staff(scenario: Scenario, objective: Objective, index: number, group: string, laboratory: Laboratory): Promise<Staffing> {
  const now = scenario.consumers[group]!.count;
  const predicted = multiples.map((load) => ({ load, workers: leastByTheory(withLoad(scenario, load), objective, group) ?? null }));
  const checks = new Map<number, StaffingCheck>();
  const stable = stableAt(scenario, group) ?? 1;
  const check = async (workers: number): Promise<boolean> => {
    const known = checks.get(workers);
    if (known !== undefined) return known.met === true;
    if (workers < stable) {
      // However short a run is, a backlog that grows without end meets nothing.
      checks.set(workers, { workers, simulated: { value: 'Infinity', interval: null }, met: false, isClose: false });
      return false;
    }
    const replications = await laboratory.experiment(workers === now ? 'load 1' : `${group} with ${workers} workers`, withWorkers(scenario, group, workers));
    const simulated = estimateOf(replications.map(({ objectives }) => objectives[index]!.value));
    const met = isMet(objective, simulated.value);
    checks.set(workers, { workers, simulated, met, isClose: isClose(objective, simulated) });
    return met === true;
  };
  const begin = Math.max(stable, predicted[0]!.workers ?? now);
  const least = await confirmed(begin, check);
  return {
    objective: objective.text, group, now, predicted, least, checks: [...checks.values()].sort((one, other) => one.workers - other.workers),
    remark: remarkOf(predicted[0]!.workers, least, Math.max(...checks.keys()), checks.get(least ?? -1)),
  };
}

/** From a first guess in growing leaps to a number that is enough and one that is not, and between these by halving: the number below the answer is always tried. */
async function confirmed(begin: number, check: (workers: number) => Promise<boolean>): Promise<number | null> {
  // Both at once: mostly the guess is right, and then nothing else is asked.
  const [meets] = await Promise.all([check(begin), begin > 1 ? check(begin - 1) : undefined]);
  let least = meets ? begin : Infinity;
  let most = meets ? 0 : begin;
  for (let leap = 1; meets ? least - leap > most : leap < 2 ** leapsMax; leap *= 2) {
    const workers = meets ? begin - leap : begin + leap;
    const isEnough = await check(workers);
    if (isEnough) least = workers;
    else most = workers;
    if (isEnough !== meets) break;
  }
  if (least === Infinity) return null;
  while (least - most > 1) {
    const middle = (least + most) >> 1;
    if (await check(middle)) least = middle;
    else most = middle;
  }
  return least;
}

function remarkOf(predicted: number | null, least: number | null, most: number, check: StaffingCheck | undefined): string {
  const close = check?.isClose ? '; it is close: other seeds may decide otherwise' : '';
  if (least === null) return `theory ${predicted === null ? 'has no answer' : `says ${predicted}`}, and up to ${most} were not enough in the simulation`;
  if (predicted === null) return `by simulation alone${close}`;
  if (predicted === least) return `theory and simulation agree${close}`;
  return `theory says ${predicted}, the simulation ${least}${close}`;
}

/** The least count that is not overloaded; undefined where a bounded queue, or one that nothing is known of, is never. */
function stableAt(scenario: Scenario, group: string): number | undefined {
  if (stationFor(scenario, group)?.station.capacity !== undefined) return undefined;
  return leastCount(1, (workers) => {
    const answer = stationFor(withWorkers(scenario, group, workers), group);
    return answer === undefined ? undefined : loadOf(answer) < 1;
  });
}

function leastByTheory(scenario: Scenario, objective: Objective, group: string): number | undefined {
  return leastCount(stableAt(scenario, group) ?? 1, (workers) => {
    const value = predictedValue(withWorkers(scenario, group, workers), objective);
    return value === undefined ? undefined : holds(objective, value);
  });
}

/** Doubling until it is enough, then halving the range, as every worker makes it easier; undefined where that cannot be told. */
function leastCount(from: number, isEnough: (workers: number) => boolean | undefined): number | undefined {
  let low = from - 1;
  let high = from;
  for (;;) {
    const enough = isEnough(high);
    if (enough === undefined) return undefined;
    if (enough) break;
    low = high;
    if (high >= workersMax) return undefined;
    high = Math.min(workersMax, high * 2);
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
