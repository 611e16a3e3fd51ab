/** Policies of a virtual host as policies of a scenario. */
import { compilePattern, type Pattern, PatternError } from '../../models/brokers/rabbitmq/routing/pattern.ts';
import { ofMirrors, plural, type QueueType } from '../../models/brokers/rabbitmq/routing/policies.ts';
import { queueTypes } from '../../models/brokers/rabbitmq/settings.ts';
import { isAtLeast, rulesOf, type Version } from '../../models/brokers/rabbitmq/versions.ts';
import type { DefinedPolicy, DefinedQueue } from './definitions.ts';
import { knownSettings, policySettings } from './known-settings.ts';
import type { Renamed } from './names.ts';
import type { Notes } from './notes.ts';
import { type ImportProblem, ImportProblems, quoted } from './problems.ts';
import { typeOf, withNewNames } from './queues.ts';

export interface ImportedPolicy {
  readonly name: string;
  readonly pattern: string;
  readonly 'apply-to'?: string;
  readonly priority?: number;
  readonly definition: Readonly<Record<string, unknown>>;
}

/** `queues` are those that are taken over. @throws ImportProblems where the names are too many for the patterns */
export function importPolicies(
  policies: readonly DefinedPolicy[], queues: readonly DefinedQueue[], names: Renamed, version: Version, notes: Notes, problems: ImportProblem[],
): ImportedPolicy[] {
  const readable = readablePolicies(policies, notes);
  refuseTooMuchWork(readable.map(({ pattern }) => pattern), queues);
  const ranks = ranksOf(policies, notes);
  return readable.flatMap(({ policy, pattern }) => {
    const { name } = policy;
    const matching = queues.filter((queue) => pattern.matches(names.queues.of(queue.name)));
    const applyTo = applicationOf(policy, new Set(matching.map(typeOf)), version, notes);
    if (applyTo === undefined) return [];
    const known = knownSettings(withoutMirrors(policy, version, notes), policySettings, `policy ${quoted(name)}`, ['policies', name, 'definition'], notes, problems);
    const rank = ranks(policy.priority);
    // One without settings is kept: where it applies, those of a lower priority do not.
    return [{ name, pattern: policy.pattern, ...(applyTo !== 'all' && { 'apply-to': applyTo }), ...(rank !== 0 && { priority: rank }), definition: withNewNames(known, '', names) }];
  });
}

interface ReadablePolicy {
  readonly policy: DefinedPolicy;
  readonly pattern: Pattern;
}

function readablePolicies(policies: readonly DefinedPolicy[], notes: Notes): ReadablePolicy[] {
  return policies.flatMap((policy) => {
    const pattern = patternOf(policy.pattern);
    if (pattern !== undefined) return [{ policy, pattern }];
    notes.leaveOut('policies whose pattern is too long or not one of those that are modelled', `${quoted(policy.name)} with ${quoted(policy.pattern)}`);
    return [];
  });
}

/** Steps of patterns times characters of names: some seconds. */
const workMax = 1e9;

function refuseTooMuchWork(patterns: readonly Pattern[], queues: readonly DefinedQueue[]): void {
  const steps = patterns.reduce((sum, { size }) => sum + size, 0);
  const characters = queues.reduce((sum, { name }) => sum + name.length, 0);
  if (steps * characters > workMax) throw new ImportProblems([{ path: 'policies', message: `${patterns.length} patterns are too many for the names of ${queues.length} queues`, hint: 'take out of the file what the scenario is not about' }]);
}

const patternLengthMax = 1000;
const priorityMax = 1_000_000;

function patternOf(text: string): Pattern | undefined {
  try {
    return text.length > patternLengthMax ? undefined : compilePattern(text);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return undefined;
  }
}

/** A scenario's priorities are whole numbers from 0; only their order matters. */
function ranksOf(policies: readonly DefinedPolicy[], notes: Notes): (priority: number) => number {
  const priorities = [...new Set(policies.map(({ priority }) => priority))].sort((a, b) => a - b);
  if (priorities.every((priority) => Number.isInteger(priority) && priority >= 0 && priority <= priorityMax)) return (priority) => priority;
  notes.change('priorities of policies are written as whole numbers from 0, in the same order');
  return (priority) => priorities.indexOf(priority);
}

const mirroring: readonly string[] = ofMirrors;
/** Left out with the policy's other unknown settings; yet with one of these RabbitMQ does not apply it to queues of the type at all. */
const foreignKeys: Readonly<Record<QueueType, readonly string[]>> = {
  classic: ['max-in-memory-length', 'max-in-memory-bytes', 'target-group-size'],
  quorum: ['max-priority', 'queue-mode', 'queue-master-locator', ...mirroring],
  stream: ['expires', 'max-in-memory-length', 'max-in-memory-bytes', 'max-priority', 'queue-mode', 'queue-master-locator', 'target-group-size', ...mirroring],
};

/** Mirrors on nodes that are named, of which a file says no more than the names; and all of them from 4.0 on, which has none. */
function leavesMirrorsOut(definition: DefinedPolicy['definition'], version: Version): boolean {
  return !rulesOf(version).hasMirroring || definition['ha-mode'] === 'nodes';
}

function isLeftOut(key: string, definition: DefinedPolicy['definition'], version: Version): boolean {
  return !Object.hasOwn(policySettings, key) || (mirroring.includes(key) && leavesMirrorsOut(definition, version));
}

function withoutMirrors({ name, definition }: DefinedPolicy, version: Version, notes: Notes): DefinedPolicy['definition'] {
  if (!leavesMirrorsOut(definition, version)) return definition;
  for (const key of mirroring) if (Object.hasOwn(definition, key)) notes.leaveOut(key, `policy ${quoted(name)}`);
  return Object.fromEntries(Object.entries(definition).filter(([key]) => !mirroring.includes(key)));
}

/** What it is for, without the types of queues that RabbitMQ would not apply it to; undefined where nothing is left. */
function applicationOf(policy: DefinedPolicy, matching: ReadonlySet<unknown>, version: Version, notes: Notes): string | undefined {
  const { name, definition, 'apply-to': applyTo } = policy;
  if (!['all', 'queues', 'exchanges', ...Object.values(plural)].includes(applyTo)) {
    notes.leaveOut('policies for what is not modelled', quoted(name));
    return undefined;
  }
  const types = queueTypes.filter((type) => ['all', 'queues', plural[type]].includes(applyTo));
  const left = types.filter((type) => !foreignKeys[type].some((key) => Object.hasOwn(definition, key) && isLeftOut(key, definition, version)));
  const lost = types.filter((type) => !left.includes(type));
  if (!lost.some((type) => matching.has(type))) return applyTo;
  const changeTo = (target: string): string => {
    notes.change('policies for a part of what they say, because of settings that were left out', `${quoted(name)} for ${target}`);
    return target;
  };
  const isForExchanges = applyTo === 'all' && Object.hasOwn(definition, 'alternate-exchange');
  if (left.length === 0 && isForExchanges) return changeTo('exchanges');
  if (left.length === 0) {
    notes.leaveOut('policies that RabbitMQ does not apply to queues of any modelled type', quoted(name));
    return undefined;
  }
  const kept = left.filter((type) => matching.has(type));
  // One policy is for one type of queues, or for all.
  if (isAtLeast(version, '3.13') && !isForExchanges && kept.length <= 1) return changeTo(plural[kept[0] ?? left[0]!]);
  const missed = lost.find((type) => matching.has(type))!;
  notes.mend(`in RabbitMQ the policy ${quoted(name)} does not apply to ${plural[missed].replace('_', ' ')}, because of settings that were left out`);
  return applyTo;
}
