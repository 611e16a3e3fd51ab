/** Over which part of a range a system has no steady state, and which part meets the targets. */
import type { SweepPoint, TheorySweep } from '../scenarios/theory-result.ts';
import { exactText } from './theory-words.ts';

/** A stretch of neighbouring points: the indices of its first and last. */
export type Stretch = readonly [first: number, last: number];

export function stretches(points: readonly SweepPoint[], belongs: (point: SweepPoint) => boolean): readonly Stretch[] {
  const found: [number, number][] = [];
  points.forEach((point, index) => {
    if (!belongs(point)) return;
    if (found.at(-1)?.[1] === index - 1) found.at(-1)![1] = index;
    else found.push([index, index]);
  });
  return found;
}

const steadyEdges: EdgeWords = { everywhere: 'at any point of this range', before: 'there is one at', after: 'there is one at' };

export function unstableSentence(sweep: TheorySweep): string | undefined {
  const unstable = stretches(sweep.points, ({ unstable: growing }) => growing !== null);
  if (unstable.length === 0) return undefined;
  const where = unstable.map((stretch) => stretchText(sweep, stretch, steadyEdges));
  return `No steady state ${where.join(', nor ')}: the backlog grows without end.`;
}

/** Undefined where there are no targets. */
export function targetSentence(sweep: TheorySweep): string | undefined {
  const count = Math.max(...sweep.points.map(({ targets }) => targets.length));
  if (count === 0) return undefined;
  const meeting = stretches(sweep.points, ({ targets }) => targets.length > 0 && targets.every(({ met }) => met));
  return `${count === 1 ? 'The target is met' : `The ${count} targets are met together`} ${meetingText(sweep, meeting)}.`;
}

const targetEdges: EdgeWords = { everywhere: 'at every point of this range', before: 'not yet at', after: 'no longer at' };

function meetingText(sweep: TheorySweep, meeting: readonly Stretch[]): string {
  const { points, swept } = sweep;
  if (meeting.length === 0) return `at none of the ${points.length} points of this range`;
  const [first, last] = meeting[0]!;
  const edges = edgeTexts(sweep, [first, last], targetEdges);
  if (meeting.length === 1 && edges.length === 1) return `at ${swept.parameter} = ${valueText(sweep, first === 0 ? last : first)}, ${edges[0]}`;
  return meeting.map((stretch) => stretchText(sweep, stretch, targetEdges)).join(', and again ');
}

/** What is said of the points beside a stretch. */
interface EdgeWords {
  /** Where there are none. */
  readonly everywhere: string;
  readonly before: string;
  readonly after: string;
}

/** `up to c = 9 (there is one at 10)`, `from lambda = 300/s to 500/s (not yet at 200/s, no longer at 600/s)`. */
function stretchText(sweep: TheorySweep, [first, last]: Stretch, words: EdgeWords): string {
  const edges = edgeTexts(sweep, [first, last], words);
  return edges.length === 0 ? words.everywhere : `${placeText(sweep, [first, last])} (${edges.join(', ')})`;
}

function placeText(sweep: TheorySweep, [first, last]: Stretch): string {
  const { points, swept: { parameter } } = sweep;
  if (first === last) return `at ${parameter} = ${valueText(sweep, first)}`;
  if (first === 0) return `up to ${parameter} = ${valueText(sweep, last)}`;
  const from = `from ${parameter} = ${valueText(sweep, first)}`;
  return last === points.length - 1 ? `${from} on` : `${from} to ${valueText(sweep, last)}`;
}

/** An edge lies somewhere between two points, and nobody knows where: both are told. */
function edgeTexts(sweep: TheorySweep, [first, last]: Stretch, { before, after }: EdgeWords): string[] {
  const text = (index: number, words: string) => {
    const point = sweep.points[index];
    return point === undefined ? [] : [`${point.refused === null ? words : 'no answer at'} ${valueText(sweep, index)}`];
  };
  return [...text(first - 1, before), ...text(last + 1, after)];
}

function valueText({ points, swept }: TheorySweep, index: number): string {
  return exactText(points[index]!.value, swept.quantity);
}
