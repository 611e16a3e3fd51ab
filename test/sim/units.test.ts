import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes, formatDuration, formatRate, nanosMax, parseBandwidth, parseBytes, parseDuration, parseProbability, parseRate, parseSeconds, toSeconds,
  UnitError,
} from '../../sim/units.ts';

const parsers = { parseDuration, parseSeconds, parseRate, parseBytes, parseBandwidth, parseProbability };

describe('durations', () => {
  it.each([
    ['5ms', 5e6], ['1.5s', 1.5e9], ['250us', 250e3], ['3µs', 3000], ['3μs', 3000], ['1h30m', 5400e9], ['1h 30m', 5400e9], ['2min', 120e9],
    ['1d', 86_400e9], ['0', 0], ['0s', 0], [' 7ns ', 7], ['.5ms', 5e5], ['1e3ms', 1e9], ['1e-3s', 1e6], ['0.4ns', 0], ['0.6ns', 1], ['5 ms', 5e6],
  ])('reads %s', (text, nanos) => {
    expect(parseDuration(text)).toBe(nanos);
  });

  it.each([
    '', ' ', '5', '-5ms', '+5ms', '5mss', '5MS', '1.5.5s', '1,5s', 'ms', '5ms!', '5m s', '1h-30m', 'NaN', 'Infinity', 'NaNms', '0x10ms', '１ms', '5_000ms',
    '1constructor', '1__proto__', '1toString', '1hasOwnProperty', '5ms\n5', '5ms\u0000', '1e999s', '1e400ms', '105d', '${1}ms', '5 m/s', '1.ms', 'e5s',
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(UnitError);
  });

  it('holds up to 104 days', () => {
    expect(parseDuration(`${nanosMax}ns`)).toBe(nanosMax);
    expect(() => parseDuration('9007199254740993ns')).toThrow('too long');
  });
});

describe('seconds', () => {
  it.each([
    ['10ms', 0.01], ['0.4ns', 4e-10], ['1h30m', 5400], ['200d', 17_280_000], ['2w', 1_209_600], ['3y', 94_608_000], ['1y6h', 31_557_600], ['0', 0], ['1e30y', 3.1536e37],
  ])('reads %s without rounding it to what can be simulated', (text, seconds) => {
    expect(parseSeconds(text)).toBe(seconds);
  });

  it.each(['', '5', '-5ms', '5yy', '1e999s', '1constructor', '1,5s', '900/s'])('refuses %j', (text) => {
    expect(() => parseSeconds(text)).toThrow(UnitError);
  });
});

describe('other quantities', () => {
  it('reads rates per any time', () => {
    expect(parseRate('200/s')).toBe(200);
    expect(parseRate('12000/min')).toBe(200);
    expect(parseRate('5/h')).toBeCloseTo(5 / 3600, 15);
    expect(parseRate('3 msgs / s')).toBe(3);
    expect(parseRate('1/ms')).toBe(1000);
    expect(parseRate('0/s')).toBe(0);
  });

  it('reads sizes, decimal and binary', () => {
    expect(parseBytes('512B')).toBe(512);
    expect(parseBytes('2kB')).toBe(2000);
    expect(parseBytes('2KB')).toBe(2000);
    expect(parseBytes('2KiB')).toBe(2048);
    expect(parseBytes('1.5MiB')).toBe(1_572_864);
    expect(parseBytes('1TiB')).toBe(1_099_511_627_776);
  });

  it('reads bandwidths in bits and in bytes', () => {
    expect(parseBandwidth('1Gbit/s')).toBe(125e6);
    expect(parseBandwidth('100MB/s')).toBe(100e6);
    expect(parseBandwidth('8bit/s')).toBe(1);
    expect(parseBandwidth('60kB/min')).toBe(1000);
    expect(() => parseBandwidth('0MB/s')).toThrow('never send');
  });

  it('reads probabilities and percentages', () => {
    expect(parseProbability('0.5%')).toBe(0.005);
    expect(parseProbability('0.005')).toBe(0.005);
    expect(parseProbability('100%')).toBe(1);
    expect(parseProbability('0')).toBe(0);
  });

  it.each([
    ['parseRate', ['200', '200/', '/s', '200/constructor', '200/S', '-1/s', '1/0s', '1e999/s', '2/s/s', '200/µs', '1 2/s']],
    ['parseBytes', ['2', 'kB', '2kb', '2 k B', '-2kB', '1constructor', '1toString', '2kiB', '1e30TB', '2B/s', '']],
    ['parseBandwidth', ['1Gbit', '1/s', '1GB/constructor', '1valueOf/s', '-1MB/s', '1e999MB/s', '1Gbps']],
    ['parseProbability', ['1.1', '101%', '-0.1', '%', '0.5%%', '5ms', 'NaN', '', '1e3%', '0,5']],
  ] as const)('%s refuses nonsense', (parser, texts) => {
    for (const text of texts) expect(() => parsers[parser](text), text).toThrow(UnitError);
  });
});

describe('hostile text', () => {
  it('is refused with a UnitError and a hint, or read as a number, and never anything else', () => {
    const piece = fc.constantFrom('1', '9', '.', 'e', '-', '+', ' ', 'm', 's', 'ms', '/', '%', 'B', 'k', 'Gbit', '__proto__', '\u0000', '💥', '\n', '0x', 'Infinity');
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')));
    fc.assert(fc.property(text, fc.constantFrom(...Object.values(parsers)), (written, parse) => {
      const { value, error } = attempt(() => parse(written));
      expect(error === undefined ? value >= 0 && value < Infinity : error instanceof UnitError && error.hint !== '').toBe(true);
    }), { seed: 1, numRuns: 2000 });
  });

  it.each(['9', ' ', 'a', '1ms ', '1e', '.', '9/'])('is refused when there is much of it (%j)', (repeated) => {
    const text = repeated.repeat(200_000);
    for (const parse of Object.values(parsers)) {
      const { error } = attempt(() => parse(`1${text}/s`));
      expect(error).toBeInstanceOf(UnitError);
      expect((error as UnitError).message.length).toBeLessThan(200);
    }
  });
});

describe('printing', () => {
  it.each([
    [0, '0 ns'], [999, '999 ns'], [1500, '1.5 µs'], [35e6, '35 ms'], [1.5e9, '1.5 s'], [90e9, '90 s'], [120e9, '2 min'], [5400e9, '90 min'], [36e12, '10 h'],
    [-35e6, '-35 ms'], [Infinity, 'for ever'], [1_234_567, '1.23 ms'],
  ])('prints %d ns as %s', (nanos, text) => {
    expect(formatDuration(nanos)).toBe(text);
  });

  it('prints rates and sizes', () => {
    expect(formatRate(200)).toBe('200/s');
    expect(formatRate(0.0123)).toBe('0.0123/s');
    expect([512, 2000, 1.5e6, 3e9].map(formatBytes)).toEqual(['512 B', '2 kB', '1.5 MB', '3 GB']);
  });

  it('prints what can be read again, within three digits', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e15 }), (nanos) => {
      expect(Math.abs(parseDuration(formatDuration(nanos)) / nanos - 1)).toBeLessThanOrEqual(0.005);
    }), { seed: 2, numRuns: 1000 });
  });

  it('counts seconds', () => {
    expect(toSeconds(1.5e9)).toBe(1.5);
  });
});

function attempt(read: () => number): { value: number; error?: unknown } {
  try {
    return { value: read() };
  } catch (error) {
    return { value: Number.NaN, error };
  }
}
