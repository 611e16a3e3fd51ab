/** All that happened within a window of time: for a terminal, and as blocks of a page. */
import pc from 'picocolors';
import type { WindowStory } from '../scenarios/result.ts';
import { html } from './html.ts';
import { count, instant, plural } from './numbers.ts';
import { type Block, figures, passage, table, words } from './panel.ts';
import { spaceTime } from './space-time.ts';
import { wrap } from './wrapping.ts';

/** Rows of the table of a page; the JSON has all. */
const rowsMax = 2000;

const summaryOf = ({ life, messages, left }: WindowStory): string => `${plural(life.length + left, 'event')} of ${plural(messages, 'message')}${left > 0 ? `, of which the first ${count(life.length)} are told` : ''}.`;

/** @param width of the terminal; lines are not broken below 60 columns */
export function formatWindow(window: WindowStory, { colour, width }: { colour: boolean; width: number }): string {
  const { bold, dim, yellow } = pc.createColors(colour);
  const indent = 17;
  const faults = window.faults.flatMap(({ id, label, target, begin, end }) => [
    { at: Math.max(begin, window.from), text: `--- ${id} ${begin < window.from ? 'is active' : 'begins'}: ${label} ${target}`, isFault: true },
    ...(end === null || end > window.to ? [] : [{ at: end, text: `--- ${id} ends`, isFault: true }]),
  ]);
  const lines = [...window.life.map(({ at, message, where, text }) => ({ at, text: `${message} ${where === '' ? '' : `${where}: `}${text}`, isFault: false })), ...faults].sort((one, other) => one.at - other.at || Number(other.isFault) - Number(one.isFault));
  const body = lines.flatMap(({ at, text, isFault }) => {
    const [first, ...rest] = wrap(text, Math.max(60, width) - indent, 0, 0).map((each) => (isFault ? yellow(each) : each));
    return [`${dim(`${at.toFixed(6).padStart(indent - 4)} s`)}  ${first}`, ...rest.map((each) => ' '.repeat(indent) + each)];
  });
  return [`${bold(`${instant(window.from)} to ${instant(window.to)}`)} in ${window.scenario}, seed ${window.seed}`, '', ...body, ...(body.length > 0 ? [''] : []), summaryOf(window)].join('\n');
}

export function windowBlocks(window: WindowStory): readonly Block[] {
  const { life, from, to } = window;
  const title = `From ${instant(from)} to ${instant(to)}`;
  if (life.length === 0) return [passage(html`<p>Nothing happened to any message.</p>`)];
  const { spec, left } = spaceTime(window);
  const rows = life.slice(0, rowsMax).map(({ at, message, where, text, during }) => [instant(at), message!, where, text, during.join(', ')]);
  return [passage(html`<p>${summaryOf(window)}</p>`), {
    kind: 'chart', id: 'life', title, overTime: false, still: spec,
    label: `${title}: ${life.slice(0, 40).map(({ at, message, text }) => `${instant(at)} ${message} ${text}`).join('; ')}.`,
    note: `From top to bottom in the order of time, one row for each thing that happened; bands are faults.${left > 0 ? ` ${left} rows in the middle are left out.` : ''}`,
    table: table(life.length > rowsMax ? `${title}: the first ${count(rowsMax)} events` : title, [figures('When'), words('Message'), words('Where'), words('What'), words('During')], rows),
  }];
}
