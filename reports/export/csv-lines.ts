/** Lines of comma-separated values, RFC 4180. */

/** Not observed is an empty cell. */
export type Value = string | number | null;

export function csv(lines: readonly (readonly Value[])[]): string {
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** Text that a spreadsheet would run as a formula gets an apostrophe before it. */
function cell(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) || harmless !== value ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
