import type { PredictedValue, Prediction } from '../../scenarios/prediction-result.ts';
import type { Num, RunResult } from '../../scenarios/result.ts';
import { html, type Markup, nothing } from '../html.ts';
import { plural, quantity, rate, seconds, share, significant } from '../numbers.ts';
import { type Block, figures, type Panel, passage, type Table, table, words } from '../panel.ts';
import { tailChart, tailPoints } from '../tail-chart.ts';
import { agreementMark, agreementNote, bothTexts, predictionSentence, valueText } from '../prediction-words.ts';

const chartsMax = 6;

export const predictions: Panel = {
  id: 'predictions',
  title: 'What theory says',
  question: 'Do formulas that know nothing of the simulation give the same numbers, and where they do not, why?',
  render(result) {
    const blocks = result.predictions.flatMap((prediction, index) => ofQueue(result, prediction, index));
    return [...blocks, ...withoutModel(result)];
  },
};

function ofQueue(result: RunResult, prediction: Prediction, index: number): readonly Block[] {
  return [
    passage(html`${about(prediction)}`),
    valuesTable(prediction),
    ...(index < chartsMax ? waitingChart(result, prediction, index) : []),
  ];
}

function about(prediction: Prediction): Markup {
  const { of, model, kind, formula, knownError, parameters, assumed, broken } = prediction;
  const { arrivalRate, meanServiceTime, serviceScv, interarrivalScv, servers, capacity } = parameters;
  return html`<p><strong>${of}</strong>: ${predictionSentence(prediction)}</p>
<p><strong>${model}</strong> (${kind === 'exact' ? 'exact' : `an approximation${knownError === null ? '' : `: ${knownError}`}`}), ${formula}: ${rate(arrivalRate)} arrive${irregular(interarrivalScv)},
${plural(servers, 'server')}, a message occupies one for ${seconds(meanServiceTime)} in the mean (squared coefficient of variation ${quantity(serviceScv, '')})${capacity === null ? nothing : html`, at most ${significant(capacity)} in the system`}.</p>
${list('Assumed', assumed)}${list('What breaks the assumptions', broken)}`;
}

function irregular(scv: Num): string {
  return scv === 1 ? '' : ` (squared coefficient of variation of the gaps ${quantity(scv, '')})`;
}

function list(title: string, items: readonly string[]): Markup {
  return items.length === 0 ? nothing : html`<p>${title}:</p><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function valuesTable({ of, values }: Prediction): Table {
  const columns = [words('Value'), words('Agree'), figures('Predicted'), figures('Simulated'), figures('99 % interval'), figures('Tolerance')];
  return table(`${of}: predicted and simulated`, columns, values.map(row), agreementNote(values, meanings));
}

const meanings = {
  agree: 'the prediction lies in the interval, widened by the tolerance',
  tooFew: 'the run is too short, or saw too few such messages, for an interval (–)',
  tooWide: 'the interval is so wide that nearly any prediction would lie in it',
};

function row(value: PredictedValue) {
  const { predicted, simulated } = bothTexts(value);
  const bounds = value.interval === null ? '–' : value.interval.map((bound) => valueText(value, bound)).join(' to ');
  return [html`<code>${value.metric}</code>`, agreementMark(value.agrees), predicted, simulated, bounds, share(value.tolerance)];
}

function waitingChart(result: RunResult, { of, waiting, model }: Prediction, index: number): readonly Block[] {
  const measured = result.queues[of]?.latency.waiting;
  if (waiting === null || measured === undefined) return [];
  const simulated = tailPoints(measured.distribution.upTo, measured.distribution.count);
  if (simulated.length === 0) return [];
  const predicted = waiting.times.map((x, point) => ({ x, longer: waiting.longer[point]! })).filter(({ x, longer }) => x > 0 && longer > 0);
  const shown = [0.5, 0.1, 0.01, 0.001].flatMap((wanted) => {
    const at = predicted.find(({ longer }) => longer <= wanted);
    const seen = simulated.find(({ longer }) => longer <= wanted);
    return at === undefined && seen === undefined ? [] : [[share(wanted), at === undefined ? '–' : seconds(at.x), seen === undefined ? '–' : seconds(seen.x)]];
  });
  return [tailChart({
    id: `waiting-${index + 1}`,
    title: `Waiting at ${of}`,
    label: `Waiting time at ${of}: share of messages that waited longer than a time, as ${model} predicts it and as it was simulated, both axes logarithmic.`,
    lines: [{ name: 'simulated', points: simulated }, { name: 'predicted', points: predicted, dashed: true }],
    limits: [],
    note: 'The simulated line ends in steps, where single messages are seen.',
    table: table(`Waiting at ${of}: so many waited longer than`, [words('Share of messages'), figures('Predicted'), figures('Simulated')], shown),
  })];
}

function withoutModel({ unpredicted }: RunResult): readonly Block[] {
  return unpredicted.length === 0 ? [] : [passage(html`<p>No model was found for ${unpredicted.map(({ of, why }, index) => html`${index === 0 ? '' : '; '}<strong>${of}</strong>: ${why}`)}.</p>`)];
}

