/** What a capacity result says, in the words that the page and the terminal share. */
import type { CapacityResult, Estimate, StationCapacity, Staffing } from '../scenarios/capacity-result.ts';
import type { Num, Verdict } from '../scenarios/result.ts';
import { interval, plural, quantity, rate, significant, share, type Unit } from './numbers.ts';

export const capacityVerdict: Readonly<Record<CapacityResult['verdict'], { readonly mark: Verdict; readonly word: string }>> = {
  enough: { mark: 'pass', word: 'enough' },
  'not-enough': { mark: 'fail', word: 'not enough' },
  unknown: { mark: 'unknown', word: 'unknown' },
};

/** `34 ms (32 ms to 36 ms)` */
export function estimate({ value, interval: bounds }: Estimate, unit: Unit): string {
  return bounds === null ? quantity(value, unit) : `${quantity(value, unit)} (${interval(bounds, unit)})`;
}

/** A load as a multiple of the scenario's own: `1.4 ×`. */
export function times(load: Num): string {
  if (load === null) return '–';
  return load === 'Infinity' ? 'no limit' : `${significant(load)} ×`;
}

export function stationName({ name, kind, queue }: StationCapacity): string {
  return kind === 'consumers' ? `${name} on ${queue ?? ''}` : name;
}

export function stationSentence({ offeredLoad, servers, utilisation, saturatedAt, headroom }: StationCapacity): string {
  const room = utilisation >= 1 ? 'overloaded' : `${rate(headroom)} more until it is saturated at ${times(saturatedAt)} the load`;
  return `${significant(offeredLoad)} erlangs on ${plural(servers, 'server')}, ${share(utilisation)} utilised, ${room}`;
}

export function staffingSentence({ objective, group, now, least, remark, predicted }: Staffing): string {
  const later = predicted.filter(({ load }) => load !== 1).map(({ load, workers }) => `${workers ?? 'none known'} at ${times(load)}`).join(', ');
  const answer = least === null ? 'no number was found' : `${plural(least, 'worker')} at least`;
  return `${group} for ${objective}: ${answer} (now ${now}; ${remark}); by theory ${later} the load`;
}
