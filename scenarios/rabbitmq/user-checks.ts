/** Clients and faults that name a user: whether there is such a one. */
import type { FaultSpec } from '../../models/faults/index.ts';
import type { Findings } from '../findings.ts';
import * as say from '../messages.ts';
import type { Parts } from '../parts.ts';
import type { Path } from '../problem.ts';
import { nearest } from '../suggest.ts';
import { checkPattern } from './access-checks.ts';
import * as access from './access-messages.ts';

interface Client {
  readonly user: string;
  readonly declare: boolean;
}

/** @param to a queue or an exchange, as in `orders-mq/orders` */
export function checkClient({ user, declare }: Client, to: string, path: Path, parts: Parts, findings: Findings): void {
  const [broker] = to.split('/') as [string];
  const spec = parts.brokers?.get(broker)?.spec;
  if (spec === undefined) return;
  if (spec.kind !== 'rabbitmq') {
    if (user !== 'guest') findings.error([...path, 'user'], say.onlyWithRabbitmq('user'));
    if (declare) findings.error([...path, 'declare'], say.onlyWithRabbitmq('declare'));
    return;
  }
  const known = Object.keys(spec.users);
  if (known.length === 0 && declare) findings.warning([...path, 'declare'], access.declaresUnasked(broker));
  if (known.length === 0 ? user !== 'guest' : !known.includes(user)) findings.error([...path, 'user'], access.unknownUser(user, broker, nearest(user, known), known));
}

export function checkStruckUser(fault: Extract<FaultSpec, { user: string }>, path: Path, parts: Parts, findings: Findings): void {
  if (fault.kind === 'revoke-permissions') {
    for (const permission of ['configure', 'write', 'read'] as const) if (fault[permission] !== undefined) checkPattern(fault[permission], [...path, permission], findings);
  }
  if (parts.brokers === undefined) return;
  const [broker, user] = fault.user.split('/') as [string, string];
  const part = parts.brokers.get(broker);
  if (part === undefined) findings.error([...path, 'user'], say.unknownBroker(broker, nearest(broker, [...parts.brokers.keys()]), [...parts.brokers.keys()]));
  if (part?.spec === undefined) return;
  const known = part.spec.kind === 'rabbitmq' ? Object.keys(part.spec.users) : [];
  if (part.spec.kind !== 'rabbitmq') findings.error([...path, 'user'], access.noUsers(broker));
  else if (!known.includes(user)) findings.error([...path, 'user'], access.unknownUser(user, broker, nearest(user, known), known));
}
