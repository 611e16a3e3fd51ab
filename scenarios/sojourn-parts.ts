/**
 * Where a message's time went: each interval between two things that happened to it is given to one part, so that the parts add up to
 * the whole to the nanosecond.
 *
 * A message may be in several places at a time: an attempt on its way, a copy that waits, another that is handled. Then the time is that
 * of the place from which it would be done first.
 */
import { nanosPerSecond } from '../sim/units.ts';
import type { HistoryLine } from './history.ts';
import type { SojournPart } from './result.ts';

/** From the nearest to the end to the farthest. */
const places = ['handling', 'delivered', 'ready', 'unsettled', 'sent', 'publisher'] as const;
type Place = (typeof places)[number];

const names: Readonly<Record<Place, string>> = {
  handling: 'being handled', delivered: 'on its way to a worker, or in line there', ready: 'ready in a queue', unsettled: 'held by nobody that is at work on it',
  sent: 'on its way to the broker, or being written', publisher: 'with its publisher',
};

/** What leaves a place, and what enters one, with each thing that happens. */
const steps: Partial<Readonly<Record<HistoryLine['what'], { readonly from?: Place; readonly to?: Place }>>> = {
  sent: { to: 'sent' }, shovelled: { to: 'sent' }, 'publish-lost': { from: 'sent' }, refused: { from: 'sent' },
  stored: { from: 'sent', to: 'ready' }, 'brought-back': { to: 'ready' }, rewound: { to: 'ready' },
  delivered: { from: 'ready', to: 'delivered' }, 'delivery-lost': { from: 'delivered', to: 'unsettled' },
  'work-started': { from: 'delivered', to: 'handling' }, 'work-failed': { from: 'handling', to: 'unsettled' }, 'worker-crashed': { from: 'handling', to: 'unsettled' },
  effect: { from: 'handling' }, 'duplicate-effect': { from: 'handling' }, deduplicated: { from: 'handling' },
  requeued: { from: 'unsettled', to: 'ready' }, acknowledged: { from: 'unsettled' }, 'dead-lettered': {}, dropped: { from: 'ready' },
};

/** From its publishing to its first effect, or to the last that is known of it. @param lines of one message, in their order */
export function sojournParts(lines: readonly HistoryLine[]): SojournPart[] {
  const end = lines.findIndex(({ what }) => what === 'effect');
  const spent = new Map<Place, number>();
  const there: Record<Place, number> = { handling: 0, delivered: 0, ready: 0, unsettled: 0, sent: 0, publisher: 1 };
  let since = nanosOf(lines[0]!);
  for (const line of lines.slice(1, end < 0 ? lines.length : end + 1)) {
    const place = places.find((each) => there[each] > 0) ?? 'publisher';
    spent.set(place, (spent.get(place) ?? 0) + nanosOf(line) - since);
    since = nanosOf(line);
    move(there, line);
  }
  return places.toReversed().flatMap((place) => ((spent.get(place) ?? 0) > 0 ? [{ part: names[place], nanoseconds: spent.get(place)!, seconds: spent.get(place)! / nanosPerSecond }] : []));
}

function move(there: Record<Place, number>, line: HistoryLine): void {
  const { from, to } = steps[line.what] ?? {};
  // A worker that was at work, or the line before it, holds what comes back.
  const left = line.what === 'requeued' && there.unsettled === 0 ? places.find((place) => there[place] > 0 && (place === 'handling' || place === 'delivered')) : from === 'handling' && there.handling === 0 ? 'delivered' : from;
  if (left !== undefined && there[left] > 0) there[left]--;
  if (to !== undefined) there[to]++;
}

function nanosOf({ at }: HistoryLine): number {
  return Math.round(at * nanosPerSecond);
}
