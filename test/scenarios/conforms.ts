/** As much of JSON Schema draft 7 as the scenario schema uses; a keyword that it does not know is an error. */
export interface Schema extends Readonly<Record<string, unknown>> {
  readonly description?: string;
}

export function conforms(value: unknown, schema: Schema, root: Schema = schema): boolean {
  const within = (inner: unknown) => conforms(value, inner as Schema, root);
  const all = schema.if === undefined ? [] : [within(schema.if) ? (schema.then ?? {}) : (schema.else ?? {})];
  for (const keyword of Object.keys(schema)) if (!known.has(keyword)) throw new Error(`the keyword ${keyword} is not known to this test`);
  return Object.entries(schema).every(([keyword, wanted]) => {
    switch (keyword) {
      case '$ref': return within((root.definitions as Record<string, Schema>)[String(wanted).replace('#/definitions/', '')]!);
      case 'anyOf': return (wanted as unknown[]).some(within);
      case 'allOf': return (wanted as unknown[]).every(within);
      case 'oneOf': return (wanted as unknown[]).filter(within).length === 1;
      case 'const': return value === wanted;
      case 'enum': return (wanted as unknown[]).includes(value);
      case 'type': return [wanted].flat().some((type) => isOfType(value, type as string));
      default: return typeof value === 'object' && value !== null ? structureConforms(value, keyword, wanted, schema, root) : plainConforms(value, keyword, wanted);
    }
  }) && all.every(within);
}

const known = new Set([
  '$schema', 'title', 'description', 'default', 'examples', 'definitions', '$ref', 'anyOf', 'allOf', 'oneOf', 'const', 'enum', 'type', 'if', 'else',
  'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum',
  'properties', 'patternProperties', 'additionalProperties', 'propertyNames', 'required', 'items', 'additionalItems', 'minItems', 'maxItems',
]);

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function plainConforms(value: unknown, keyword: string, wanted: unknown): boolean {
  if (typeof value === 'string') {
    if (keyword === 'pattern') return new RegExp(wanted as string, 'u').test(value);
    if (keyword === 'minLength') return value.length >= Number(wanted);
    if (keyword === 'maxLength') return value.length <= Number(wanted);
  }
  if (typeof value === 'number') {
    if (keyword === 'minimum') return value >= Number(wanted);
    if (keyword === 'maximum') return value <= Number(wanted);
    if (keyword === 'exclusiveMinimum') return value > Number(wanted);
    if (keyword === 'exclusiveMaximum') return value < Number(wanted);
  }
  return true;
}

function structureConforms(value: object, keyword: string, wanted: unknown, schema: Schema, root: Schema): boolean {
  if (Array.isArray(value)) {
    if (keyword === 'minItems') return value.length >= Number(wanted);
    if (keyword === 'maxItems') return value.length <= Number(wanted);
    const schemaOf = (index: number) => (Array.isArray(wanted) ? wanted[index] ?? {} : wanted) as Schema;
    return keyword !== 'items' || value.every((item, index) => conforms(item, schemaOf(index), root));
  }
  const entries = Object.entries(value);
  const { properties = {}, patternProperties = {} } = schema as { properties?: Record<string, Schema>; patternProperties?: Record<string, Schema> };
  switch (keyword) {
    case 'required': return (wanted as string[]).every((key) => Object.hasOwn(value, key));
    case 'propertyNames': return entries.every(([key]) => conforms(key, wanted as Schema, root));
    case 'properties': return entries.every(([key, each]) => properties[key] === undefined || conforms(each, properties[key], root));
    case 'additionalProperties': {
      const others = entries.filter(([key]) => !Object.hasOwn(properties, key) && !Object.keys(patternProperties).some((pattern) => new RegExp(pattern, 'u').test(key)));
      return others.every(([, each]) => wanted !== false && conforms(each, wanted as Schema, root));
    }
    default: return true;
  }
}
