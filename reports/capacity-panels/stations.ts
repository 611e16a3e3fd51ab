import type { CapacityResult, StationCapacity } from '../../scenarios/capacity-result.ts';
import { estimate, stationName, times } from '../capacity-words.ts';
import { html } from '../html.ts';
import { rate, share, significant } from '../numbers.ts';
import { figures, type Panel, passage, table, words } from '../panel.ts';

export const stations: Panel<CapacityResult> = {
  id: 'stations',
  title: 'Load and headroom',
  question: 'How busy is each part at this load, how much more can it take, and which is saturated first?',
  render({ stations: all, bottleneck }) {
    if (all.length === 0) return [passage(html`<p>No consumer reads a queue whose arrivals are known, so nothing is known to be loaded.</p>`)];
    const columns = [words('Station'), words('Model'), figures('Arrivals'), figures('Offered load (erlangs)'), figures('Servers'), figures('Utilisation'), figures('Simulated (95 %)'), figures('Saturated at'), figures('Headroom')];
    const first = all.find(({ name }) => name === bottleneck);
    const note = first === undefined || all.length === 1 ? undefined : `The bottleneck is ${stationName(first)}: it is saturated first, at ${times(first.saturatedAt)} the load.`;
    return [table('Stations, the busiest first', columns, all.map(row), note)];
  },
};

function row(station: StationCapacity) {
  const { model, arrivalRate, offeredLoad, servers, utilisation, simulatedUtilisation, saturatedAt, headroom } = station;
  const simulated = simulatedUtilisation === null || typeof simulatedUtilisation.value !== 'number' ? '–' : percent(simulatedUtilisation);
  const busy = utilisation >= 1 ? html`<span class="mark fail">${share(utilisation)}</span>` : share(utilisation);
  return [stationName(station), model ?? '–', rate(arrivalRate), significant(offeredLoad), String(servers), busy, simulated, times(saturatedAt), rate(headroom)];
}

function percent({ value, interval }: NonNullable<StationCapacity['simulatedUtilisation']>): string {
  return interval === null ? estimate({ value, interval }, '') : `${share(value as number)} (${share(Math.max(0, interval[0]))} to ${share(interval[1])})`;
}
