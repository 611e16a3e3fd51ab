/** Options that several commands share, read and refused the same way. */
import { type Command, InvalidArgumentError } from 'commander';

export interface ScenarioOptions {
  readonly seed?: number;
  readonly set?: readonly string[];
  readonly variant?: string;
  readonly allowPath?: readonly string[];
}

export function addScenarioOptions(command: Command): Command {
  return addSettingOptions(command).option('--variant <name>', 'the variant of the scenario that is meant');
}

/** The words by which a command line names the same scenario again. */
export function scenarioWords(file: string, seed: number, { set = [], variant, allowPath = [] }: ScenarioOptions): string[] {
  return [
    file, '--seed', String(seed), ...(variant === undefined ? [] : ['--variant', variant]),
    ...set.flatMap((each) => ['--set', each]), ...allowPath.flatMap((folder) => ['--allow-path', folder]),
  ];
}

export function addSettingOptions(command: Command): Command {
  return command
    .option('--seed <number>', 'the seed to use instead of that of the file', readSeed)
    .option('--set <path=value>', 'change a setting, as in params.load=80/s; may be given again', collect)
    .option('--allow-path <dir>', 'a folder outside the scenario\'s own that it may read from; may be given again', collect);
}

export function readSeed(text: string): number {
  return readWholeNumber(text, 0, 'a seed is a whole number from 0 to 9007199254740991');
}

export function readEventLimit(text: string): number {
  return readWholeNumber(text, 1, 'a number of events is a whole number above zero, as in 5000000 or 5e6');
}

function readWholeNumber(text: string, min: number, wanted: string): number {
  const value = /^\d+(e\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < min) throw new InvalidArgumentError(`${wanted}.`);
  return value;
}

/** A whole number of something, between bounds. */
export function readCount(text: string, min: number, max: number, wanted: string): number {
  const value = readWholeNumber(text, min, wanted);
  if (value > max) throw new InvalidArgumentError(`${wanted}.`);
  return value;
}

/** A time, as in 60s. @returns milliseconds */
export function readMilliseconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|min|h)$/.exec(text);
  if (match === null || Number(match[1]) === 0) throw new InvalidArgumentError('a time has a unit, as in 60s or 5m.');
  return Number(match[1]) * { ms: 1, s: 1e3, m: 60e3, min: 60e3, h: 3.6e6 }[match[2] as 'ms' | 's' | 'm' | 'min' | 'h'];
}

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
