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

export function unstableSentence(sweep: TheorySweep): string | undefined {
  const unstable = stretches(sweep.points, ({ unstable: growing }) => growing !== null);
  return unstable.length === 0 ? undefined : `No steady state ${unstable.map((stretch) => stretchText(sweep, stretch)).join(', and ')}: the backlog grows without end.`;
}

/** Undefined where there are no targets. */
export function targetSentence(sweep: TheorySweep): string | undefined {
  const count = Math.max(...sweep.points.map(({ targets }) => targets.length));
  if (count === 0) return undefined;
  const meeting = stretches(sweep.points, ({ targets }) => targets.length > 0 && targets.every(({ met }) => met));
  const where = meeting.length === 0 ? 'nowhere in this range' : meeting.map((stretch) => stretchText(sweep, stretch)).join(', and ');
  return `${count === 1 ? 'The target is met' : `The ${count} targets are met together`} ${where}.`;
}

/** `for c up to 9`, `for c from 12`, `for lambda from 300/s to 500/s`, `throughout`. */
function stretchText({ points, swept }: TheorySweep, [first, last]: Stretch): string {
  const text = (index: number) => exactText(points[index]!.value, swept.quantity);
  if (first === 0 && last === points.length - 1) return 'throughout this range';
  if (first === last) return `for ${swept.parameter} = ${text(first)}`;
  if (first === 0) return `for ${swept.parameter} up to ${text(last)}`;
  if (last === points.length - 1) return `for ${swept.parameter} from ${text(first)} on`;
  return `for ${swept.parameter} from ${text(first)} to ${text(last)}`;
}
