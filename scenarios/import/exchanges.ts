/** Exchanges of a virtual host as exchanges of a scenario. */
import { predeclaredExchanges } from '../../models/brokers/rabbitmq/routing/router.ts';
import type { DefinedExchange } from './definitions.ts';
import { exchangeArguments, knownSettings } from './known-settings.ts';
import type { Renamed } from './names.ts';
import type { Notes } from './notes.ts';
import { type ImportProblem, quoted } from './problems.ts';
import { withNewNames } from './queues.ts';

export interface ImportedExchange {
  readonly type: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

const types = ['direct', 'fanout', 'topic', 'headers'];

/** What is there without being declared is nothing to take over. */
export function isModelledExchange({ name, type }: DefinedExchange, notes: Notes): boolean {
  if (name === '' || predeclaredExchanges.has(name)) return false;
  if (types.includes(type)) return true;
  notes.leaveOut(`exchanges of the type ${quoted(type)}`, quoted(name));
  return false;
}

export function importExchanges(exchanges: readonly DefinedExchange[], names: Renamed, notes: Notes, problems: ImportProblem[]): Record<string, ImportedExchange> {
  const imported: Record<string, ImportedExchange> = {};
  for (const { name, type, durable, auto_delete: autoDelete, internal, arguments: given } of exchanges) {
    if (!durable) notes.leaveOut('that exchanges are gone after a restart', quoted(name));
    if (autoDelete) notes.leaveOut('auto_delete of exchanges', quoted(name));
    if (internal) notes.leaveOut('that clients cannot publish to internal exchanges', quoted(name));
    const known = withNewNames(knownSettings(given, exchangeArguments, `exchange ${quoted(name)}`, ['exchanges', name, 'arguments'], notes, problems), 'x-', names);
    imported[names.exchanges.of(name)] = { type, ...(Object.keys(known).length > 0 && { arguments: known }) };
  }
  return imported;
}
