/** What predictions and what was simulated say of each other, in words; the page and the terminal say the same. */
import type { PredictedValue, Prediction } from '../scenarios/prediction-result.ts';
import type { Num, Verdict } from '../scenarios/result.ts';
import { html, type Markup } from './html.ts';
import { plural, quantity, rate, share } from './numbers.ts';

/** Theory and simulation in one sentence. */
export function predictionSentence({ model, values, growthRate, broken }: Prediction): string {
  const told = values.filter(({ agrees }) => agrees !== null);
  const apart = told.filter(({ agrees }) => agrees === false);
  const why = broken.length === 0 ? '' : `: ${broken.slice(0, brokenMax).join('; ')}${broken.length > brokenMax ? `; and ${broken.length - brokenMax} more` : ''}`;
  if (growthRate > 0) return `there is no steady state: the backlog grows by ${rate(growthRate)}.`;
  if (told.length === 0) return `the run says too little to be compared with ${model}${why === '' ? ': it is too short for this load' : `; the scenario breaks its assumptions${why}`}.`;
  if (apart.length > 0) {
    const because = why === '' ? 'nothing in the scenario is known to break its assumptions' : `the scenario breaks its assumptions${why}`;
    return `${apart.length} of ${plural(told.length, 'value')} ${apart.length === 1 ? 'differs' : 'differ'} from ${model} by more than chance${worstOf(apart)}; ${because}.`;
  }
  if (told.length === values.length) return `${model} predicts what was simulated: all ${told.length} values agree.`;
  const untold = values.length - told.length;
  const far = worstOf(values.filter(({ agrees, simulated }) => agrees === null && simulated !== null));
  return `${plural(told.length, 'value')} ${told.length === 1 ? 'agrees' : 'agree'} with ${model}, and ${untold} ${untold === 1 ? 'varies' : 'vary'} too much to tell${far}${why === '' ? '' : `; the scenario breaks its assumptions${why}`}.`;
}

const brokenMax = 3;

/** The value that is furthest from its prediction; empty where none is any distance from it. */
function worstOf(values: readonly PredictedValue[]): string {
  const worst = [...values].sort((one, other) => distanceOf(other) - distanceOf(one))[0];
  if (worst === undefined || distanceOf(worst) === 0) return '';
  const { predicted, simulated } = bothTexts(worst);
  return `, most of all ${worst.metric} (predicted ${predicted}, simulated ${simulated})`;
}

function distanceOf({ predicted, simulated }: PredictedValue): number {
  if (predicted === simulated) return 0;
  return typeof predicted === 'number' && typeof simulated === 'number' && predicted > 0 && simulated > 0 ? Math.abs(Math.log(simulated / predicted)) : Infinity;
}

/** A prediction and what was simulated, with as many digits as it takes to tell them apart where they differ by more than chance. */
export function bothTexts(value: PredictedValue): { readonly predicted: string; readonly simulated: string } {
  const texts = { predicted: valueText(value, value.predicted), simulated: valueText(value, value.simulated) };
  const { predicted, simulated, unit } = value;
  if (texts.predicted !== texts.simulated || value.agrees !== false || typeof predicted !== 'number' || typeof simulated !== 'number') return texts;
  const scale = unit === 's' ? 1000 : 1;
  const finely = (exact: number): string => `${Number((exact * scale).toPrecision(6))}${unit === 's' ? ' ms' : unit}`;
  return { predicted: finely(predicted), simulated: finely(simulated) };
}

/** Utilisation is a share, as everywhere else. */
export function valueText({ metric, unit }: Pick<PredictedValue, 'metric' | 'unit'>, value: Num): string {
  return metric === 'utilisation' && typeof value === 'number' ? share(value) : quantity(value, unit);
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

/** What the marks of a table mean, as far as they occur in it; the interval is that of what was simulated. */
export function agreementNote(values: readonly Pick<PredictedValue, 'agrees' | 'interval'>[], { agree, tooFew, tooWide }: { readonly agree: string; readonly tooFew: string; readonly tooWide: string }): string {
  const untold = values.filter(({ agrees }) => agrees === null);
  const reasons = [...(untold.some(({ interval }) => interval === null) ? [tooFew] : []), ...(untold.some(({ interval }) => interval !== null) ? [tooWide] : [])];
  return [
    ...(untold.length < values.length ? [`Agree: ${agree}. One in a hundred does not, by chance.`] : []),
    ...(reasons.length > 0 ? [`Cannot tell: ${reasons.join(', or ')}.`] : []),
  ].join(' ');
}
