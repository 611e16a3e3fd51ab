/**
 * Planted bugs × guarantees, as a table: `npm run matrix -- [--json]`. Exits with 1 when a bug survives or a guarantee catches nothing.
 */
import { parseArgs } from 'node:util';
import { claimNames, invariants } from '../../models/invariants/index.ts';
import { idle, matrix, type Row, survivors } from './matrix.ts';

function main(): number {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const rows = matrix();
  const [surviving, catching] = [survivors(rows), idle(rows)];
  if (values.json) process.stdout.write(`${JSON.stringify({ rows, survivors: surviving, idle: catching }, undefined, 2)}\n`);
  else process.stdout.write(asText(rows));
  for (const { broker, bug } of surviving) process.stderr.write(`no guarantee catches a ${broker} that ${bug}\n`);
  for (const claim of catching) process.stderr.write(`${claim} catches nothing\n`);
  return surviving.length + catching.length > 0 ? 1 : 0;
}

/** Guarantees stand above their columns by their numbers, read from above; bugs to the right of their rows. */
function asText(rows: readonly Row[]): string {
  const ids = claimNames.map((claim) => invariants[claim].id);
  const height = Math.max(...ids.map((id) => id.length));
  const head = Array.from({ length: height }, (_, line) => ids.map((id) => id.padStart(height)[line]).join(' ').trimEnd());
  const body = rows.map((row) => `${claimNames.map((claim) => mark(row, claim)).join(' ')}  ${row.broker}: ${row.bug}${row.otherwise === undefined ? '' : ` → ${row.otherwise}`}`);
  const caught = claimNames.map((claim) => `${invariants[claim].id} ${claim} catches ${rows.filter(({ caughtBy }) => caughtBy.includes(claim)).length}`);
  return `${[
    ...head, ...body, '', '● catches the bug, which a healthy broker does not do   × broken by a healthy one too   · keeps   ? not tried there',
    ...caught, '', `${rows.length} bugs, ${survivors(rows).length} survive`,
  ].join('\n')}\n`;
}

function mark({ caughtBy, brokenAnyway, untried }: Row, claim: Row['caughtBy'][number]): string {
  if (caughtBy.includes(claim)) return '●';
  if (brokenAnyway.includes(claim)) return '×';
  return untried.includes(claim) ? '?' : '·';
}

process.exitCode = main();
