/** Until which load an objective is met: by theory where the simulation bears it out, else between two simulated loads. */
import type { ObjectiveCapacity } from '../capacity-result.ts';
import { isMet } from '../objective-results.ts';
import { resultNumber } from '../result-number.ts';
import type { Scenario } from '../scenario.ts';
import type { Measured } from './curves.ts';
import { estimateOf, isClose } from './estimate.ts';
import { predictedValue } from './theory.ts';

/** Nearer to saturation than this a run is too short to show what becomes of a queue in the end, and meets what it should miss. */
const longEnough = 0.9;
/** The simulated loads at which an objective is met and missed are near enough to each other. */
const near = 1.1;

/** @param limit the load until which theory has it met; undefined where it has no answer */
export function objectiveCapacity(scenario: Scenario, index: number, limit: number | undefined, saturation: number, measured: readonly Measured[]): ObjectiveCapacity {
  const objective = scenario.objectives[index]!;
  const at = measured.map(({ load, replications }) => {
    const simulated = estimateOf(replications.map(({ objectives }) => objectives[index]!.value));
    return { load, simulated, met: isMet(objective, simulated.value), isClose: isClose(objective, simulated) };
  });
  const now = at.find(({ load }) => load === 1)!;
  // A floor, as under throughput, is missed by asking less of the system, which says nothing of its capacity.
  const ceiling = objective.comparison.startsWith('<') ? at : [];
  const missedAt = Math.min(...ceiling.filter(({ met }) => met === false).map(({ load }) => load));
  const metAt = Math.max(...ceiling.filter(({ met, load }) => met === true && load < missedAt).map(({ load }) => load));
  const clear = ceiling.filter((each) => !each.isClose);
  const isRefuted = limit !== undefined
    && clear.some(({ load, met }) => (met === false && load < limit) || (met === true && load > limit && load <= longEnough * saturation));
  const predicted = predictedValue(scenario, objective);
  return {
    objective: objective.text, unit: objective.unit, limit: objective.limit,
    predicted: predicted === undefined ? null : resultNumber(predicted),
    simulated: now.simulated, met: now.met, isClose: now.isClose,
    predictedUntil: limit === undefined ? null : resultNumber(limit), isRefuted,
    metAt: Number.isFinite(metAt) ? metAt : null, missedAt: Number.isFinite(missedAt) ? missedAt : null,
  };
}

/** A load worth a look: where theory does not tell, and it is met and missed at loads far from each other. */
export function loadBetween({ predictedUntil, isRefuted, metAt, missedAt }: ObjectiveCapacity): number | undefined {
  if ((predictedUntil !== null && !isRefuted) || metAt === null || missedAt === null || missedAt / metAt <= near) return undefined;
  return Number(Math.sqrt(metAt * missedAt).toPrecision(3));
}
