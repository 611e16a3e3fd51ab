/** What a capacity result says, in the words that the page and the terminal share. */
import type { CapacityResult, Estimate, LoadCurve, ObjectiveCapacity, StationCapacity, Staffing } from '../scenarios/capacity-result.ts';
import type { Num, Verdict } from '../scenarios/result.ts';
import { erlangs, interval, plural, quantity, rate, significant, share, type Unit } from './numbers.ts';

export const capacityVerdict: Readonly<Record<CapacityResult['verdict'], { readonly mark: Verdict; readonly word: string }>> = {
  enough: { mark: 'pass', word: 'enough' },
  'not-enough': { mark: 'fail', word: 'not enough' },
  unknown: { mark: 'unknown', word: 'unknown' },
};

/** `34 ms (32 ms to 36 ms)`; an interval that is all the value itself has nothing to add. */
export function estimate({ value, interval: bounds }: Estimate, unit: Unit): string {
  const text = quantity(value, unit);
  return bounds === null || bounds.every((bound) => quantity(bound, unit) === text) ? text : `${text} (${interval(bounds, unit)})`;
}

/** A load as a multiple of the scenario's own: `1.4 ×`. */
export function times(load: Num): string {
  if (load === null) return '–';
  return load === 'Infinity' ? 'no limit' : `${significant(load)} ×`;
}

export function stationName({ name, kind, queue }: StationCapacity): string {
  return kind === 'consumers' ? `${name} on ${queue ?? ''}` : name;
}

export function stationSentence({ offeredLoad, servers, whenFull, utilisation, saturatedAt, headroom }: StationCapacity): string {
  const room = utilisation >= 1 ? (whenFull === null ? 'overloaded' : `its queue is full and ${whenFull === 'refuse' ? 'refuses' : 'drops'} the rest`) : `${rate(headroom)} more until it is saturated at ${times(saturatedAt)} the load`;
  return `${erlangs(offeredLoad)} on ${plural(servers, 'server')}, ${share(utilisation)} utilised, ${room}`;
}

export function staffingSentence({ objective, group, now, least, remark, predicted }: Staffing): string {
  const later = predicted.filter(({ load, workers }) => load !== 1 && workers !== null).map(({ load, workers }) => `${workers!} at ${times(load)}`).join(', ');
  const answer = least === null ? 'no number was found' : `${plural(least, 'worker')} at least`;
  return `${group} for ${objective}: ${answer} (now ${now}; ${remark})${later === '' ? '' : `; by theory ${later} the load`}`;
}

/** `by theory until 1.3 × the load`; empty where nothing is known. */
export function untilSentence({ predictedUntil, isRefuted, metAt, missedAt }: ObjectiveCapacity): string {
  if (predictedUntil === 'Infinity' && !isRefuted) return 'by theory at any load';
  if (predictedUntil !== null && !isRefuted) return `by theory until ${times(predictedUntil)} the load`;
  const seen = [...(metAt === null ? [] : [`met up to ${times(metAt)}`]), ...(missedAt === null ? [] : [`missed from ${times(missedAt)}`])];
  const refuted = isRefuted ? `; that refutes theory, which has it met ${predictedUntil === 'Infinity' ? 'at any load' : `until ${times(predictedUntil)}`}` : '';
  return seen.length === 0 ? '' : `${seen.join(', ')} the load in simulation${refuted}`;
}

/** `at 1.1 × the load (165/s, 66 % utilised), by theory` */
export function kneeSentence({ load, arrivalRate, utilisation, by }: NonNullable<LoadCurve['knee']>): string {
  return `at ${times(load)} the load (${rate(arrivalRate)}, ${share(utilisation)} utilised), ${by === 'theory' ? 'by theory' : 'of the simulated loads'}`;
}
