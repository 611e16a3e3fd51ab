import { units } from '../chart.ts';
import { html } from '../html.ts';
import { count } from '../numbers.ts';
import { type Panel, passage } from '../panel.ts';
import { timeChart } from '../time-chart.ts';

export const redeliveries: Panel = {
  id: 'redeliveries',
  title: 'Redeliveries',
  question: 'When were messages delivered again, and how much work was that?',
  render(result) {
    const { deliveries } = result;
    const totals = html`<p>${count(deliveries.redelivered)} of ${count(deliveries.sent)} deliveries were repeats. ${count(deliveries.lost)} deliveries were lost on the way,
${count(deliveries.leasesExpired)} leases expired, and ${count(deliveries.lateAcknowledgements)} acknowledgements came too late to count.</p>`;
    return [
      passage(totals),
      timeChart(result, {
        id: 'rate',
        title: 'Redeliveries',
        unit: units.perSecond,
        scale: 'linear',
        percentiles: false,
        lines: [{ name: 'delivered again', values: result.series.redelivered }],
        limits: [],
      }),
    ];
  },
};
