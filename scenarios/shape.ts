/** What the schema says about a place of a scenario: which keys may stand there, and whether they are names of one's own. */
import type { z } from 'zod';
import { childOf, type Located } from './located.ts';
import type { Path } from './problem.ts';
import { scenarioSchema } from './scenario.ts';

/** The parts of zod's own description of a schema that are read here. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly valueType?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly values?: readonly unknown[];
}

/** The maps that may stand at `path`: each a list of its keys. */
export function keySetsAt(root: Located, path: Path): readonly (readonly string[])[] {
  return definitionsAt(root, path).flatMap((definition) => (definition.shape === undefined ? [] : [Object.keys(definition.shape)]));
}

/** Keys at `path` are names that the author chooses: of queues, of parameters, of states. */
export function hasOwnNames(root: Located, path: Path): boolean {
  return definitionsAt(root, path).some((definition) => definition.type === 'record');
}

function definitionsAt(root: Located, path: Path): readonly Definition[] {
  let node: Located | undefined = root;
  let definitions = fitting(alternatives(scenarioSchema), node);
  for (const part of path) {
    definitions = definitions.flatMap((definition) => inside(definition, part));
    node = childOf(node, part);
    definitions = fitting(definitions, node);
  }
  return definitions;
}

/** A schema without its wrappers, and every branch of a union for itself. */
function alternatives(schema: z.ZodType): Definition[] {
  const definition = schema.def as unknown as Definition;
  if (definition.options !== undefined) return definition.options.flatMap(alternatives);
  const wrapped = definition.getter?.() ?? definition.innerType ?? definition.in;
  return wrapped === undefined ? [definition] : alternatives(wrapped);
}

function inside(definition: Definition, part: string | number): Definition[] {
  const { shape } = definition;
  const schema = shape === undefined
    ? (definition.valueType ?? definition.element ?? definition.items?.[Number(part)])
    : Object.hasOwn(shape, part) ? shape[part] : undefined;
  return schema === undefined ? [] : alternatives(schema);
}

/** Where a key such as `kind` tells maps apart, those of the kind that is written there. */
function fitting(definitions: Definition[], node: Located | undefined): Definition[] {
  const fits = (definition: Definition) =>
    Object.entries(definition.shape ?? {}).every(([key, schema]) => {
      const { type, values } = schema.def as unknown as Definition;
      const written = childOf(node, key);
      return type !== 'literal' || written?.kind !== 'scalar' || values!.includes(written.value);
    });
  const chosen = definitions.filter(fits);
  return chosen.length > 0 ? chosen : definitions;
}
