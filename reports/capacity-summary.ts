/** A capacity result for a terminal: the answer first, the way to have it again last. */
import picocolors from 'picocolors';
import type { CapacityResult, Estimate, LoadCurve, ObjectiveCapacity, OutageAnswer, StationCapacity, WorkerLoss } from '../scenarios/capacity-result.ts';
import type { Verdict } from '../scenarios/result.ts';
import { capacityVerdict, estimate, kneeSentence, staffingSentence, stationName, stationSentence, times, untilSentence } from './capacity-words.ts';
import { instant, plural, quantity, rate, seconds, share } from './numbers.ts';
import { type Item, printedItems, section } from './paragraphs.ts';
import { readableCapacity } from './readable.ts';
import { verdictSymbol } from './verdict-words.ts';

export function formatCapacity(result: CapacityResult, options: { readonly colour: boolean; readonly width: number }): string {
  const shown = readableCapacity(result);
  const { mark, word } = capacityVerdict[shown.verdict];
  const title = `${verdictSymbol[mark]} ${word.toUpperCase()}`;
  const items: readonly Item[] = [
    { indent: 0, text: `${title} ${shown.scenario}`, mark: title, look: mark },
    { indent: 0, text: shown.sentence },
    { indent: 0, text: `${plural(shown.replications, 'replication')} of each point, ${instant(shown.phases.measure)} measured after ${instant(shown.phases.warmUp)} of warm-up, seed ${shown.seed}`, look: 'dim' },
    ...section('Stations, the busiest first', shown.stations.map(stationItem)),
    ...section('Objectives', shown.objectives.map(objectiveItem)),
    ...section('Least number of workers', shown.staffing.map((each) => ({ indent: 2, text: staffingSentence(each) }))),
    ...section('Latency against load', shown.curves.flatMap(curveItems)),
    ...section('One worker less', shown.losses.map(lossItem)),
    ...section('Outages', shown.outages.map(outageItem)),
    ...section('Notes', shown.notes.map((note) => ({ indent: 2, text: note }))),
  ];
  const colours = picocolors.createColors(options.colour);
  return `${printedItems(items, options)}\n\nreproduce: ${colours.cyan(shown.reproduce.command)}\n`;
}

function stationItem(station: StationCapacity): Item {
  const look: Verdict = station.utilisation >= 1 ? 'fail' : 'pass';
  const mark = verdictSymbol[look];
  return { indent: 2, text: `${mark} ${stationName(station)}: ${stationSentence(station)}`, mark, look };
}

function objectiveItem(each: ObjectiveCapacity): Item {
  const { objective, unit, met, isClose, simulated, predicted } = each;
  const look: Verdict = met === null ? 'unknown' : met ? 'pass' : 'fail';
  const mark = verdictSymbol[look];
  const until = untilSentence(each);
  const theory = predicted === null ? '' : `, predicted ${quantity(predicted, unit)}`;
  return { indent: 2, text: `${mark} ${objective}: ${estimate(simulated, unit)}${theory}${isClose ? ', close' : ''}${until === '' ? '' : `; ${until}`}`, mark, look };
}

function curveItems({ group, simulated, knee }: LoadCurve): readonly Item[] {
  const bend = knee === null ? '' : `, knee ${kneeSentence(knee)}`;
  const rows = simulated.map(({ load, arrivalRate, mean, p99 }) => ({ indent: 4, text: `${times(load)} (${rate(arrivalRate)}): mean ${estimate(mean, 's')}, p99 ${estimate(p99, 's')}` }));
  return [{ indent: 2, text: `${group}${bend}` }, ...rows];
}

function lossItem({ group, workers, before, after, broken }: WorkerLoss): Item {
  const change = after.utilisation >= 1 ? 'it is overloaded then' : p99Change(before.p99, after.p99);
  const missed = broken.length === 0 ? '' : `; then ${broken.join(' and ')} ${broken.length === 1 ? 'is' : 'are'} missed`;
  return { indent: 2, text: `${group} with ${workers - 1} instead of ${workers}: ${share(after.utilisation)} utilised, ${change}${missed}` };
}

function p99Change(before: Estimate, after: Estimate): string {
  if (after.value === null) return 'p99 not observed';
  return before.value === null ? `p99 ${estimate(after, 's')}, not observed before` : `p99 ${estimate(after, 's')} instead of ${estimate(before, 's')}`;
}

function outageItem({ what, length, fluid, simulated, remark }: OutageAnswer): Item {
  const text = `${what} gone for ${seconds(length)}: backlog ${quantity(fluid.peakBacklog, '')} by the fluid model, ${estimate(simulated.peakBacklog, '')} simulated; drained ${seconds(fluid.drainTime)} later, simulated ${estimate(simulated.drainTime, 's')}`;
  return { indent: 2, text: remark === '' ? text : `${text}; ${remark}` };
}
