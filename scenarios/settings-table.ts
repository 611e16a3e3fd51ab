/** The settings of a broker as a table for people, from the same schema that reads them. */
import { z } from 'zod';

interface Json {
  readonly $ref?: string;
  readonly quantity?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly additionalProperties?: Json | boolean;
  readonly items?: Json;
  readonly anyOf?: readonly Json[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
}

interface Row {
  readonly path: string;
  readonly values: string;
  readonly fallback: string;
  readonly about: string;
}

/** One Markdown table: every setting below `schema`, in its order. */
export function settingsTable(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Json;
  const rows = rowsOf(json, '');
  return ['| setting | values | default | |', '|---|---|---|---|', ...rows.map(({ path, values, fallback, about }) => `| \`${path}\` | ${values} | ${fallback} | ${about} |`), ''].join('\n');
}

function rowsOf(json: Json, path: string): Row[] {
  return Object.entries(json.properties ?? {}).flatMap(([key, given]) => {
    const child = withoutNull(given);
    const at = path === '' ? key : `${path}.${key}`;
    if (child.properties !== undefined) return rowsOf(child, at);
    const inner = typeof child.additionalProperties === 'object' ? withoutNull(child.additionalProperties) : undefined;
    if (inner?.properties !== undefined) return rowsOf(inner, `${at}.NAME`);
    if (child.items?.properties !== undefined) return rowsOf(child.items, `${at}[]`);
    const isRequired = json.required?.includes(key) ?? false;
    return [{ path: at, values: valuesOf(child), fallback: given.default === undefined ? (isRequired ? 'required' : '') : `\`${JSON.stringify(given.default)}\``, about: cell(given.description ?? child.description ?? '') }];
  });
}

/** `anyOf: [something, null]` is something that may be left out. */
function withoutNull(json: Json): Json {
  const [only, ...others] = (json.anyOf ?? []).filter(({ type }) => type !== 'null');
  return only !== undefined && others.length === 0 ? { ...only, ...(json.default !== undefined && { default: json.default }) } : json;
}

function valuesOf(json: Json): string {
  if (json.$ref !== undefined) return json.$ref.endsWith('random-duration') ? 'duration or distribution' : 'size or distribution';
  if (json.quantity !== undefined && json.quantity !== 'count') return json.quantity;
  if (json.const !== undefined) return `\`${String(json.const)}\``;
  if (json.enum !== undefined) return json.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (json.anyOf !== undefined) return [...new Set(json.anyOf.map(valuesOf))].join(' or ');
  return [json.type ?? 'any'].flat().join(' or ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
