/** Definitions of a RabbitMQ broker as a scenario to complete. */
import { Policies } from '../../models/brokers/rabbitmq/routing/policies.ts';
import { type RabbitmqSpec, rabbitmqSchema } from '../../models/brokers/rabbitmq/settings.ts';
import type { Version } from '../../models/brokers/rabbitmq/versions.ts';
import { pathText, printable } from '../problem.ts';
import { rabbitmqProblems } from '../rabbitmq-checks.ts';
import { Source } from '../source.ts';
import { parseYaml } from '../yaml.ts';
import { readDefinitions } from './definitions.ts';
import { scenarioText } from './document.ts';
import { type Note, Notes } from './notes.ts';
import { placeholdersFor } from './placeholders.ts';
import { ImportProblems, pathOf, quoted } from './problems.ts';
import { versionFor } from './release.ts';
import { importTopology, type ImportedTopology } from './topology.ts';
import { importUsers, type ImportedUsers } from './users.ts';
import { chooseVirtualHost } from './virtual-host.ts';

export interface ImportOptions {
  /** What the definitions are called, for whoever reads the scenario. */
  readonly source: string;
  readonly version?: Version | undefined;
  readonly vhost?: string | undefined;
}

export interface Imported {
  /** The scenario, as YAML. */
  readonly text: string;
  readonly version: Version;
  readonly virtualHost: string;
  readonly notes: readonly Note[];
}

const broker = 'rabbitmq';

/** @throws ImportProblems */
export function importDefinitions(text: string, { source, version: told, vhost }: ImportOptions): Imported {
  const notes = new Notes();
  const definitions = readDefinitions(text);
  const version = versionFor(definitions.release, told, notes);
  const host = chooseVirtualHost(definitions, vhost, notes);
  const topology = importTopology(host, version, notes);
  const users = importUsers(host, notes);
  const settings = brokerSettings(topology, users, version);
  const spec = specOf(settings);
  noteOtherPolicies(topology, spec, notes);
  noteProblems(spec, notes);
  const placeholders = placeholdersFor(broker, spec, users, notes);
  const release = definitions.release === undefined ? '' : `RabbitMQ ${quoted(definitions.release)}, `;
  const counts = (['queues', 'exchanges', 'bindings', 'policies'] as const).map((section) => `${host[section].length} ${section}`).join(', ');
  const about = `Imported from ${quoted(source)}: ${release}virtual host ${quoted(host.name)}, ${counts}.`;
  const scenario = scenarioText({ name: `imported from ${source.slice(0, 100)}`, about, broker, settings, placeholders, notes: notes.list() });
  refuseUnreadable(scenario);
  return { text: scenario, version, virtualHost: host.name, notes: notes.list() };
}

function brokerSettings({ exchanges, queues, bindings, policies }: ImportedTopology, users: ImportedUsers, version: Version): Record<string, unknown> {
  const sizes = Object.values(queues).map(({ arguments: given }) => (given?.['x-queue-type'] === 'quorum' ? Number(given['x-quorum-initial-group-size'] ?? 3) : 1));
  return {
    kind: 'rabbitmq', version, nodes: sizes.reduce((most, size) => Math.max(most, size), 1),
    ...(Object.keys(exchanges).length > 0 && { exchanges }), queues,
    ...(bindings.length > 0 && { bindings }), ...(policies.length > 0 && { policies }),
    ...(Object.keys(users).length > 0 && { users }),
  };
}

function specOf(settings: Record<string, unknown>): RabbitmqSpec {
  const parsed = rabbitmqSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new ImportProblems(parsed.error.issues.map(({ path, message }) => ({ path: pathOf(path), message: 'a scenario cannot hold this', found: message })));
}

/** Policies go by name, so another name may lead to another policy. */
function noteOtherPolicies({ names }: ImportedTopology, spec: RabbitmqSpec, notes: Notes): void {
  const policies = new Policies(spec.policies);
  const note = (what: string, original: string, before: string | undefined, now: string | undefined): void => {
    const called = (policy: string | undefined): string => (policy === undefined ? 'no policy' : `the policy ${quoted(policy)}`);
    if (before !== now) notes.mend(`the ${what} ${quoted(original)} has ${called(before)} in RabbitMQ, and ${called(now)} under its new name`);
  };
  for (const [original, name] of names.queues.changed()) {
    const type = spec.queues[name]!.arguments['x-queue-type'];
    note('queue', original, policies.forQueue(original, type)?.name, policies.forQueue(name, type)?.name);
  }
  for (const [original, name] of names.exchanges.changed()) note('exchange', original, policies.forExchange(original)?.name, policies.forExchange(name)?.name);
}

function noteProblems(spec: RabbitmqSpec, notes: Notes): void {
  for (const { severity, path, finding } of rabbitmqProblems(spec)) {
    if (severity === 'error') notes.mend(printable(`${pathText(path)}: ${finding.message}`));
  }
}

/** What nobody could load again is not written. */
function refuseUnreadable(text: string): void {
  const problem = parseYaml(new Source('scenario', text)).problems.find(({ severity }) => severity === 'error');
  if (problem === undefined) return;
  throw new ImportProblems([{ path: '', message: `the scenario could not be loaded: ${problem.message}`, hint: 'choose a smaller virtual host with --vhost, or take out of the file what the scenario is not about' }]);
}
