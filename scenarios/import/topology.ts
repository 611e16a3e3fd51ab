/** A virtual host's queues, exchanges, bindings and policies as a broker of a scenario. */
import type { Version } from '../../models/brokers/rabbitmq/versions.ts';
import { importBindings, type ImportedBinding } from './bindings.ts';
import { importExchanges, type ImportedExchange, isModelledExchange } from './exchanges.ts';
import { isExchangeName, isQueueName } from './known-settings.ts';
import { Names, type Renamed } from './names.ts';
import type { Notes } from './notes.ts';
import { importPolicies, type ImportedPolicy } from './policies.ts';
import { type ImportProblem, ImportProblems, quoted } from './problems.ts';
import { importQueues, type ImportedQueue, isModelledQueue } from './queues.ts';
import type { VirtualHost } from './virtual-host.ts';

/** As in a scenario file. */
export interface ImportedTopology {
  readonly exchanges: Readonly<Record<string, ImportedExchange>>;
  readonly queues: Readonly<Record<string, ImportedQueue>>;
  readonly bindings: readonly ImportedBinding[];
  readonly policies: readonly ImportedPolicy[];
  readonly names: Renamed;
}

/** @throws ImportProblems */
export function importTopology(host: VirtualHost, version: Version, notes: Notes): ImportedTopology {
  refuseTooMany(host);
  const problems: ImportProblem[] = [...repeated('queues', host.queues), ...repeated('exchanges', host.exchanges), ...repeated('policies', host.policies)];
  const queues = host.queues.filter((queue) => isModelledQueue(queue, notes));
  const exchanges = host.exchanges.filter((exchange) => isModelledExchange(exchange, notes));
  // A path broker/name is a queue or an exchange, so they do not share names here.
  const taken = new Set<string>();
  const names: Renamed = {
    queues: new Names(queues.map(({ name }) => name), isQueueName, 'queue', taken),
    exchanges: new Names(exchanges.map(({ name }) => name), isExchangeName, 'exchange', taken),
  };
  for (const [original, name] of names.queues.changed()) notes.change('queues with other names', `${quoted(original)} is ${name}`);
  for (const [original, name] of names.exchanges.changed()) notes.change('exchanges with other names', `${quoted(original)} is ${name}`);
  const topology: ImportedTopology = {
    exchanges: importExchanges(exchanges, names, notes, problems),
    queues: importQueues(queues, names, notes, problems),
    bindings: importBindings(host.bindings, names, notes),
    policies: importPolicies(host.policies, queues, names, version, notes, problems),
    names,
  };
  if (problems.length > 0) throw new ImportProblems(problems);
  return topology;
}

/** A scenario file with more could not be loaded, whatever is left out of it. */
const entriesMax = 50_000;

function refuseTooMany({ queues, exchanges, bindings, policies }: VirtualHost): void {
  const count = queues.length + exchanges.length + bindings.length + policies.length;
  if (count > entriesMax) throw new ImportProblems([{ path: '', message: `${count} queues, exchanges, bindings and policies are more than a scenario holds`, wanted: `at most ${entriesMax}`, hint: 'take out of the file what the scenario is not about' }]);
}

function repeated(section: string, entries: readonly { readonly name: string }[]): ImportProblem[] {
  const seen = new Set<string>();
  return entries.flatMap(({ name }) => {
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew ? [] : [{ path: section, message: `${quoted(name)} stands here a second time` }];
  });
}
