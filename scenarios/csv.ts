/**
 * Comma-separated values (RFC 4180), also with semicolons or tabs: the first row names the columns, a field in double
 * quotes may contain separators, line breaks and doubled quotes, and empty lines are skipped.
 */

export interface Field {
  readonly text: string;
  /** Offset in the file of the first character, an opening quote included. */
  readonly start: number;
  readonly end: number;
}
export interface Row {
  /** Rows count from 1, and the first one names the columns. */
  readonly number: number;
  readonly fields: readonly Field[];
}

/** A quote that is never closed, or text after a closing quote. */
export class BrokenCsv extends Error {
  readonly row: number;
  readonly at: number;
  constructor(row: number, at: number) {
    super(`broken quote in row ${row}`);
    this.name = 'BrokenCsv';
    this.row = row;
    this.at = at;
  }
}

/** @throws BrokenCsv */
export function* csvRows(text: string): Generator<Row> {
  const separator = separatorOf(text);
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (let number = 1; at < text.length; number++) {
    const fields: Field[] = [];
    let more = true;
    while (more) {
      const field = text[at] === '"' ? quotedField(text, at, number) : plainField(text, at, separator);
      fields.push(field);
      more = text[field.end] === separator;
      if (!more && field.end < text.length && text[field.end] !== '\n' && text[field.end] !== '\r') throw new BrokenCsv(number, field.end);
      at = field.end + 1;
    }
    if (text[at - 1] === '\r' && text[at] === '\n') at++;
    if (fields.length > 1 || fields[0]!.text.trim() !== '') yield { number, fields };
  }
}

function plainField(text: string, start: number, separator: string): Field {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end++;
  return { text: text.slice(start, end), start, end };
}

function quotedField(text: string, start: number, row: number): Field {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) throw new BrokenCsv(row, start);
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { text: value, start, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

/** The separator that the first line has most of, outside of quotes. */
function separatorOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const header = (end === -1 ? text : text.slice(0, end)).replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((separator) => header.split(separator).length);
  return [',', ';', '\t'][counts.indexOf(Math.max(...counts))]!;
}
