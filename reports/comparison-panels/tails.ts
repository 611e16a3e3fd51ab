import type { Comparison } from '../../scenarios/comparison-result.ts';
import { palette } from '../chart.ts';
import { seconds } from '../numbers.ts';
import { limitsOn } from '../objective-text.ts';
import { type Chart, figures, type Panel, table, words } from '../panel.ts';
import { tailChart, tailPoints } from '../tail-chart.ts';

const groupsMax = 4;

export const tails: Panel<Comparison> = {
  id: 'tails',
  title: 'Sojourn times',
  question: 'How many messages took longer than a given time, from publish to handled, with each of the settings?',
  render(comparison) {
    const groups = [...new Set(comparison.results.flatMap((result) => Object.keys(result.groups)))];
    return groups.slice(0, groupsMax).flatMap((group, index) => groupChart(comparison, group, index));
  },
};

function groupChart({ columns, results }: Comparison, group: string, index: number): readonly Chart[] {
  const lines = results.flatMap((result, at) => {
    const sojourn = result.groups[group]?.latency.sojourn;
    const points = sojourn === undefined ? [] : tailPoints(sojourn.distribution.upTo, sojourn.distribution.count);
    return points.length === 0 ? [] : [{ name: columns[at]!, points, sojourn: sojourn! }];
  }).slice(0, palette.length);
  if (lines.length === 0) return [];
  const left = results.length - lines.length;
  const spoken = lines.map(({ name, sojourn }) => `${name}: half took longer than ${seconds(sojourn.p50)}, 1 % longer than ${seconds(sojourn.p99)}`).join('; ');
  const shares = [['50 %', 'p50'], ['10 %', 'p90'], ['1 %', 'p99'], ['0.1 %', 'p999'], ['none', 'max']] as const;
  return [tailChart({
    id: `group-${index + 1}`,
    title: `Sojourn time of ${group}`,
    label: `Sojourn time of ${group}, both axes logarithmic. ${spoken}.`,
    lines,
    limits: limitsOn(results[0]!, ({ of, measure }) => of === group && measure === 'sojourn').filter(({ value }) => value > 0),
    ...(left > 0 && { note: `${left} of the runs are not drawn: they handled nothing, or there are too many to tell apart.` }),
    table: table(`Sojourn time of ${group}: so many messages took longer than`, [words('Share of messages'), ...lines.map(({ name }) => figures(name))],
      shares.map(([share, statistic]) => [share, ...lines.map(({ sojourn }) => seconds(sojourn[statistic]))])),
  })];
}
