/** What a user may do: patterns over names, compiled once (rabbit_auth_backend_internal `check_resource_access`, 3.10.8 to 4.3.5). */
import { compilePattern, type Pattern } from '../routing/pattern.ts';
import { defaultExchange } from '../routing/router.ts';
import type { PermissionsSpec, UserSpec } from './access-settings.ts';

export type Permission = keyof PermissionsSpec;

/** What the default exchange is called where permissions are asked for (rabbit_access_control). */
const defaultExchangeName = 'amq.default';

/** @throws PatternError */
export function compilePermission(pattern: string): Pattern {
  return compilePattern(pattern === '' ? '^$' : pattern);
}

export class Permissions {
  /** Somebody without any cannot enter the virtual host. */
  readonly areThere: boolean;
  private readonly patterns: Readonly<Record<Permission, Pattern>> | undefined;
  private readonly topics: ReadonlyMap<string, Pattern>;

  constructor(user: string, spec: Pick<UserSpec, 'permissions' | 'topic_permissions'>) {
    const { permissions, topic_permissions: topics } = spec;
    this.areThere = permissions !== undefined;
    this.patterns = permissions && {
      configure: compilePermission(permissions.configure), write: compilePermission(permissions.write), read: compilePermission(permissions.read),
    };
    this.topics = new Map(Object.entries(topics).map(([exchange, { write }]) => [exchange, compilePermission(expanded(write, user))]));
  }

  has(permission: Permission, resource: string): boolean {
    return this.patterns !== undefined && this.patterns[permission].matches(resource === defaultExchange ? defaultExchangeName : resource);
  }

  /** Asked besides `write`, of topic exchanges alone. */
  hasTopic(exchange: string, routingKey: string): boolean {
    return this.topics.get(exchange)?.matches(routingKey) ?? true;
  }
}

/** The name stands there with what would mean something in a pattern escaped (rabbit_re, from 4.2.9 on; before that as it was). */
export function expanded(pattern: string, user: string): string {
  return pattern.replaceAll('{username}', user.replace(/[^\w]/g, String.raw`\$&`));
}
