import type { QueueSeries, RunResult } from '../../scenarios/result.ts';
import { palette, units } from '../chart.ts';
import { plural } from '../numbers.ts';
import { limitsOn } from '../objective-text.ts';
import type { Panel } from '../panel.ts';
import { type Line, timeChart } from '../time-chart.ts';

const linesMax = palette.length;

export const backlog: Panel = {
  id: 'backlog',
  title: 'Backlog',
  question: 'How many messages wait in each queue, how high does a fault pile them up, and when are they gone?',
  render(result) {
    const queues = Object.entries(result.series.queues);
    if (queues.length === 0) return [];
    const used = queues.filter(([, series]) => peak(series) > 0);
    const shown = (used.length > 0 ? used : queues).sort(([, a], [, b]) => peak(b) - peak(a));
    // Two lines for each of a few queues say more than one for each of many.
    const both = shown.length * 2 <= linesMax;
    const lines = shown.slice(0, linesMax).flatMap(([name, series]): Line[] => [
      { name: both ? `${name}, ready` : name, values: series.ready, breadth: 2.25 },
      ...(both ? [{ name: `${name}, in flight`, values: series.inFlight, breadth: 1.25 }] : []),
    ]);
    return [
      timeChart(result, {
        id: 'ready',
        title: 'Backlog',
        unit: units.messages,
        scale: 'linear',
        percentiles: false,
        lines: lines.filter((line, index) => index === 0 || line.values.some((value) => value !== 0)),
        limits: limits(result),
        alsoInTable: shown.slice(0, linesMax).map(([name, series]) => ({ name: `${name}, most ready`, values: series.readyMax, unit: units.messages })),
        note: note(queues.length - used.length, used.length, both),
      }),
    ];
  },
};

function peak(series: QueueSeries): number {
  return series.readyMax.reduce((most, value) => Math.max(most, value), 0) + series.inFlight.reduce((most, value) => Math.max(most, value), 0);
}

function limits(result: RunResult) {
  return limitsOn(result, ({ statistic, of }) => statistic === 'backlog' && Object.hasOwn(result.series.queues, of));
}

function note(empty: number, used: number, both: boolean): string {
  const untouched = empty > 0 ? ` ${plural(empty, 'queue')} stayed empty.` : '';
  const which = used > linesMax ? ` The ${linesMax} queues with the highest peaks are drawn; the download has all.` : '';
  return `Averages of each window: messages ready to be delivered${both ? ', and delivered but not yet settled' : ''}.${untouched}${which}`;
}
