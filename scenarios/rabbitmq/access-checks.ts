/** Users of RabbitMQ as they are listed: patterns that are none, and settings that do nothing. */
import { compilePermission } from '../../models/brokers/rabbitmq/access/permissions.ts';
import type { UserSpec } from '../../models/brokers/rabbitmq/access/access-settings.ts';
import { PatternError } from '../../models/brokers/rabbitmq/routing/pattern.ts';
import { predeclaredExchanges } from '../../models/brokers/rabbitmq/routing/router.ts';
import { formatDuration } from '../../sim/units.ts';
import type { Path } from '../problem.ts';
import { nearest } from '../suggest.ts';
import * as say from './access-messages.ts';
import type { CheckedTopology } from './checked-topology.ts';

export function checkUsers(checked: CheckedTopology): void {
  for (const [name, user] of Object.entries(checked.spec.users)) {
    if (checked.isFull) return;
    checkUser(user, ['users', name], checked);
  }
}

function checkUser({ permissions, topic_permissions: topics, token }: UserSpec, path: Path, checked: CheckedTopology): void {
  for (const [permission, pattern] of Object.entries(permissions ?? {})) checkPattern(pattern, [...path, 'permissions', permission], checked);
  if (permissions !== undefined && Object.values(permissions).every((pattern) => pattern === '')) checked.warning([...path, 'permissions'], say.emptyPermissions());
  for (const [exchange, { write }] of Object.entries(topics)) {
    const at: Path = [...path, 'topic_permissions', exchange];
    const type = predeclaredExchanges.get(exchange) ?? checked.spec.exchanges[exchange]?.type;
    if (type === undefined) checked.error(at, say.unknownTopicExchange(exchange, nearest(exchange, checked.exchanges)));
    else if (type !== 'topic') checked.warning(at, say.notTopic(exchange, type));
    if (write.includes('{vhost}')) checked.error([...at, 'write'], say.virtualHostInPattern());
    else checkPattern(write, [...at, 'write'], checked);
  }
  if (typeof token?.refresh === 'number' && token.refresh >= token.lifetime) checked.warning([...path, 'token', 'refresh'], say.refreshTooLate(formatDuration(token.refresh), formatDuration(token.lifetime)));
}

export function checkPattern(pattern: string, path: Path, findings: Pick<CheckedTopology, 'error'>): void {
  try {
    compilePermission(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    findings.error(path, say.badPermission(`${error.message}, at character ${error.at + 1}`));
  }
}
