/** What there is to ask: the models of the registry, as data. */
import type { Parameter } from '../../models/theory/parameters.ts';
import { families, type TheoryModel } from '../../models/theory/theory-model.ts';
import { type ModelDescription, type ModelEntry, theoryModelSchema } from '../theory-result.ts';
import { optionsFor } from './friendly-options.ts';

/** Family by family, in the order of the documentation. */
export function listModels(models: ReadonlyMap<string, TheoryModel>): ModelEntry[] {
  return families.flatMap((family) => [...models.values()].filter((model) => model.family === family).map(entryOf));
}

export function entryOf({ name, title, family, about, kind }: TheoryModel): ModelEntry {
  return { name, title, family, about, kind };
}

export function describeModel(model: TheoryModel): ModelDescription {
  const { assumptions, accuracy, source, family } = model;
  return {
    schema: theoryModelSchema, ...entryOf(model), assumptions, accuracy, source, docs: `docs/theory/${family}.md`,
    parameters: Object.entries(model.parameters).map(([name, parameter]) => ({
      name, about: parameter.about, wanted: parameter.wanted, optional: parameter.isOptional, fallback: parameter.fallback === undefined ? null : written(parameter.fallback),
      example: withUnit(parameter), options: optionsFor(name, model),
    })),
    metrics: Object.entries(model.metrics).map(([name, { about, quantity, needs = [] }]) => ({ name, about, quantity, needs })),
    example: exampleOf(model),
  };
}

function written(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** With what it cannot do without, and what it says little without. */
function exampleOf({ name, parameters }: TheoryModel): string[] {
  const wanted = Object.entries(parameters).filter(([, { isOptional, isInExample }]) => !isOptional || isInExample);
  // Where nothing is, any two will do, as in Little's law.
  const shown = wanted.length > 0 ? wanted : Object.entries(parameters).slice(0, 2);
  return [name, ...shown.map(([key, parameter]) => `${key}=${withUnit(parameter)}`)];
}

function withUnit({ quantity, example }: Parameter): string {
  if (!Number.isFinite(Number(example))) return example;
  return `${example}${quantity === 'rate' ? '/s' : quantity === 'time' ? 's' : ''}`;
}
