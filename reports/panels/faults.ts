import type { RunResult } from '../../scenarios/result.ts';
import { html } from '../html.ts';
import { count, instant } from '../numbers.ts';
import { type Block, figures, type Panel, passage, table, words } from '../panel.ts';
import { refusalReason } from '../verdict-words.ts';

export const faults: Panel = {
  id: 'faults',
  title: 'Faults',
  question: 'What was broken, when, and did it change anything?',
  render(result) {
    return [...faultTable(result), ...alarmTable(result), ...refusalTable(result)];
  },
};

function alarmTable({ alarms }: RunResult): readonly Block[] {
  if (alarms.length === 0) return [];
  const columns = [words('Node'), words('Short of'), figures('From'), figures('To'), figures('Connections blocked')];
  const rows = alarms.map(({ node, resource, begin, end, connectionsBlocked }) => [html`<code>${node}</code>`, resource, instant(begin), end === null ? 'never' : instant(end), count(connectionsBlocked)]);
  return [table('Alarms of brokers', columns, rows, 'While one is raised, no node of its cluster reads a connection that publishes.')];
}

function refusalTable({ refusals }: RunResult): readonly Block[] {
  if (refusals.length === 0) return [];
  const columns = [words('User'), words('Broker'), words('Could not'), words('Why'), figures('Times'), figures('First'), figures('Last')];
  const rows = refusals.map((refusal) => [html`<code>${refusal.user}</code>`, html`<code>${refusal.broker}</code>`, refusal.what, refusalReason(refusal), count(refusal.count), instant(refusal.first), instant(refusal.last)]);
  return [table('What users were refused', columns, rows, 'A refusal ends the connection, and with it what was sent on it and not yet read.')];
}

function faultTable(result: RunResult): readonly Block[] {
  if (result.faults.length === 0) return [passage(html`<p>No fault struck.</p>`)];
  const columns = [words('Fault'), words('What'), words('Target'), figures('Begin'), figures('End'), words('What it changed'), figures('Changes')];
  const rows = result.faults.map((fault) => [
    fault.id, fault.label, html`<code>${fault.target}</code>`, instant(fault.begin), fault.end === null ? 'never' : instant(fault.end),
    fault.effect === '' ? html`<strong>nothing</strong>` : fault.effect, count(fault.changed),
  ]);
  const idle = result.faults.some((fault) => fault.effect === '');
  return [table('Faults, as they struck', columns, rows, idle ? 'A fault that changed nothing has proven nothing: look at its target and its time.' : undefined)];
}
