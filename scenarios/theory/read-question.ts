/** From words to a question that can be asked; or everything that is wrong with it. */
import { type Impossibility, shown } from '../../models/theory/checks.ts';
import { type Parameter, plainNumbers } from '../../models/theory/parameters.ts';
import type { TheoryModel } from '../../models/theory/theory-model.ts';
import { nearest } from '../suggest.ts';
import type { Question } from './evaluation.ts';
import { friendlyOptions, parameterCalled, setBy } from './friendly-options.ts';
import { didYouMean, type TheoryProblem } from './problem.ts';
import { NumbersAsWritten, unitNumbers } from './quantities.ts';
import { type Given, splitWords } from './question-words.ts';
import { isRange, readRange } from './range.ts';
import type { Unknown } from './solution.ts';
import { isTargetFlag, percentileOptions, percentileProblem, readTarget, type Target, targetOptions } from './targets.ts';
import { readWritten } from './written-value.ts';

/** What somebody asks of a model. */
export interface Asking {
  /** `key=value`, and options in plain words, each followed by its value. */
  readonly words: readonly string[];
  /** A parameter that is looked for. */
  readonly least?: string | undefined;
  readonly most?: string | undefined;
  /** Names of metrics, parted by commas. */
  readonly metrics?: string | undefined;
}

export interface ReadQuestion extends Question {
  readonly unknown: Unknown | undefined;
  readonly range: { readonly parameter: string; readonly values: readonly number[] } | undefined;
  /** Those that were asked for; undefined: all, or what is usual. */
  readonly metrics: readonly string[] | undefined;
  readonly units: NumbersAsWritten;
}

/** Adds to the problems; what is returned is of use only when there are none. */
export function readQuestion(asking: Asking, model: TheoryModel, problems: TheoryProblem[]): ReadQuestion {
  const reader = new QuestionReader(model, problems);
  for (const given of splitWords(asking.words, problems)) reader.take(given);
  const unknown = reader.unknown(asking);
  reader.checkParameters(unknown?.parameter);
  return {
    model, unknown, values: Object.fromEntries(reader.values), numbers: unitNumbers, targets: reader.targets, range: reader.range, units: reader.units,
    metrics: asking.metrics === undefined ? undefined : reader.chooseMetrics(asking.metrics),
  };
}

const otherFlags = ['--least', '--most', '--metrics', '--json', '--csv', '--report', '--list', '--help'];
const knownFlags: readonly string[] = [...friendlyOptions, ...targetOptions, ...percentileOptions].map(({ flag }) => flag);

class QuestionReader {
  readonly units = new NumbersAsWritten();
  readonly values = new Map<string, unknown>();
  readonly targets: Target[] = [];
  range: ReadQuestion['range'];
  private readonly model: TheoryModel;
  private readonly problems: TheoryProblem[];
  /** Parameters that something was said for, be it wrong. */
  private readonly mentioned = new Map<string, string>();
  private readonly broken = new Set<string>();
  /** Parameters that something may have been said for by what was refused: if they are missing, that is no mistake of its own. */
  private readonly meant = new Set<string>();
  /** Something is to be held to a limit, even if the limit was refused. */
  private hasAim = false;
  /** Parameters whose number was computed here, and not written. */
  private readonly computed = new Set<string>();

  constructor(model: TheoryModel, problems: TheoryProblem[]) {
    this.model = model;
    this.problems = problems;
  }

  take(given: Given): void {
    if (isTargetFlag(given.name)) this.takeTarget(given);
    else if (given.name.startsWith('-')) this.takeOption(given);
    else this.takeParameter(given);
  }

  private takeTarget({ name, text }: Given): void {
    this.hasAim = true;
    const target = text === undefined ? withoutValue(name) : readTarget(name, text, this.model);
    if ('about' in target) this.problems.push(target);
    else this.targets.push(target);
  }

  private takeOption({ name, text }: Given): void {
    const option = friendlyOptions.find(({ flag }) => flag === name);
    const set = option === undefined ? undefined : setBy(option, this.model);
    if (option === undefined) this.refuseOption(name);
    else if (set === undefined) this.problems.push({ about: name, found: `nothing that ${this.model.name} has a parameter for`, hint: `its parameters are ${Object.keys(this.model.parameters).join(', ')}` });
    else if (this.mention(set.name, name)) {
      if (text === undefined) this.refuse(set.name, withoutValue(name));
      else if (set.isInverse) this.takeInverse(set.name, name, text);
      else this.setValue(set.name, text);
    }
  }

  private refuseOption(flag: string): void {
    const percentile = percentileProblem(flag);
    const near = nearest(flag, [...knownFlags, ...otherFlags]);
    const option = friendlyOptions.find((each) => each.flag === near);
    const set = option === undefined ? undefined : setBy(option, this.model);
    if (set !== undefined) this.meant.add(set.name);
    this.hasAim ||= percentile !== undefined || (near !== undefined && isTargetFlag(near));
    this.problems.push(percentile ?? { about: flag, found: 'no option of this command', hint: near === undefined ? 'faultline theory --help lists the options' : `did you mean ${near}?` });
  }

  /** A mean time for a parameter that is a rate. */
  private takeInverse(parameter: string, flag: string, text: string): void {
    this.units.startParameter(parameter);
    const written = readWritten(flag, text);
    const seconds = written.ok ? this.units.number(written.value, 'time') : undefined;
    const rate = seconds === undefined ? NaN : 1 / seconds;
    if (rate > 0 && rate < Infinity) {
      this.values.set(parameter, rate);
      this.computed.add(parameter);
    } else this.refuse(parameter, written.ok ? { about: flag, found: shown(written.value), wanted: 'a time above zero in s', hint: this.units.hints.get(shown(written.value)) } : written.problem);
  }

  private takeParameter({ name, text }: Given): void {
    if (!Object.hasOwn(this.model.parameters, name)) {
      const names = Object.keys(this.model.parameters);
      const called = parameterCalled(name, this.model);
      const hint = called === undefined ? didYouMean(name, names) : `did you mean ${called}?`;
      const cut = name.length > 60 ? `${name.slice(0, 60)}…` : name;
      this.problems.push({ about: cut, found: `not a parameter of ${this.model.name}`, wanted: `one of ${names.join(', ')}`, hint });
    } else if (this.mention(name, name)) this.setValue(name, text!);
  }

  /** False when the parameter has been given before. */
  private mention(parameter: string, as: string): boolean {
    const before = this.mentioned.get(parameter);
    this.mentioned.set(parameter, as);
    if (before === undefined) return true;
    this.refuse(parameter, { about: as, found: before === as ? 'given twice' : `given twice: ${before} says the same`, wanted: 'one value' });
    return false;
  }

  private setValue(name: string, text: string): void {
    const { quantity } = this.model.parameters[name]!;
    this.units.startParameter(name);
    if (quantity !== undefined && isRange(text)) {
      const values = readRange(name, text, quantity, this.units.number);
      if ('about' in values) this.refuse(name, values);
      else if (this.range === undefined) this.range = { parameter: name, values };
      else this.refuse(name, { about: name, found: `a second range beside ${this.range.parameter}`, wanted: 'a single value' });
      return;
    }
    const written = readWritten(name, text);
    if (written.ok) this.values.set(name, written.value);
    else this.refuse(name, written.problem);
  }

  private refuse(parameter: string, problem: TheoryProblem): void {
    this.broken.add(parameter);
    this.problems.push(problem);
  }

  /** What is looked for: as it is said, or the number of servers where targets are given and it is left open. */
  unknown({ least, most }: Asking): Unknown | undefined {
    const parameter = least ?? most;
    if (parameter === undefined) {
      const isOpen = this.hasAim && this.range === undefined && Object.hasOwn(this.model.parameters, 'c') && !this.mentioned.has('c');
      return isOpen ? { parameter: 'c', sense: 'least', quantity: 'count' } : undefined;
    }
    const flag = least === undefined ? '--most' : '--least';
    const sense = least === undefined ? 'most' : 'least';
    const { quantity } = Object.hasOwn(this.model.parameters, parameter) ? this.model.parameters[parameter]! : ({} as Partial<Parameter>);
    const problem = this.unknownProblem(parameter, flag, quantity !== undefined);
    this.meant.add(quantity === undefined ? (nearest(parameter, Object.keys(this.model.parameters)) ?? 'c') : parameter);
    if (least !== undefined && most !== undefined) this.problems.push({ about: '--most', found: 'given beside --least', wanted: 'one of the two' });
    if (problem !== undefined) this.problems.push(problem);
    return problem === undefined ? { parameter, sense, quantity: quantity! } : undefined;
  }

  private unknownProblem(parameter: string, flag: string, isNumber: boolean): TheoryProblem | undefined {
    const numbers = Object.entries(this.model.parameters).filter(([, { quantity }]) => quantity !== undefined).map(([name]) => name);
    if (!isNumber) return { about: flag, found: shown(parameter), wanted: `a parameter of ${this.model.name} that is a number (${numbers.join(', ')})`, hint: didYouMean(parameter, numbers) };
    if (this.mentioned.has(parameter)) return { about: flag, found: `${parameter}, which is given`, hint: `leave out ${this.mentioned.get(parameter)}, so that it can be looked for` };
    if (this.range !== undefined) return { about: flag, found: `given beside a range of ${this.range.parameter}`, wanted: 'a single value for each parameter' };
    const fixing = this.targets.find(({ given }) => Object.hasOwn(given, parameter));
    if (fixing !== undefined) return { about: flag, found: `${parameter}, which the target ${fixing.text} says already`, wanted: 'another parameter' };
    if (!this.hasAim) return { about: flag, found: 'given without a target', hint: `say what is to hold, as in --p99-wait "<50ms" or --utilisation "<0.8"` };
    return undefined;
  }

  /** All but what is looked for or takes one value after another. */
  checkParameters(unknown: string | undefined): void {
    for (const [name, parameter] of Object.entries(this.model.parameters)) {
      if (name === unknown || name === this.range?.parameter || this.broken.has(name) || (this.meant.has(name) && !this.mentioned.has(name))) continue;
      const found: Impossibility[] = [];
      this.units.startParameter(name);
      parameter.read(this.values.get(name), name, { number: this.computed.has(name) ? plainNumbers : this.units.number, problems: found });
      this.problems.push(...found.map((problem) => this.withHint(problem)));
    }
  }

  private withHint({ parameter, found, wanted }: Impossibility): TheoryProblem {
    const last = parameter.split('.').at(-1)!;
    const among = /^(?:one of|an object with) (.*)$/.exec(wanted)?.[1]!.split(', ') ?? [];
    const hint = found === 'not a parameter' ? didYouMean(last, among) : /^"(.*)"$/.test(found) ? didYouMean(found.slice(1, -1), among) : undefined;
    return { about: parameter, found, wanted, hint: hint ?? this.units.hints.get(found) };
  }

  chooseMetrics(text: string): readonly string[] {
    const told = Object.keys(this.model.metrics);
    const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
    for (const name of names.length === 0 ? [''] : names) {
      if (told.includes(name)) continue;
      this.problems.push({ about: '--metrics', found: shown(name), wanted: `one or more of ${told.join(', ')}`, hint: didYouMean(name, told) });
    }
    return names;
  }
}

function withoutValue(flag: string): TheoryProblem {
  return { about: flag, found: 'without a value', wanted: 'a value after it' };
}
