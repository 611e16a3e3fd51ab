/**
 * Quantities and identities.
 *
 * A quantity is a *flavour*: a bare number fits, two different quantities never mix, and arithmetic stays readable.
 * An identity is a *brand*: only its owner makes one, and swapping two does not compile.
 */
export type Nanos = number & { readonly __unit?: 'ns' };
export type Bytes = number & { readonly __unit?: 'bytes' };
export type PerSecond = number & { readonly __unit?: 'per second' };
export type BytesPerSecond = number & { readonly __unit?: 'bytes per second' };
export type Probability = number & { readonly __unit?: 'probability' };

declare const identity: unique symbol;
export type Id<Name extends string> = number & { readonly [identity]: Name };

export const nanosPerSecond = 1_000_000_000;
/** The longest time that integer nanoseconds in a double can hold: 104 days. */
export const nanosMax: Nanos = Number.MAX_SAFE_INTEGER;

/** What was wrong with a quantity that somebody wrote, and what to write instead. */
export class UnitError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UnitError';
    this.hint = hint;
  }
}

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, min: 60e9, m: 60e9, h: 3600e9, d: 86_400e9,
};
const calendarUnits: Readonly<Record<string, number>> = { ...durationUnits, w: 7 * 86_400e9, y: 365 * 86_400e9 };
const perUnits: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, min: 60, m: 60, h: 3600, d: 86_400 };
const byteUnits: Readonly<Record<string, number>> = {
  B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12,
  KiB: 1024, MiB: 1024 * 1024, GiB: 1024 * 1024 * 1024, TiB: 1024 * 1024 * 1024 * 1024,
};
const bitUnits: Readonly<Record<string, number>> = { bit: 1 / 8, kbit: 1e3 / 8, Mbit: 1e6 / 8, Gbit: 1e9 / 8, Tbit: 1e12 / 8 };

const decimal = String.raw`(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?`;
const ratePattern = new RegExp(String.raw`^(${decimal})\s*(?:[A-Za-z]+)?\s*/\s*([a-z]+)$`);
const bytesPattern = new RegExp(String.raw`^(${decimal})\s*([A-Za-z]+)$`);
const bandwidthPattern = new RegExp(String.raw`^(${decimal})\s*([A-Za-z]+)\s*/\s*([a-z]+)$`);
const probabilityPattern = new RegExp(String.raw`^(${decimal})\s*(%?)$`);
const durationPart = new RegExp(String.raw`(${decimal})\s*([a-zµμ]+)`, 'y');

/** Reads `5ms`, `1.5s`, `1h30m`; whole nanoseconds. @throws UnitError */
export function parseDuration(text: string): Nanos {
  return boundedNanos(sumOfParts(text, durationUnits), text);
}

/**
 * Reads the same, and weeks and years (`2w`, `3y`, of 365 days), as seconds: neither rounded nor bounded, for what is
 * computed and not simulated. @throws UnitError
 */
export function parseSeconds(text: string): number {
  return finite(sumOfParts(text, calendarUnits) / nanosPerSecond, text, 'duration');
}

function sumOfParts(text: string, units: Readonly<Record<string, number>>): number {
  const source = bounded(text);
  if (source === '0') return 0;
  let total = 0;
  let at = 0;
  while (at < source.length) {
    durationPart.lastIndex = at;
    const match = durationPart.exec(source);
    const unit = match === null ? undefined : lookUp(units, match[2]!);
    if (match === null || unit === undefined) throw notADuration(text);
    total += Number(match[1]) * unit;
    at = durationPart.lastIndex;
    while (source[at] === ' ') at++;
  }
  if (source === '') throw notADuration(text);
  return total;
}

/** Reads `200/s`, `12000/min`, `0.5/h`; per second. @throws UnitError */
export function parseRate(text: string): PerSecond {
  const match = ratePattern.exec(bounded(text));
  const per = match === null ? undefined : lookUp(perUnits, match[2]!);
  if (match === null || per === undefined) {
    throw new UnitError(`"${text}" is not a rate`, 'write a number and a time, as in 200/s, 12000/min or 5/h');
  }
  return finite(Number(match[1]) / per, text, 'rate');
}

/** Reads `2kB`, `1.5MiB`, `512B`; whole bytes. @throws UnitError */
export function parseBytes(text: string): Bytes {
  const match = bytesPattern.exec(bounded(text));
  const unit = match === null ? undefined : lookUp(byteUnits, match[2]!);
  if (match === null || unit === undefined) {
    throw new UnitError(`"${text}" is not a size`, 'write a number and a unit, as in 512B, 2kB (2000 bytes) or 2KiB (2048 bytes)');
  }
  const bytes = Math.round(Number(match[1]) * unit);
  if (bytes > Number.MAX_SAFE_INTEGER) throw new UnitError(`"${text}" is too large`, 'a size is below 9 PB');
  return bytes;
}

/** Reads `1Gbit/s`, `100MB/s`; bytes per second. @throws UnitError */
export function parseBandwidth(text: string): BytesPerSecond {
  const match = bandwidthPattern.exec(bounded(text));
  const unit = match === null ? undefined : (lookUp(bitUnits, match[2]!) ?? lookUp(byteUnits, match[2]!));
  const per = match === null ? undefined : lookUp(perUnits, match[3]!);
  if (match === null || unit === undefined || per === undefined) {
    throw new UnitError(`"${text}" is not a bandwidth`, 'write a size per time, as in 1Gbit/s or 100MB/s');
  }
  const value = finite((Number(match[1]) * unit) / per, text, 'bandwidth');
  if (value <= 0) throw new UnitError(`"${text}" would never send anything`, 'a bandwidth is above zero; for a dead link use a partition');
  return value;
}

/** Reads `0.5%` or `0.005`; between 0 and 1. @throws UnitError */
export function parseProbability(text: string): Probability {
  const match = probabilityPattern.exec(bounded(text));
  const value = match === null ? Number.NaN : match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]);
  if (!(value >= 0 && value <= 1)) {
    throw new UnitError(`"${text}" is not a probability`, 'write a number from 0 to 1, or a percentage from 0% to 100%');
  }
  return value;
}

/** Prints a time in the unit a person would choose: `35 ms`, `1.5 s`, `2 min`. */
export function formatDuration(time: Nanos): string {
  if (!Number.isFinite(time)) return time > 0 ? 'for ever' : String(time);
  const size = Math.abs(time);
  if (size < 1e3) return `${round(time)} ns`;
  if (size < 1e6) return `${round(time / 1e3)} µs`;
  if (size < 1e9) return `${round(time / 1e6)} ms`;
  if (size < 120e9) return `${round(time / 1e9)} s`;
  if (size < 7200e9) return `${round(time / 60e9)} min`;
  return `${round(time / 3600e9)} h`;
}

export function formatRate(rate: PerSecond): string {
  return `${round(rate)}/s`;
}

export function formatBytes(bytes: Bytes): string {
  if (bytes < 1e3) return `${round(bytes)} B`;
  if (bytes < 1e6) return `${round(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${round(bytes / 1e6)} MB`;
  return `${round(bytes / 1e9)} GB`;
}

export function toSeconds(time: Nanos): number {
  return time / nanosPerSecond;
}

/** Longer text is no quantity, and must not keep a pattern busy or fill an error message. */
const textLengthMax = 100;

function bounded(text: string): string {
  if (text.length > textLengthMax) throw new UnitError(`"${text.slice(0, 20)}…" is not a quantity`, 'write a number and its unit');
  return text.trim();
}

/** Own properties only, so that `1constructor` is not a unit. */
function lookUp(units: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(units, name) ? units[name] : undefined;
}

function notADuration(text: string): UnitError {
  return new UnitError(`"${text}" is not a duration`, 'write a number and a unit, as in 250us, 5ms, 1.5s, 2m, 1h30m or 1d');
}

function boundedNanos(value: number, text: string): Nanos {
  const rounded = Math.round(value);
  if (!(rounded <= nanosMax)) throw new UnitError(`"${text}" is too long`, 'a simulated time is below 104 days');
  return rounded;
}

function finite(value: number, text: string, what: string): number {
  if (!Number.isFinite(value)) throw new UnitError(`"${text}" is too large for a ${what}`, `write a ${what} that fits a double`);
  return value;
}

/** Three significant digits, without trailing zeros and without an exponent for everyday sizes. */
function round(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-3)) return value.toExponential(2);
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
