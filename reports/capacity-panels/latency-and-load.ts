import type { CapacityResult, LoadCurve, SimulatedPoint } from '../../scenarios/capacity-result.ts';
import { estimate, kneeSentence, times } from '../capacity-words.ts';
import type { Flag } from '../flags.ts';
import { html } from '../html.ts';
import type { LimitLine } from '../limit-lines.ts';
import { loadSpec } from '../load-chart.ts';
import { quantity, rate, seconds, share } from '../numbers.ts';
import { readObjective } from '../objective-text.ts';
import { type Chart, figures, type Panel, passage, table } from '../panel.ts';

const chartsMax = 6;

export const latencyAndLoad: Panel<CapacityResult> = {
  id: 'load',
  title: 'Latency against load',
  question: 'How does latency grow with load, and where does it begin to run away?',
  render(result) {
    const drawable = result.curves.filter(({ simulated }) => simulated.some(({ mean }) => typeof mean.value === 'number'));
    const charts = drawable.slice(0, chartsMax).map((curve, index) => chart(result, curve, index));
    const left = drawable.length - chartsMax;
    return left > 0 ? [...charts, passage(html`<p>The first ${chartsMax} groups are drawn; the other ${left} are in the download.</p>`)] : charts;
  },
};

function chart(result: CapacityResult, curve: LoadCurve, index: number): Chart {
  const { group, model, knee, simulated } = curve;
  const saturation = result.stations.map(({ saturatedAt }) => saturatedAt).find((load): load is number => typeof load === 'number');
  const marks: Flag[] = [
    { value: 1, label: 'this load', isLimit: false },
    ...(knee === null ? [] : [{ value: knee.load, label: 'knee', isLimit: false }]),
    ...(saturation === undefined ? [] : [{ value: saturation, label: `${result.bottleneck ?? ''} saturated`, isLimit: true }]),
  ];
  const limits = limitsOf(result, group);
  const bend = knee === null ? '' : ` The knee, where throughput by latency is greatest, is ${kneeSentence(knee)}.`;
  return {
    kind: 'chart', id: `group-${index + 1}`, title: `Sojourn of ${group}`, overTime: false, spec: loadSpec(curve, marks, limits, true), still: loadSpec(curve, marks, limits, false),
    label: `Mean and 99th percentile of the sojourn of ${group} against load: ${simulated.map(({ load, p99 }) => `at ${times(load)} p99 ${seconds(p99.value)}`).join(', ')}.`,
    note: `Lines: ${model === null ? 'none, since no model fits' : `predicted by ${model}`}. Points: mean of ${result.replications} replications with its 95 % interval.${bend}`,
    table: table(`Sojourn of ${group}`, [figures('Load'), figures('Arrivals'), figures('Mean (95 %)'), figures('p99 (95 %)'), figures('Utilisation'), figures('Predicted mean'), figures('Predicted p99')], simulated.map((point) => row(curve, point))),
  };
}

/** The strictest objective on a percentile or mean of this group's sojourn. */
function limitsOf({ objectives }: CapacityResult, group: string): readonly LimitLine[] {
  const fitting = objectives.filter(({ objective }) => {
    const text = readObjective(objective);
    return text !== null && text.of === group && text.measure === 'sojourn' && text.comparison.startsWith('<') && /^p99$|^mean$/.test(text.statistic);
  });
  const strictest = fitting.sort((one, other) => one.limit - other.limit)[0];
  return strictest === undefined || !(strictest.limit > 0) ? [] : [{ value: strictest.limit, label: strictest.objective }];
}

function row({ predicted }: LoadCurve, { load, arrivalRate, mean, p99, utilisation }: SimulatedPoint) {
  const nearest = [...predicted].sort((one, other) => Math.abs(one.load - load) - Math.abs(other.load - load))[0];
  const isNear = nearest !== undefined && Math.abs(nearest.load / load - 1) < 0.02;
  return [
    times(load), rate(arrivalRate), estimate(mean, 's'), estimate(p99, 's'), typeof utilisation.value === 'number' ? share(utilisation.value) : '–',
    isNear && nearest.mean !== null ? quantity(nearest.mean, 's') : '–', isNear && nearest.p99 !== null ? quantity(nearest.p99, 's') : '–',
  ];
}
