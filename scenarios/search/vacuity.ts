/** What a scenario could come to, by its settings, when things go wrong: a search that never had it happen has proven little. */
import type { ScenarioSettings } from '../scenario.ts';

interface Reachable {
  readonly what: string;
  /** Rare paths, any of which is it. */
  readonly paths: readonly string[];
}
interface QueueSettings {
  readonly deadLetter?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}
interface BrokerSettings {
  readonly kind: string;
  readonly nodes?: number;
  readonly queues?: Readonly<Record<string, QueueSettings | null>>;
  readonly policies?: readonly { readonly definition: Readonly<Record<string, unknown>> }[];
}

/** @returns what none of the schedules reached */
export function neverReached(settings: ScenarioSettings, reached: ReadonlyMap<string, number>): string[] {
  return reachable(settings).filter(({ paths }) => !paths.some((path) => reached.has(path))).map(({ what }) => what);
}

function reachable(settings: ScenarioSettings): Reachable[] {
  const brokers = Object.values(settings.brokers as Readonly<Record<string, BrokerSettings>>);
  const consumers = Object.values((settings.consumers ?? {}) as Readonly<Record<string, { readonly acknowledge?: string; readonly subscribe: string }>>);
  const argumentsOf = (queue: QueueSettings | null): Readonly<Record<string, unknown>> => queue?.arguments ?? {};
  const anyQueue = (fits: (queue: QueueSettings | null) => boolean): boolean => brokers.some(({ queues = {} }) => Object.values(queues).some(fits));
  const anyPolicy = (key: string): boolean => brokers.some(({ policies = [] }) => policies.some(({ definition }) => key in definition));
  const comesBack = consumers.some(({ acknowledge = 'after-work', subscribe }) => ['after-work', 'manual'].includes(acknowledge) && !isStream(settings, subscribe));
  const elects = brokers.some(({ nodes = 1, queues = {} }) => nodes > 1 && Object.values(queues).some((queue) => argumentsOf(queue)['x-queue-type'] === 'quorum'));
  return [
    ...(comesBack ? [{ what: 'a redelivery', paths: ['broker.redelivered'] }] : []),
    ...(anyQueue((queue) => queue?.deadLetter !== undefined || 'x-dead-letter-exchange' in argumentsOf(queue)) || anyPolicy('dead-letter-exchange') ? [{ what: 'a dead letter', paths: ['broker.deadLettered'] }] : []),
    ...(elects ? [{ what: 'an election', paths: ['raft.elected'] }] : []),
    ...(anyPolicy('ha-mode') ? [{ what: 'the promotion of a mirror', paths: ['mirror.promoted'] }] : []),
  ];
}

function isStream({ brokers }: ScenarioSettings, subscribe: string): boolean {
  const [broker, queue] = subscribe.split('/') as [string, string];
  return (brokers as Readonly<Record<string, BrokerSettings>>)[broker]?.queues?.[queue]?.arguments?.['x-queue-type'] === 'stream';
}
