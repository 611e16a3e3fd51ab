/** How many workers each objective needs at least: by theory where it has an answer, confirmed by simulation at that number and one below. */
import type { Staffing, StaffingCheck } from '../capacity-result.ts';
import { isMet } from '../objective-results.ts';
import { holds, type Objective } from '../objective.ts';
import type { Scenario } from '../scenario.ts';
import { withLoad, withWorkers } from './altered.ts';
import { estimateOf, isClose } from './estimate.ts';
import type { Laboratory } from './laboratory.ts';
import { answerFor, isAgainstLoad, loadOf, predictedValue } from './theory.ts';

/** Theory is asked at multiples of the load, too: what would it take for half as much again, and for twice as much? */
const multiples = [1, 1.5, 2] as const;
const workersMax = 100_000;
/** Simulation corrects theory by so many workers up or down, one at a time. */
const correctionsMax = 6;

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
  const begin = predicted[0]!.workers ?? stable;
  const least = await confirmed(begin, check);
  return {
    objective: objective.text, group, now, predicted, least, checks: [...checks.values()].sort((one, other) => one.workers - other.workers),
    remark: remarkOf(predicted[0]!.workers, least, checks.get(least ?? -1)),
  };
}

/** From the predicted number up until it is met, or down until it is not; the number below the answer is always tried. */
async function confirmed(begin: number, check: (workers: number) => Promise<boolean>): Promise<number | null> {
  let workers = Math.max(1, begin);
  const [meets] = await Promise.all([check(workers), workers > 1 ? check(workers - 1) : undefined]);
  if (meets) {
    for (let step = 0; step < correctionsMax && workers > 1; step++) {
      if (!(await check(workers - 1))) return workers;
      workers--;
    }
    return workers;
  }
  for (let step = 1; step <= correctionsMax; step++) if (await check(workers + step)) return workers + step;
  return null;
}

function remarkOf(predicted: number | null, least: number | null, check: StaffingCheck | undefined): string {
  const close = check?.isClose ? '; it is close: other seeds may decide otherwise' : '';
  if (least === null) return predicted === null ? 'theory has no answer, and no number near the present one was enough' : `theory says ${predicted}, and a few more were not enough in the simulation, either`;
  if (predicted === null) return `by simulation alone${close}`;
  if (predicted === least) return `theory and simulation agree${close}`;
  return `theory says ${predicted}, the simulation ${least}${close}`;
}

/** The least count that is not overloaded. */
function stableAt(scenario: Scenario, group: string): number | undefined {
  const answer = answerFor(scenario, group);
  // A bounded queue is stable with any number.
  if (answer === undefined || answer.modelled.model === 'M/M/c/K') return undefined;
  return Math.max(1, Math.floor(loadOf(answer) * scenario.consumers[group]!.count) + 1);
}

/** Doubling until it is met, then halving the range: objectives get easier with every worker. */
function leastByTheory(scenario: Scenario, objective: Objective, group: string): number | undefined {
  const isEnough = (workers: number): boolean | undefined => {
    const value = predictedValue(withWorkers(scenario, group, workers), objective);
    return value === undefined ? undefined : holds(objective, value);
  };
  let low = (stableAt(scenario, group) ?? 1) - 1;
  let high = low + 1;
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
