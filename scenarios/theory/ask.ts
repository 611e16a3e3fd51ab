/** Asks a model of queueing theory, in one of three ways: what it answers, over a range, or turned round. */
import { ImpossibleParameters } from '../../models/theory/checks.ts';
import { theoryModels } from '../../models/theory/index.ts';
import type { TheoryModel } from '../../models/theory/theory-model.ts';
import { type Asked, type Meaning, type TheoryAnswer, theorySchema, type TheorySweep } from '../theory-result.ts';
import { version } from '../version.ts';
import { entryOf } from './description.ts';
import { findingAt, shownWith } from './evaluation.ts';
import { parameterCalled } from './friendly-options.ts';
import { didYouMean, type TheoryProblem, TheoryProblems } from './problem.ts';
import { type Asking, readQuestion, type ReadQuestion } from './read-question.ts';
import { solve } from './solution.ts';
import { sweep } from './sweep.ts';

export interface TheoryReply {
  readonly answer: TheoryAnswer | TheorySweep;
  /** What somebody should know about how the question was read. */
  readonly notes: readonly string[];
}

/** Hears after each value how many are done, of how many; undefined while nobody knows. */
export type OnStep = (done: number, planned: number | undefined) => void;

/**
 * `command` does it again. @throws TheoryProblems with everything that is wrong with the question
 */
export function askTheory(model: TheoryModel, asking: Asking, command: string, onStep: OnStep = () => {}): TheoryReply {
  const problems: TheoryProblem[] = [];
  const question = readQuestion(asking, model, problems);
  if (problems.length > 0) throw new TheoryProblems(problems);
  try {
    return { answer: answerTo(question, command, onStep), notes: notesOn(question) };
  } catch (error) {
    if (error instanceof ImpossibleParameters) throw new TheoryProblems(error.problems.map(({ parameter, found, wanted }) => ({ about: parameterCalled(parameter, model) ?? parameter, found, wanted })));
    if (error instanceof RangeError) throw new TheoryProblems([{ about: model.name, found: `out of its range with these numbers (${error.message})`, hint: 'numbers of an everyday size have an answer' }]);
    throw error;
  }
}

/** @throws TheoryProblems naming what may have been meant */
export function findModel(name: string, models: ReadonlyMap<string, TheoryModel> = theoryModels): TheoryModel {
  const found = models.get(name);
  if (found !== undefined) return found;
  const cut = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  throw new TheoryProblems([{ about: cut, found: 'no model', hint: `${didYouMean(name, models.keys()) ?? ''} faultline theory --list shows them all`.trim() }]);
}

function answerTo(question: ReadQuestion, command: string, onStep: OnStep): TheoryAnswer | TheorySweep {
  const { unknown, range } = question;
  if (range !== undefined) return sweep(question, range, asked(question, {}, command), (done) => onStep(done, range.values.length));
  if (unknown === undefined) return { schema: theorySchema, ...asked(question, {}, command), ...chosen(findingAt(question), question.metrics), solution: null };
  const { at, ...solved } = solve(question, unknown, (tried) => onStep(tried, undefined));
  return { schema: theorySchema, ...asked(question, { [unknown.parameter]: at }, command), ...chosen(solved, question.metrics) };
}

function asked(question: ReadQuestion, found: Readonly<Record<string, number>>, command: string): Asked {
  const { model, values, units } = question;
  const { assumptions, accuracy, source, parameters, metrics } = model;
  const { name, ...entry } = entryOf(model);
  const all: Record<string, unknown> = { ...values, ...shownWith(question), ...found };
  const names = Object.keys(parameters).filter((name) => all[name] !== undefined && all[name] !== null);
  return {
    version, model: name, ...entry, assumptions, accuracy, source,
    parameters: Object.fromEntries(names.map((name) => [name, asRead(all[name], units.read)])),
    quantities: Object.fromEntries(Object.entries(parameters).flatMap(([name, { quantity }]) => (quantity === undefined ? [] : [[name, quantity]]))),
    meanings: Object.fromEntries(Object.entries(metrics).map(([name, { about, quantity }]): [string, Meaning] => [name, { about, quantity }])),
    reproduce: { command },
  };
}

/** With numbers for the texts that stood for numbers. */
function asRead(value: unknown, read: ReadonlyMap<string, number>): unknown {
  if (typeof value === 'string') return read.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => asRead(each, read));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asRead(inner, read)]));
}

/** A metric that was asked for and is not there needs a parameter that was left out. */
function chosen<T extends Pick<TheoryAnswer, 'metrics'>>(finding: T, names: readonly string[] | undefined): T {
  if (names === undefined) return finding;
  return { ...finding, metrics: Object.fromEntries(names.map((name) => [name, finding.metrics[name] ?? null])) };
}

function notesOn({ units }: ReadQuestion): string[] {
  const isMixed = units.plain.size > 0 && units.withUnits.size > 0;
  return isMixed ? [`${[...units.plain].join(', ')}: plain numbers were read per second and in seconds`] : [];
}
