/** One message's life for a terminal. */
import pc from 'picocolors';
import type { Explanation } from '../scenarios/result.ts';
import { wrap } from './wrapping.ts';

/** @param width of the terminal; lines are not broken below 60 columns */
export function formatExplanation(explanation: Explanation, { colour, width }: { colour: boolean; width: number }): string {
  const { bold, dim, yellow } = pc.createColors(colour);
  const head = `${bold(explanation.message)} in ${explanation.scenario}, seed ${explanation.seed}`;
  const indent = 17;
  const room = Math.max(60, width) - indent;
  const lines = [
    ...explanation.life.map((line) => ({ at: line.at, text: line.where === '' ? line.text : `${line.where}: ${line.text}`, isFault: false })),
    ...faultLines(explanation),
  ].sort((one, other) => one.at - other.at || Number(other.isFault) - Number(one.isFault));
  const body = lines.flatMap((line) => {
    const [first, ...rest] = wrap(line.text, room, 0, 0).map((text) => (line.isFault ? yellow(text) : text));
    return [`${dim(`${line.at.toFixed(6).padStart(indent - 4)} s`)}  ${first}`, ...rest.map((text) => ' '.repeat(indent) + text)];
  });
  const whole = Math.max(60, width);
  const broke = explanation.broken.flatMap(({ claim, id, at, summary }, index) => wrap(`It breaks ${claim} (${id})${index === 0 && explanation.broken.length > 1 ? ', first of all,' : ''} at ${at.toFixed(6)} s: ${summary}`, whole, 0, 2));
  return [head, '', ...body, '', ...wrap(explanation.fate, whole, 0, 0), ...broke, ...spentLines(explanation)].join('\n');
}

/** Parts of its sojourn, which add up to it. */
function spentLines({ spent }: Explanation): string[] {
  if (spent.length === 0) return [];
  const all = spent.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
  const line = (nanoseconds: number, text: string): string => `${(nanoseconds / 1e9).toFixed(9).padStart(18)} s  ${text}`;
  return ['', 'Where its time went', ...spent.map(({ part, nanoseconds }) => line(nanoseconds, part)), line(all, 'in all')];
}

/** Faults begin and end between the lines of the message's life. */
function faultLines({ faults, life }: Explanation): { at: number; text: string; isFault: boolean }[] {
  const last = life[life.length - 1]!.at;
  return faults.flatMap(({ id, label, target, begin, end }) => {
    const begins = { at: begin, text: `--- ${id} begins: ${label} ${target}`, isFault: true };
    return end === null || end > last ? [begins] : [begins, { at: end, text: `--- ${id} ends`, isFault: true }];
  });
}
