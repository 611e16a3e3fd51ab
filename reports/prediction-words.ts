/** What predictions and what was simulated say of each other, in words; the page and the terminal say the same. */
import type { PredictedValue, Prediction } from '../scenarios/prediction-result.ts';
import type { Verdict } from '../scenarios/result.ts';
import { html, type Markup } from './html.ts';
import { plural, quantity, rate } from './numbers.ts';

/** Theory and simulation in one sentence. */
export function predictionSentence({ model, values, growthRate, broken }: Prediction): string {
  const told = values.filter(({ agrees }) => agrees !== null);
  const apart = told.filter(({ agrees }) => agrees === false);
  const why = broken.length === 0 ? '' : `: ${broken.slice(0, 3).join('; ')}${broken.length > 3 ? '; …' : ''}`;
  if (growthRate > 0) return `there is no steady state: the backlog grows by ${rate(growthRate)}.`;
  if (told.length === 0) return `the run says too little to be compared with ${model}${why === '' ? ': it is too short for this load' : `; the scenario breaks its assumptions${why}`}.`;
  if (apart.length > 0) {
    const because = why === '' ? 'nothing in the scenario is known to break its assumptions' : `the scenario breaks its assumptions${why}`;
    return `${apart.length} of ${plural(told.length, 'value')} ${apart.length === 1 ? 'differs' : 'differ'} from ${model} by more than chance, most of all ${worstOf(apart)}; ${because}.`;
  }
  if (told.length === values.length) return `${model} predicts what was simulated: all ${told.length} values agree.`;
  const untold = values.filter(({ agrees, simulated }) => agrees === null && simulated !== null);
  const far = untold.length === 0 ? '' : `, most of all ${worstOf(untold)}`;
  return `${plural(told.length, 'value')} ${told.length === 1 ? 'agrees' : 'agree'} with ${model}, and ${values.length - told.length} vary too much to tell${far}${why === '' ? '' : `; the scenario breaks its assumptions${why}`}.`;
}

function worstOf(values: readonly PredictedValue[]): string {
  return values.map(differenceOf).sort((one, other) => other.size - one.size)[0]!.text;
}

function differenceOf({ metric, unit, predicted, simulated }: PredictedValue): { size: number; text: string } {
  const size = typeof predicted === 'number' && typeof simulated === 'number' && predicted > 0 && simulated > 0 ? Math.abs(Math.log(simulated / predicted)) : Infinity;
  return { size, text: `${metric} (predicted ${quantity(predicted, unit)}, simulated ${quantity(simulated, unit)})` };
}

/** A difference between theory and simulation is news, and no failure. */
const marks = { agree: { sign: '✓', look: 'pass' }, differ: { sign: '≠', look: 'unknown' }, 'cannot tell': { sign: '?', look: 'unknown' } } as const satisfies Record<string, { sign: string; look: Verdict }>;

export function agreementMark(agrees: boolean | null): Markup {
  const word = agrees === null ? 'cannot tell' : agrees ? 'agree' : 'differ';
  const { sign, look } = marks[word];
  return html`<span class="mark ${look}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

/** For the terminal: all agree, some differ, or some cannot be told. */
export function agreementSign({ values }: Prediction): (typeof marks)[keyof typeof marks] {
  if (values.some(({ agrees }) => agrees === false)) return marks.differ;
  return values.every(({ agrees }) => agrees) ? marks.agree : marks['cannot tell'];
}
