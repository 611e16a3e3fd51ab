/** Policies of RabbitMQ: whether they can be read, and what they apply to. */
import { compilePattern, PatternError } from '../../models/brokers/rabbitmq/routing/pattern.ts';
import { foreignTo, plural, Policies, type QueueType } from '../../models/brokers/rabbitmq/routing/policies.ts';
import { type PolicySpec, queueTypes } from '../../models/brokers/rabbitmq/settings.ts';
import { isAtLeast } from '../../models/brokers/rabbitmq/versions.ts';
import type { Path } from '../problem.ts';
import type { CheckedTopology } from './checked-topology.ts';
import { checkAlternate } from './exchange-checks.ts';
import { checkMirrors } from './mirror-checks.ts';
import * as say from './messages.ts';

/** Those whose pattern can be read; the others are told. */
export function readablePolicies(checked: CheckedTopology): Policies {
  const readable = checked.spec.policies.filter((policy, index) => {
    const why = whyUnreadable(policy.pattern);
    if (why !== undefined) checked.error(['policies', index, 'pattern'], say.badPattern(why));
    return why === undefined;
  });
  return new Policies(readable);
}

/** Why a pattern is none; undefined where it is one. */
export function whyUnreadable(pattern: string): string | undefined {
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return `${error.message}, at character ${error.at + 1}`;
  }
}

export function checkPolicies(policies: Policies, checked: CheckedTopology): void {
  const names = new Set<string>();
  for (const [index, policy] of checked.spec.policies.entries()) {
    if (checked.isFull) return;
    const path: Path = ['policies', index];
    if (names.has(policy.name)) checked.error([...path, 'name'], say.samePolicyName(policy.name));
    names.add(policy.name);
    checkVersion(policy, path, checked);
    checkMirrors(policy, path, policies, checked);
    checkAlternate(policy.definition['alternate-exchange'], [...path, 'definition', 'alternate-exchange'], checked);
  }
  checkApplication(policies, checked);
}

/** Which of them apply to anything, and whether that is clear. */
function checkApplication(policies: Policies, checked: CheckedTopology): void {
  const { spec } = checked;
  const wrong = new Set(checked.problems.filter(({ severity, path }) => severity === 'error' && path[0] === 'policies').map(({ path }) => path[1]));
  const applied = new Set<PolicySpec>();
  const note = (name: string, matching: Iterable<PolicySpec>): void => {
    const [first, second] = matching;
    if (first === undefined) return;
    applied.add(first);
    if (second?.priority === first.priority) checked.warning(['policies', spec.policies.indexOf(second), 'priority'], say.samePriority(first.name, second.name, name));
  };
  for (const [name, queue] of Object.entries(spec.queues)) note(name, policies.ofQueue(name, queue.arguments['x-queue-type']));
  for (const name of Object.keys(spec.exchanges)) note(name, policies.ofExchange(name));
  for (const [index, policy] of spec.policies.entries()) {
    if (checked.isFull) return;
    const path: Path = ['policies', index];
    if (!wrong.has(index) && !checkForeign(policy, path, checked) && !applied.has(policy)) checked.warning([...path, 'pattern'], say.appliesToNothing());
  }
}

/** A key that queues of a type do not know takes the whole policy from them: true when it is told. */
function checkForeign(policy: PolicySpec, path: Path, checked: CheckedTopology): boolean {
  const told = queueTypes.filter((type) => checkForeignTo(type, policy, path, checked));
  return told.length > 0;
}

function checkForeignTo(type: QueueType, policy: PolicySpec, path: Path, checked: CheckedTopology): boolean {
  const key = foreignTo[type].find((each) => policy.definition[each] !== undefined);
  if (key === undefined || !['all', 'queues', plural[type]].includes(policy['apply-to'])) return false;
  const pattern = compilePattern(policy.pattern);
  const meant = Object.entries(checked.spec.queues).find(([name, queue]) => queue.arguments['x-queue-type'] === type && pattern.matches(name));
  if (meant !== undefined) checked.warning([...path, 'definition', key], say.notForType(key, type, meant[0]));
  return meant !== undefined;
}

function checkVersion({ definition, 'apply-to': applyTo }: PolicySpec, path: Path, checked: CheckedTopology): void {
  const { version } = checked.spec;
  const isOld = !isAtLeast(version, '3.13');
  if (isOld && ['classic_queues', 'quorum_queues', 'streams'].includes(applyTo)) checked.error([...path, 'apply-to'], say.unknownToVersion(`policies for ${applyTo}`, version));
  if (isOld && definition['consumer-timeout'] !== undefined) checked.error([...path, 'definition', 'consumer-timeout'], say.unknownToVersion('a consumer-timeout of policies', version));
  const limit = definition['delivery-limit'];
  if (limit !== undefined && limit < 0 && !isAtLeast(version, '4.0')) checked.error([...path, 'definition', 'delivery-limit'], say.unknownToVersion('a limit below 0', version));
  if (definition['queue-version'] === 1 && isAtLeast(version, '4.0')) checked.warning([...path, 'definition', 'queue-version'], say.noEffectIn('version 1', version, 'all classic queues have version 2'));
}
