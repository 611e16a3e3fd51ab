/** Bindings of a virtual host as bindings of a scenario. */
import { type HeaderValue } from '../../models/brokers/rabbitmq/routing/headers.ts';
import { defaultExchange, predeclaredExchanges } from '../../models/brokers/rabbitmq/routing/router.ts';
import type { DefinedBinding } from './definitions.ts';
import type { Renamed } from './names.ts';
import type { Notes } from './notes.ts';
import { quoted } from './problems.ts';

export interface ImportedBinding {
  readonly source: string;
  readonly destination: string;
  readonly destination_type?: 'exchange';
  readonly routing_key?: string;
  readonly arguments?: Readonly<Record<string, HeaderValue>>;
}

export function importBindings(bindings: readonly DefinedBinding[], names: Renamed, notes: Notes): ImportedBinding[] {
  return bindings.flatMap((binding) => {
    const reason = reasonToLeaveOut(binding, names);
    if (reason !== undefined) {
      notes.leaveOut(reason, labelOf(binding));
      return [];
    }
    const { source, destination, destination_type: kind, routing_key: key, arguments: given } = binding;
    return [{
      source: names.exchanges.of(source),
      destination: (kind === 'exchange' ? names.exchanges : names.queues).of(destination),
      ...(kind === 'exchange' && { destination_type: kind }),
      ...(key !== '' && { routing_key: key }),
      ...(Object.keys(given).length > 0 && { arguments: given as Record<string, HeaderValue> }),
    }];
  });
}

function reasonToLeaveOut({ source, destination, destination_type: kind, arguments: given }: DefinedBinding, { queues, exchanges }: Renamed): string | undefined {
  const isExchange = (name: string): boolean => exchanges.has(name) || predeclaredExchanges.has(name);
  if (source === defaultExchange) return 'bindings of the default exchange, which every queue has';
  if (!isExchange(source)) return 'bindings of exchanges that were left out or are not in the file';
  if (!(kind === 'exchange' ? isExchange(destination) : queues.has(destination))) return 'bindings to queues or exchanges that were left out or are not in the file';
  if (!Object.entries(given).every(([name, value]) => isHeaderName(name) && isHeaderValue(value))) return 'bindings by headers that a scenario cannot name or compare';
  return undefined;
}

/** Keys that a scenario file may not have. */
function isHeaderName(name: string): boolean {
  return name !== '' && name !== '<<' && name.length <= 255 && !(name in Object.prototype);
}

function isHeaderValue(value: unknown): value is HeaderValue {
  if (typeof value === 'string') return value.length <= 255;
  return value === null || typeof value === 'number' || typeof value === 'boolean';
}

function labelOf({ source, destination, routing_key: key }: DefinedBinding): string {
  return `${quoted(source)} to ${quoted(destination)}${key === '' ? '' : ` by ${quoted(key)}`}`;
}
