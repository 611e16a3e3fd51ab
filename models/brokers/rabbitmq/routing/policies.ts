/** Policies: settings for every queue and exchange whose name matches; of several, one alone applies (rabbit_policy, 3.10 to 4.3). */
import type { PolicySpec } from '../settings.ts';
import { compilePattern, type Pattern } from './pattern.ts';

export type QueueType = 'classic' | 'quorum' | 'stream';
export type PolicyKey = keyof PolicySpec['definition'];

export const ofMirrors = ['ha-mode', 'ha-params', 'ha-sync-mode', 'ha-promote-on-failure', 'ha-promote-on-shutdown'] as const satisfies readonly PolicyKey[];
const ofStreams: readonly PolicyKey[] = ['max-age', 'stream-max-segment-size-bytes', 'initial-cluster-size'];
/** With one of these a policy does not apply to queues of that type at all, not even with its other keys (`unsupported_policies` of each type). */
export const foreignTo: Readonly<Record<QueueType, readonly PolicyKey[]>> = {
  classic: ['delivery-limit', 'dead-letter-strategy', ...ofStreams],
  quorum: [...ofStreams, ...ofMirrors],
  stream: ['message-ttl', 'max-length', 'overflow', 'dead-letter-exchange', 'dead-letter-routing-key', 'dead-letter-strategy', 'delivery-limit', ...ofMirrors],
};

/** As `apply-to` calls all queues of a type. */
export const plural: Readonly<Record<QueueType, PolicySpec['apply-to']>> = { classic: 'classic_queues', quorum: 'quorum_queues', stream: 'streams' };

interface Rule {
  readonly policy: PolicySpec;
  readonly pattern: Pattern;
}

export class Policies {
  private readonly rules: readonly Rule[];

  /** @throws PatternError for a pattern that is none */
  constructor(policies: readonly PolicySpec[]) {
    this.rules = policies.map((policy) => ({ policy, pattern: compilePattern(policy.pattern) })).sort((a, b) => byPriority(a.policy, b.policy));
  }

  forQueue(name: string, type: QueueType): PolicySpec | undefined {
    const [first] = this.ofQueue(name, type);
    return first;
  }

  forExchange(name: string): PolicySpec | undefined {
    const [first] = this.ofExchange(name);
    return first;
  }

  /** All that match, the one that applies first. */
  ofQueue(name: string, type: QueueType): Iterable<PolicySpec> {
    return this.matching(name, (policy) => isForQueues(policy, type));
  }

  ofExchange(name: string): Iterable<PolicySpec> {
    return this.matching(name, isForExchanges);
  }

  private *matching(name: string, isMeant: (policy: PolicySpec) => boolean): Iterable<PolicySpec> {
    for (const { policy, pattern } of this.rules) if (isMeant(policy) && pattern.matches(name)) yield policy;
  }
}

/** RabbitMQ leaves open which of equal priority applies (they come out of a hash table); here it is the first by name. */
function byPriority(a: PolicySpec, b: PolicySpec): number {
  return b.priority - a.priority || (a.name < b.name ? -1 : Number(a.name > b.name));
}

function isForQueues(policy: PolicySpec, type: QueueType): boolean {
  if (foreignTo[type].some((key) => policy.definition[key] !== undefined)) return false;
  return ['all', 'queues', plural[type]].includes(policy['apply-to']);
}

function isForExchanges(policy: PolicySpec): boolean {
  return ['all', 'exchanges'].includes(policy['apply-to']);
}
