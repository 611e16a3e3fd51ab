/** Fills settings that are recorded in CSV files: each named column, in base units, into the field that wants it. */
import { basename } from 'node:path';
import type { CsvColumn, CsvSource } from '../models/settings.ts';
import { parseBytes, parseDuration, UnitError } from '../sim/units.ts';
import { BrokenCsv, csvRows, type Row } from './csv.ts';
import type { Files } from './files.ts';
import { findSetting, type Located } from './located.ts';
import * as say from './messages.ts';
import type { Parts } from './parts.ts';
import { errorAt, type Finding, type Path, type Problem } from './problem.ts';
import { type Place, Source } from './source.ts';
import { nearest } from './suggest.ts';
import { decodeText } from './text.ts';

const fileBytesMax = 64_000_000;

/** The settings are fresh from their schema, so that filling their fields changes nothing of anybody else's. */
export function readRecordings(parts: Parts, root: Located, files: Files): Problem[] {
  const reader = new RecordingReader(root, files);
  for (const [name, part] of parts.brokers ?? []) reader.fill(part.spec, ['brokers', name]);
  for (const [name, part] of parts.producers ?? []) reader.fill(part, ['producers', name]);
  for (const [name, part] of parts.consumers ?? []) reader.fill(part, ['consumers', name]);
  reader.fill(parts.network, ['network']);
  parts.faults.forEach((fault, index) => reader.fill(fault, ['faults', index]));
  return reader.problems;
}

class RecordingReader {
  readonly problems: Problem[] = [];
  private readonly root: Located;
  private readonly files: Files;
  private readonly sources = new Map<string, Source | undefined>();

  constructor(root: Located, files: Files) {
    this.root = root;
    this.files = files;
  }

  /** Looks through settings of any shape for those that name a file and its columns. */
  fill(settings: unknown, path: Path): void {
    if (typeof settings !== 'object' || settings === null) return;
    if (isCsvSource(settings)) this.fillColumns(settings, path);
    else for (const [key, value] of Object.entries(settings)) this.fill(value, [...path, Array.isArray(settings) ? Number(key) : key]);
  }

  private fillColumns(settings: CsvSource, path: Path): void {
    const place = findSetting(this.root, [...path, 'file']).node.place;
    const source = this.source(settings.file, place, path);
    if (source === undefined) return;
    try {
      const rows = csvRows(source.text);
      const first = rows.next();
      if (first.done === true) return this.refuse(place, path, say.emptyCsv(settings.file));
      const columns = this.columns(settings, first.value, source, path);
      const count = this.readRows(rows, columns, source, path);
      if (count === 0) return this.refuse(place, path, say.emptyCsv(settings.file));
      for (const column of columns) (settings as unknown as Record<string, unknown>)[column.field] = column.values;
    } catch (error) {
      if (!(error instanceof BrokenCsv)) throw error;
      this.refuse({ source, start: error.at, end: error.at + 1 }, path, say.brokenQuote(error.row));
    }
  }

  private source(file: string, place: Place, path: Path): Source | undefined {
    const read = this.files.read(file, place.source.file, fileBytesMax);
    if (!read.ok) {
      this.refuse(place, [...path, 'file'], read.finding);
      return undefined;
    }
    if (!this.sources.has(read.id)) {
      const { text, badAt } = decodeText(read.bytes);
      const source = new Source(read.file, text);
      this.sources.set(read.id, badAt === undefined ? source : undefined);
      if (badAt !== undefined) this.refuse({ source, start: badAt, end: badAt + 1 }, path, say.notUtf8(text.includes('\0')));
    }
    return this.sources.get(read.id);
  }

  private columns(settings: CsvSource, header: Row, source: Source, path: Path): Column[] {
    const names = header.fields.map((field) => field.text.trim());
    return Object.entries(settings.columns).flatMap(([field, { column, unit }]: [string, CsvColumn]) => {
      const index = names.indexOf(column);
      const base = baseUnits(field, unit);
      const [columnKey, unitKey] = field === 'times' || field === 'values' ? ['column', 'unit'] : columnKeys[field]!;
      if (index === -1) this.refuseSetting([...path, columnKey], say.noSuchColumn(column, basename(source.file), nearest(column, names), names));
      if (base === undefined) this.refuseSetting([...path, unitKey], say.unknownUnit(unit));
      return index === -1 || base === undefined ? [] : [{ field, name: column, index, base, whole: unit !== '' || field === 'times', values: [] }];
    });
  }

  /** A column ends at its first field that does not fit: in a file of the wrong form every row has one. */
  private readRows(rows: Iterable<Row>, columns: readonly Column[], source: Source, path: Path): number {
    let sound = [...columns];
    let count = 0;
    for (const row of rows) {
      count++;
      sound = sound.filter((column) => {
        const refused = takeField(column, row);
        if (refused === undefined) return true;
        const { start, end } = row.fields[column.index] ?? { start: row.fields[0]!.start, end: row.fields.at(-1)!.end };
        this.refuse({ source, start, end }, path, refused);
        return false;
      });
      if (sound.length === 0) break;
    }
    return count;
  }

  private refuseSetting(path: Path, finding: Finding): void {
    this.refuse(findSetting(this.root, path).node.place, path, finding);
  }

  private refuse(place: Place, path: Path, finding: Finding): void {
    this.problems.push(errorAt(place, path, finding));
  }
}

interface Column {
  readonly field: string;
  readonly name: string;
  readonly index: number;
  readonly base: number;
  /** Base units are whole. */
  readonly whole: boolean;
  readonly values: number[];
}

/** Adds the row's number to the column, or says why it cannot. */
function takeField(column: Column, row: Row): Finding | undefined {
  const written = row.fields[column.index];
  if (written === undefined) return say.tooFewFields(row.number, row.fields.length, column.index + 1);
  const value = numberOf(written.text) * column.base;
  const wanted = wantedIn[column.field] ?? anyNumber;
  if (!wanted.fits(value)) return say.badField(column.name, row.number, written.text, wanted.words);
  const last = column.values.at(-1) ?? 0;
  if (column.field === 'times' && value < last) return say.timesDecrease(column.name, row.number, written.text);
  column.values.push(column.whole ? Math.round(value) : value);
  return undefined;
}

interface Wanted {
  readonly words: string;
  fits(value: number): boolean;
}
const anyNumber: Wanted = { words: 'a number from 0', fits: (value) => value >= 0 && value <= Number.MAX_SAFE_INTEGER };
const wantedIn: Readonly<Record<string, Wanted>> = {
  keys: { words: 'a whole number from 0 to 2147483647', fits: (value) => Number.isInteger(value) && value >= 0 && value < 2_147_483_648 },
  priorities: { words: 'a whole number from 0 to 255', fits: (value) => Number.isInteger(value) && value >= 0 && value <= 255 },
};
/** The settings that named the column of a field, and its unit. */
const columnKeys: Readonly<Record<string, readonly [string, string]>> = {
  sizes: ['sizeColumn', 'sizeUnit'], keys: ['keyColumn', 'keyColumn'], priorities: ['priorityColumn', 'priorityColumn'],
};

function isCsvSource(settings: object): settings is CsvSource {
  return 'file' in settings && 'columns' in settings;
}

/** NaN for what is no decimal number; no hexadecimal, no Infinity, no empty field. */
function numberOf(text: string): number {
  const trimmed = text.trim();
  return trimmed.length <= 100 && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** How many base units one of `unit` has. The unit of `values` was checked by the schema, which knows what is measured. */
function baseUnits(field: string, unit: string): number | undefined {
  if (unit === '') return 1;
  const parsers = field === 'times' ? [parseDuration] : field === 'sizes' ? [parseBytes] : [parseDuration, parseBytes];
  for (const parse of parsers) {
    try {
      return parse(`1${unit}`);
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
    }
  }
  return undefined;
}
