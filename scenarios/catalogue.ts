/** What a scenario can be made of, read from the schemas that check it: nothing has to be listed twice. */
import { z } from 'zod';
import { type BrokerSpec, brokerModels, brokerSpecSchema } from '../models/brokers/index.ts';
import { clientPresets } from '../models/clients/index.ts';
import { triggerFields } from '../models/faults/trigger-settings.ts';
import { faultSpecSchema } from '../models/faults/index.ts';
import { claimNames, invariants } from '../models/invariants/index.ts';
import { durations } from '../models/settings.ts';

export interface CatalogueEntry {
  readonly name: string;
  readonly about: string;
  /** What can be set, without what all entries of a kind have in common. */
  readonly settings: readonly string[];
}

export const catalogueKinds = ['brokers', 'clients', 'faults', 'distributions', 'claims'] as const;
export type CatalogueKind = (typeof catalogueKinds)[number];

export function catalogue(kind: CatalogueKind): CatalogueEntry[] {
  switch (kind) {
    case 'brokers': return variants(brokerSpecSchema).map((broker) => ({ ...broker, about: brokerModels[broker.name as BrokerSpec['kind']].about }));
    case 'clients': return clients();
    case 'faults': return variants(faultSpecSchema).map((fault) => ({ ...fault, settings: fault.settings.filter((name) => !Object.hasOwn(triggerFields, name)) }));
    case 'distributions': return variants(durations());
    case 'claims': return claims();
  }
}

function clients(): CatalogueEntry[] {
  return Object.entries(clientPresets).map(([name, { standsFor, about, publishing, producing, consuming }]) =>
    ({ name, about: `${standsFor}. ${about}`, settings: [...new Set([...publishing, ...producing, ...consuming].map(({ setting }) => setting))] }));
}

function claims(): CatalogueEntry[] {
  return claimNames.map((name) => ({ name, about: invariants[name].means, settings: Object.keys(invariants[name].parameters) }));
}

interface JsonSchema {
  readonly description?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/** Named either by the value of `kind`, or by the only key. */
function variants(schema: z.ZodType): CatalogueEntry[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return branches(root, root).flatMap((branch): CatalogueEntry[] => {
    const { kind, ...settings } = branch.properties ?? {};
    if (kind !== undefined) return [{ name: String(kind.const), about: branch.description ?? '', settings: Object.keys(settings) }];
    const [[name, body] = [], ...others] = Object.entries(settings);
    if (name === undefined || others.length > 0) return [];
    return [{ name, about: body?.description ?? '', settings: Object.keys(body?.properties ?? {}) }];
  });
}

function branches(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  if (schema.$ref !== undefined) return branches(root.$defs![schema.$ref.split('/').at(-1)!]!, root);
  return (schema.anyOf ?? schema.oneOf)?.flatMap((branch) => branches(branch, root)) ?? [schema];
}
