/**
 * What a fault strikes, as it is written: a name (`orders-mq.0`, `producers.web`, `orders-mq.0.disk`), a role
 * (`leader(orders-mq/orders)`, `one(orders-mq)`), or a role of those who have a role (`others(leader(orders-mq/orders))`).
 */
export const queueRoles = ['leader', 'followers', 'members'] as const;
export const nodeRoles = ['one', 'minority', 'majority', 'others'] as const;
export type QueueRole = (typeof queueRoles)[number];
export type NodeRole = (typeof nodeRoles)[number];

/** The node where what the fault waited for happened. */
export const there = 'there';

export type Target =
  | { readonly of: 'names'; readonly name: string }
  | { readonly of: 'there' }
  | { readonly of: 'queue'; readonly role: QueueRole; readonly broker: string; readonly queue: string }
  | { readonly of: 'nodes'; readonly role: NodeRole; readonly among: Target; readonly text: string };

const diskSuffix = '.disk';
const namePattern = /^[A-Za-z_][\w-]*(\.[\w-]+){0,2}$/;
const rolePattern = /^([a-z]+)\((.*)\)$/s;
/** Enough for `others(one(members(mq/work)))`, and no longer than anybody reads. */
const depthMax = 4;

/** Undefined for what is written otherwise. */
export function parseTarget(text: string, depth = 0): Target | undefined {
  const isOfDisk = text.endsWith(diskSuffix) && text.includes('(');
  if (isOfDisk) return parseTarget(text.slice(0, -diskSuffix.length), depth);
  if (text === there) return { of: 'there' };
  const role = rolePattern.exec(text);
  if (role === null) return namePattern.test(text) ? { of: 'names', name: text } : undefined;
  const [, name, inner] = role as unknown as [string, string, string];
  if (isOneOf(queueRoles, name)) {
    const slash = inner.indexOf('/');
    const isPath = slash > 0 && slash < inner.length - 1;
    return isPath ? { of: 'queue', role: name, broker: inner.slice(0, slash), queue: inner.slice(slash + 1) } : undefined;
  }
  if (!isOneOf(nodeRoles, name) || depth >= depthMax) return undefined;
  const among = parseTarget(inner, depth + 1);
  return among === undefined ? undefined : { of: 'nodes', role: name, among, text: inner };
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}

export function isOfDisk(target: string): boolean {
  return target.endsWith(diskSuffix);
}

/** The name that a target comes down to: of a broker, of one of its nodes, of a group; undefined for `there`. */
export function baseOf(text: string): string | undefined {
  const target = parseTarget(text);
  if (target === undefined) return undefined;
  return baseName(target);
}

function baseName(target: Target): string | undefined {
  switch (target.of) {
    case 'names': return target.name;
    case 'queue': return target.broker;
    case 'nodes': return baseName(target.among);
    case 'there': return undefined;
  }
}

/** `orders-mq` of `orders-mq.0.disk` and of `leader(orders-mq/orders)`; `consumers` of `one(consumers.work)`. */
export function firstNameOf(text: string): string | undefined {
  return baseOf(text)?.split('.')[0];
}
