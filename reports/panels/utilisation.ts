import { palette, units } from '../chart.ts';
import { limitsOn } from '../objective-text.ts';
import type { Panel } from '../panel.ts';
import { timeChart } from '../time-chart.ts';

export const utilisation: Panel = {
  id: 'utilisation',
  title: 'Utilisation',
  question: 'What share of its servers does each consumer group keep busy, and is there room for the next peak?',
  render(result) {
    const groups = Object.entries(result.series.groups);
    if (groups.length === 0) return [];
    const shown = groups.slice(0, palette.length);
    return [
      timeChart(result, {
        id: 'busy',
        title: 'Utilisation',
        unit: units.share,
        scale: 'linear',
        percentiles: false,
        lines: shown.map(([name, series]) => ({ name, values: series.utilisation })),
        limits: limitsOn(result, ({ statistic, of }) => statistic === 'utilisation' && Object.hasOwn(result.series.groups, of)),
        ...(shown.length < groups.length ? { note: `The first ${shown.length} of ${groups.length} groups are drawn; the download has all.` } : {}),
      }),
    ];
  },
};
