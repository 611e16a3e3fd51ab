/** What predictions and what was simulated say of each other, in words; the page and the terminal say the same. */
import type { PredictedValue, Prediction } from '../scenarios/prediction-result.ts';
import type { Verdict } from '../scenarios/result.ts';
import type { Markup } from './html.ts';
import { plural, quantity, rate } from './numbers.ts';
import { verdictMark } from './verdict-mark.ts';

/** Theory and simulation in one sentence. */
export function predictionSentence({ model, values, growthRate, broken }: Prediction): string {
  const told = values.filter(({ agrees }) => agrees !== null);
  const apart = told.filter(({ agrees }) => agrees === false);
  if (growthRate > 0) return `there is no steady state: the backlog grows by ${rate(growthRate)}.`;
  if (told.length === 0) return `the run is too short to be compared with ${model}.`;
  if (apart.length === 0) return `${model} predicts what was simulated: ${told.length === values.length ? 'all' : ''} ${plural(told.length, 'value')} agree${told.length === values.length ? '' : `, ${values.length - told.length} cannot be told`}.`.replace(/ {2}/, ' ');
  const worst = apart.map(differenceOf).sort((one, other) => other.size - one.size)[0]!;
  const because = broken.length === 0 ? 'nothing in the scenario is known to break its assumptions' : `the scenario breaks its assumptions: ${broken.slice(0, 3).join('; ')}${broken.length > 3 ? '; …' : ''}`;
  return `${apart.length} of ${plural(told.length, 'value')} differ from ${model} by more than chance, most of all ${worst.text}; ${because}.`;
}

function differenceOf({ metric, unit, predicted, simulated }: PredictedValue): { size: number; text: string } {
  const size = typeof predicted === 'number' && typeof simulated === 'number' && predicted > 0 && simulated > 0 ? Math.abs(Math.log(simulated / predicted)) : Infinity;
  return { size, text: `${metric} (predicted ${quantity(predicted, unit)}, simulated ${quantity(simulated, unit)})` };
}

const verdictOf = (agrees: boolean | null): Verdict => (agrees === null ? 'unknown' : agrees ? 'pass' : 'fail');

export function agreementMark(agrees: boolean | null): Markup {
  return verdictMark(verdictOf(agrees), agrees === null ? 'cannot tell' : agrees ? 'agree' : 'differ');
}

/** For a mark in the terminal. */
export function agreementOf({ values }: Prediction): Verdict {
  const told = values.filter(({ agrees }) => agrees !== null);
  return told.length === 0 ? 'unknown' : verdictOf(told.every(({ agrees }) => agrees));
}
