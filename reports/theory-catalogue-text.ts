/** The models of queueing theory for a terminal: which there are, and what one of them wants and tells. */
import picocolors from 'picocolors';
import type { ModelDescription, ModelEntry, ParameterDescription } from '../scenarios/theory-result.ts';
import { textTable } from './text-table.ts';
import type { TextOptions } from './theory-text.ts';
import { trustSentence } from './theory-words.ts';
import { wrap } from './wrapping.ts';

const widthMin = 40;
const widthMax = 120;

/** Grouped by family, in the order given. */
export function formatModels(models: readonly ModelEntry[], { colour, width: wanted }: TextOptions): string {
  const width = Math.min(widthMax, Math.max(widthMin, wanted));
  const { bold } = picocolors.createColors(colour);
  const families = [...new Set(models.map(({ family }) => family))];
  return families.flatMap((family, index) => [
    ...(index > 0 ? [''] : []),
    bold(family.replaceAll('-', ' ')),
    ...models.filter((model) => model.family === family).flatMap(({ name, title, kind, about }) => [
      ...wrap(`${name}: ${title}${kind === 'exact' ? '' : ' (approximation)'}`, width, 2, 6).map((line, at) => (at === 0 ? line.replace(name, bold(name)) : line)),
      ...wrap(about, width, 6, 6),
    ]),
  ]).join('\n');
}

/** `example` is the whole line to paste. */
export function formatModel(model: ModelDescription, example: string, { colour, width: wanted }: TextOptions): string {
  const width = Math.min(widthMax, Math.max(widthMin, wanted));
  const { bold, dim, cyan } = picocolors.createColors(colour);
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', bold(title), ...lines]);
  const parameters = model.parameters.map((parameter) => [parameter.name, shortExample(parameter), parameterSentence(parameter)]);
  const metrics = model.metrics.map(({ name, about, needs }) => [name, `${about}${needs.length === 0 ? '' : ` (needs ${needs.join(', ')})`}`]);
  const start = (title: string) => ({ title, align: 'start' }) as const;
  return [
    ...wrap(`${model.name}: ${model.title}`, width, 0, 2).map(bold),
    ...wrap(model.about, width, 0, 0),
    ...section('Assumes', model.assumptions.flatMap((assumption) => wrap(`- ${assumption}`, width, 2, 4))),
    ...section('Wants', textTable([start('parameter'), start('for example'), start('meaning')], parameters, { width, lastIsProse: true, paintHead: dim })),
    ...section('Tells', textTable([start('metric'), start('meaning')], metrics, { width, lastIsProse: true, paintHead: dim })),
    ...section('Trust', [...wrap(trustSentence(model), width, 2, 2), ...wrap(`Source: ${model.source}`, width, 2, 2), ...wrap(`More: ${model.docs}`, width, 2, 2)]),
    // On one line, however long, so that it can be copied.
    ...section('Try', [`  ${cyan(example)}`]),
  ].join('\n');
}

const exampleMax = 24;

function shortExample({ example }: ParameterDescription): string {
  return example.length > exampleMax ? `${example.slice(0, exampleMax - 1)}…` : example;
}

function parameterSentence({ about, wanted, optional, fallback, options }: ParameterDescription): string {
  const may = optional ? `; may be left out${fallback === null ? '' : `, then it is ${fallback}`}` : '';
  return `${about}: ${wanted}${may}${options.length === 0 ? '' : `; also ${options.join(', ')}`}`;
}
