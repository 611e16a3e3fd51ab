import { units } from '../chart.ts';
import { limitsOn } from '../objective-text.ts';
import type { Panel } from '../panel.ts';
import { timeChart } from '../time-chart.ts';

export const throughput: Panel = {
  id: 'throughput',
  title: 'Throughput',
  question: 'Is what is offered also confirmed and handled, and how fast does it catch up after a fault?',
  render(result) {
    const { offered, confirmed, handled, groups } = result.series;
    const names = Object.keys(groups);
    return [
      timeChart(result, {
        id: 'rates',
        title: 'Throughput',
        unit: units.perSecond,
        scale: 'linear',
        percentiles: false,
        // Most of the time the three lie on one another.
        lines: [
          { name: 'offered', values: offered, breadth: 5 },
          { name: 'confirmed', values: confirmed, breadth: 3 },
          { name: 'handled', values: handled, breadth: 1.5 },
        ],
        limits: names.length === 1 ? limitsOn(result, ({ statistic, of }) => statistic === 'throughput' && of === names[0]) : [],
        alsoInTable: names.length > 1 ? names.map((name) => ({ name: `handled by ${name}`, values: groups[name]!.handled, unit: units.perSecond })) : [],
      }),
    ];
  },
};
