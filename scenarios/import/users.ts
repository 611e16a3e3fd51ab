/** Who may do what in a virtual host, as users of a scenario's broker; and as whom a placeholder logs in. */
import { Permissions } from '../../models/brokers/rabbitmq/access/permissions.ts';
import { PatternError } from '../../models/brokers/rabbitmq/routing/pattern.ts';
import { Names } from './names.ts';
import type { Notes } from './notes.ts';
import { quoted } from './problems.ts';
import type { VirtualHost } from './virtual-host.ts';

interface ImportedPermissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

/** As in a scenario file. */
export interface ImportedUser {
  readonly permissions: ImportedPermissions;
  readonly topic_permissions?: Readonly<Record<string, { readonly write: string }>>;
}
export type ImportedUsers = Readonly<Record<string, ImportedUser>>;

/** None where nobody but guest may do anything here: without users everybody may do everything, as guest may. */
export function importUsers({ permissions, topicPermissions }: VirtualHost, notes: Notes): ImportedUsers {
  if (permissions.every(({ user }) => user === 'guest')) return {};
  const names = new Names(permissions.map(({ user }) => user), (name) => /^[A-Za-z_][\w.@-]{0,79}$/.test(name), 'user', new Set());
  for (const [original, name] of names.changed()) notes.change('users with other names', `${quoted(original)} is ${name}`);
  notes.leaveOut('passwords and tags of users');
  return Object.fromEntries(permissions.map(({ user, configure, write, read }): [string, ImportedUser] => {
    const topics = topicPermissions.filter((each) => each.user === user && each.exchange !== '');
    return [names.of(user), { permissions: { configure, write, read }, ...(topics.length > 0 && { topic_permissions: Object.fromEntries(topics.map(({ exchange, write: keys }) => [exchange, { write: keys }])) }) }];
  }));
}

export interface Deed {
  readonly permission: 'write' | 'read';
  /** An exchange, or a queue that is read. */
  readonly name: string;
  readonly routingKey: string;
}

/** The first one who may do it, in the order in which they are listed; undefined where nobody may, or users are not listed. */
export function whoMay(users: ImportedUsers, { permission, name, routingKey }: Deed): string | undefined {
  return Object.entries(users).find(([user, spec]) => {
    try {
      const permissions = new Permissions(user, { permissions: spec.permissions, topic_permissions: spec.topic_permissions ?? {} });
      return permissions.has(permission, name) && (permission === 'read' || permissions.hasTopic(name, routingKey));
    } catch (error) {
      // Told of with all other problems of the broker.
      if (error instanceof PatternError) return false;
      throw error;
    }
  })?.[0];
}
