/** One virtual host of the definitions: a scenario's broker has one. */
import { oneOf } from '../messages.ts';
import { nearest } from '../suggest.ts';
import type { DefinedBinding, DefinedExchange, DefinedPermission, DefinedPolicy, DefinedQueue, DefinedTopicPermission, Definitions } from './definitions.ts';
import type { Notes } from './notes.ts';
import { ImportProblems, quoted } from './problems.ts';

export interface VirtualHost {
  readonly name: string;
  readonly queues: readonly DefinedQueue[];
  readonly exchanges: readonly DefinedExchange[];
  readonly bindings: readonly DefinedBinding[];
  readonly policies: readonly DefinedPolicy[];
  readonly permissions: readonly DefinedPermission[];
  readonly topicPermissions: readonly DefinedTopicPermission[];
}

/** @throws ImportProblems when it is not clear which is meant */
export function chooseVirtualHost(definitions: Definitions, told: string | undefined, notes: Notes): VirtualHost {
  const name = nameOf(definitions, told);
  const isOfIt = ({ vhost }: { readonly vhost?: string | undefined }): boolean => vhost === undefined || vhost === name;
  for (const other of namesIn(definitions)) if (other !== name) notes.leaveOut('other virtual hosts', quoted(other));
  for (const { component, name: parameter, vhost } of definitions.parameters) {
    if (vhost === undefined || vhost === name) notes.leaveOut(component === 'operator_policy' ? 'operator policies' : `parameters of ${quoted(component)}`, quoted(parameter));
  }
  for (const [section, size] of definitions.others) if (size > 0) notes.leaveOut('sections that are not modelled', `${quoted(section)} (${size})`);
  const { queues, exchanges, bindings, policies, permissions, topic_permissions: topics } = definitions;
  return {
    name, queues: queues.filter(isOfIt), exchanges: exchanges.filter(isOfIt), bindings: bindings.filter(isOfIt), policies: policies.filter(isOfIt),
    permissions: permissions.filter(isOfIt), topicPermissions: topics.filter(isOfIt),
  };
}

const usual = '/';

function nameOf(definitions: Definitions, told: string | undefined): string {
  const known = namesIn(definitions);
  if (told !== undefined) {
    if (known.length === 0 || known.includes(told)) return told;
    const near = nearest(told, known);
    throw new ImportProblems([{ path: 'vhosts', message: `there is no virtual host ${quoted(told)}`, wanted: oneOf(known.map(quoted)), hint: near === undefined ? undefined : `did you mean ${quoted(near)}?` }]);
  }
  const used = [...new Set(definitions.queues.map(({ vhost }) => vhost ?? usual))];
  if (used.length === 1) return used[0]!;
  if (used.length === 0 || used.includes(usual)) return known.includes(usual) ? usual : (known[0] ?? usual);
  throw new ImportProblems([{ path: 'vhosts', message: 'several virtual hosts have queues', found: oneOf(used.map(quoted)), hint: `choose one, as in --vhost ${quoted(used[0]!)}` }]);
}

/** Those that are listed, and those that only entries name. */
function namesIn({ vhosts, queues, exchanges, bindings, policies }: Definitions): string[] {
  const named = [...queues, ...exchanges, ...bindings, ...policies].flatMap(({ vhost }) => vhost ?? []);
  return [...new Set([...vhosts.map(({ name }) => name), ...named])];
}
