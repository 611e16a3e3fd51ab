/**
 * The shape of a scenario file as JSON Schema (draft 7, which editors read), from the same source as the checks. It also
 * allows what is only there before a file is checked: parameters in place of values, `extends`, and keys for anchors.
 */
import { z } from 'zod';
import { scenarioSchema } from './scenario.ts';

export function jsonSchema(): Record<string, unknown> {
  const { $schema, definitions, ...root } = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any' }) as Json;
  const rewriter = new Rewriter();
  const rewritten = { ...root, properties: mapValues(root.properties as Record<string, Json>, (section) => rewriter.rewrite(section)) };
  const named = Object.entries((definitions ?? {}) as Record<string, Json>).map(([name, body]) => [name, rewriter.rewrite(body)]);
  return {
    $schema,
    title: 'Faultline scenario',
    description: 'A message queue under load and faults: brokers, producers, consumers, what fails when, and what must hold.',
    ...extendable(rewritten),
    definitions: { parameter, removed, ...Object.fromEntries([...rewriter.quantities, ...rewriter.shared, ...named]) },
  };
}

type Json = Record<string, unknown>;

const parameter = { description: 'A parameter of the file, as in $load', type: 'string', pattern: String.raw`\$` };
/** The schema cannot tell where the loader would refuse it: that depends on another file. */
const removed = { description: 'Takes away what the extended file says', type: 'null' };
const removedRef = { $ref: '#/definitions/removed' };
const parameterRef = { $ref: '#/definitions/parameter' };

/** Keys that describe a value and say nothing about which values are allowed: they stay outside of `anyOf`. */
const notes = new Set(['description', 'default', 'examples', 'title']);

/** A number says nothing without its unit, with these exceptions. */
const numbersWithoutUnit: Readonly<Record<string, readonly Json[]>> = {
  duration: [{ const: 0 }],
  probability: [{ type: 'number', minimum: 0, maximum: 1 }],
};

class Rewriter {
  /** What each quantity looks like, said once. */
  readonly quantities = new Map<string, Json>();
  /** Shapes that several places have in common, by the name that their settings give them. */
  readonly shared = new Map<string, Json>();

  rewrite(node: Json): Json {
    const { quantity, shared, ...schema } = node;
    if (typeof shared === 'string') return this.share(shared, schema);
    if (typeof quantity === 'string' && typeof schema.pattern === 'string') return this.quantity(quantity, schema);
    const inner = this.rewriteInside(schema);
    return takesParameter(inner) ? orElse(inner, parameterRef) : inner;
  }

  private quantity(name: string, schema: Json): Json {
    const { pattern, examples, type: _, anyOf: __, allOf: ___, ...rest } = schema;
    this.quantities.set(name, {
      description: `A ${name}, as in ${(examples as string[]).join(' or ')}`,
      anyOf: [{ type: 'string', pattern, examples }, ...(numbersWithoutUnit[name] ?? []), parameterRef],
    });
    const ref = { $ref: `#/definitions/${name}` };
    return Object.keys(rest).length === 0 ? ref : { ...rest, allOf: [ref] };
  }

  /** What the places say for themselves stays there: the description, the default. */
  private share(name: string, schema: Json): Json {
    const isNote = ([key]: [string, unknown]): boolean => notes.has(key);
    const entries = Object.entries(schema);
    const body = Object.fromEntries(entries.filter((entry) => !isNote(entry)));
    if (!this.shared.has(name)) this.shared.set(name, this.rewrite(body));
    const ref = { $ref: `#/definitions/${name}` };
    const own = Object.fromEntries(entries.filter(isNote));
    return Object.keys(own).length === 0 ? ref : { ...own, allOf: [ref] };
  }

  private property(property: Json, name: string, { required = [] }: { required?: readonly string[] }): Json {
    const inner = this.rewrite(property);
    return required.includes(name) ? inner : orElse(inner, removedRef);
  }

  private rewriteInside(schema: Json): Json {
    const result: Json = {};
    for (const [key, value] of Object.entries(schema)) {
      if (key === 'properties') result[key] = mapValues(value as Record<string, Json>, (property, name) => this.property(property, name, schema));
      else if (key === 'additionalProperties' && isNamedSettings(schema)) result[key] = orElse(this.rewrite(value as Json), removedRef);
      else if (key === 'default' || key === 'examples' || key === 'enum' || key === 'propertyNames') result[key] = value;
      else if (Array.isArray(value)) result[key] = value.map((each: unknown) => (isJson(each) ? this.rewrite(each) : each));
      else result[key] = isJson(value) ? this.rewrite(value) : value;
    }
    return result;
  }
}

/** Variants: each is a map of whatever, by a name of its own, and one of the extended file can be taken away. */
function isNamedSettings({ additionalProperties }: Json): boolean {
  return isJson(additionalProperties) && isJson(additionalProperties.additionalProperties) && Object.keys(additionalProperties.additionalProperties).length === 0;
}

/** Anything plain but free text and the words that tell maps apart. */
function takesParameter(schema: Json): boolean {
  const { type } = schema;
  if (type === 'number' || type === 'integer' || type === 'boolean') return schema.const === undefined;
  return type === 'string' && (schema.pattern !== undefined || schema.enum !== undefined);
}

function orElse(schema: Json, other: Json): Json {
  const outside = Object.fromEntries(Object.entries(schema).filter(([key]) => notes.has(key)));
  const inside = Object.fromEntries(Object.entries(schema).filter(([key]) => !notes.has(key)));
  const isChoice = Object.keys(inside).length === 1 && Array.isArray(inside.anyOf);
  return { ...outside, anyOf: [...(isChoice ? (inside.anyOf as Json[]) : [inside]), other] };
}

/** A file that extends another one need not say again what the other one says. */
function extendable(root: Json): Json {
  const { required, properties, ...rest } = root;
  const sections = { ...(properties as Record<string, Json>) };
  const whole: Record<string, Json> = {};
  for (const name of ['brokers', 'producers', 'consumers']) {
    const { loose, needed } = withoutRequired(sections[name]!.additionalProperties as Json);
    sections[name] = { ...sections[name]!, additionalProperties: orElse(loose, removedRef) };
    whole[name] = { additionalProperties: { required: needed } };
  }
  return {
    ...rest,
    properties: {
      $schema: { type: 'string' },
      extends: { description: 'Another scenario file whose settings this one changes', type: 'string', examples: ['base.yaml'] },
      ...sections,
    },
    patternProperties: { '^x-': {} },
    if: { required: ['extends'] },
    else: { required, properties: whole },
  };
}

/** For several shapes only what all of them need is needed; each stays recognisable by its kind. */
function withoutRequired(schema: Json): { loose: Json; needed: readonly string[] } {
  const shapes = (schema.oneOf ?? schema.anyOf) as Json[] | undefined;
  if (shapes === undefined) {
    const { required, ...loose } = schema;
    return { loose, needed: (required as string[] | undefined) ?? [] };
  }
  const parts = shapes.map(withoutRequired);
  const { oneOf: _, ...rest } = schema;
  return {
    loose: { ...rest, anyOf: parts.map(({ loose }) => loose) },
    needed: parts[0]!.needed.filter((key) => parts.every(({ needed }) => needed.includes(key))),
  };
}

function mapValues(record: Record<string, Json>, change: (value: Json, key: string) => Json): Record<string, Json> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
