/** Settings that might mend what a plan breaks, each run with the same plan, and what it costs where nothing goes wrong. */
import type { WhatIf } from '../check-result.ts';
import { costsOf } from '../costs.ts';
import type { ScenarioSettings } from '../scenario.ts';
import type { Plan } from './plan.ts';
import { settingText, withSetting } from './settings.ts';
import { runPlan } from './try-plan.ts';

interface Mend {
  readonly path: readonly string[];
  readonly value: unknown;
}
type Candidate = readonly Mend[];

/** Each on its own; a scenario that refuses one, or has it already, leaves it out. */
function candidatesOf(settings: ScenarioSettings): Candidate[] {
  const names = (section: object | undefined): string[] => Object.keys(section ?? {});
  const kindOf = (broker: string): string => (settings.brokers as Record<string, { kind: string }>)[broker]!.kind;
  const queues = names(settings.brokers).flatMap((broker) => names((settings.brokers as Record<string, { queues?: object }>)[broker]!.queues).map((queue) => ({ broker, queue })));
  return [
    ...names(settings.producers).flatMap((name): Candidate[] => [
      [{ path: ['producers', name, 'confirm'], value: { timeout: '5s' } }, { path: ['producers', name, 'retry'], value: { fixed: { delay: '500ms' } } }],
      [{ path: ['producers', name, 'retry'], value: { fixed: { delay: '500ms' } } }], [{ path: ['producers', name, 'retry'], value: 'none' }],
      [{ path: ['producers', name, 'confirm'], value: { timeout: '60s' } }], [{ path: ['producers', name, 'maxUnconfirmed'], value: 1 }], [{ path: ['producers', name, 'outbox'], value: true }],
      [{ path: ['producers', name, 'deliveryMode'], value: 'persistent' }], [{ path: ['producers', name, 'mandatory'], value: true }],
    ]),
    ...names(settings.consumers).flatMap((name): Candidate[] => [
      [{ path: ['consumers', name, 'acknowledge'], value: 'after-work' }], [{ path: ['consumers', name, 'idempotency'], value: {} }],
      [{ path: ['consumers', name, 'prefetch'], value: 1 }], [{ path: ['consumers', name, 'count'], value: 1 }, { path: ['consumers', name, 'concurrency'], value: 1 }],
    ]),
    ...names(settings.brokers).filter((broker) => kindOf(broker) === 'work-queue').flatMap((broker): Candidate[] => [
      [{ path: ['brokers', broker, 'storage', 'durable'], value: true }], [{ path: ['brokers', broker, 'storage', 'confirm'], value: 'after-sync' }],
      [{ path: ['brokers', broker, 'storage', 'fsync'], value: 'always' }, { path: ['brokers', broker, 'storage', 'confirm'], value: 'after-sync' }],
      [{ path: ['brokers', broker, 'storage', 'onSyncError'], value: 'stop' }], [{ path: ['brokers', broker, 'storage', 'checksum'], value: true }], [{ path: ['brokers', broker, 'expiredWork'], value: 'drop' }],
    ]),
    ...queues.flatMap(({ broker, queue }): Candidate[] => (kindOf(broker) === 'work-queue'
      ? [
        [{ path: ['brokers', broker, 'queues', queue, 'deliveryLimit'], value: 5 }], [{ path: ['brokers', broker, 'queues', queue, 'deliveryLimit'], value: 5 }, { path: ['brokers', broker, 'queues', queue, 'deadLetter'], value: `${queue}-dead` }, { path: ['brokers', broker, 'queues', `${queue}-dead`], value: {} }],
        [{ path: ['brokers', broker, 'queues', queue, 'lease'], value: '1h' }], [{ path: ['brokers', broker, 'queues', queue, 'overflow'], value: 'reject' }], [{ path: ['brokers', broker, 'queues', queue, 'maxLength'], value: undefined }],
        [{ path: ['brokers', broker, 'queues', queue, 'priorities'], value: undefined }],
      ]
      : [
        [{ path: ['brokers', broker, 'queues', queue, 'arguments', 'x-queue-type'], value: 'quorum' }], [{ path: ['brokers', broker, 'queues', queue, 'arguments', 'x-queue-type'], value: 'quorum' }, { path: ['brokers', broker, 'nodes'], value: 3 }],
        [{ path: ['brokers', broker, 'queues', queue, 'arguments', 'x-overflow'], value: 'reject-publish' }], [{ path: ['brokers', broker, 'queues', queue, 'arguments', 'x-dead-letter-strategy'], value: 'at-least-once' }, { path: ['brokers', broker, 'queues', queue, 'arguments', 'x-overflow'], value: 'reject-publish' }],
        [{ path: ['brokers', broker, 'queues', queue, 'arguments', 'x-delivery-limit'], value: 20 }], [{ path: ['brokers', broker, 'queues', queue, 'arguments', 'x-consumer-timeout'], value: '2h' }],
      ])),
  ];
}

/** @param claim whose verdict is asked for @param whole the plan of the workload before it was shrunk, whose faults are left out for the costs */
export function whatIf(base: ScenarioSettings, plan: Plan, whole: Plan, claim: string): WhatIf[] {
  const calm = { ...whole, faults: [] };
  const before = runPlan(base, calm);
  const known = new Set<string>([JSON.stringify(base)]);
  return candidatesOf(base).flatMap((candidate) => {
    const changed = candidate.reduce((settings, { path, value }) => withSetting(settings, path, value), base as unknown as Readonly<Record<string, unknown>>) as unknown as ScenarioSettings;
    const key = JSON.stringify(changed);
    if (known.has(key)) return [];
    known.add(key);
    const result = runPlan(changed, plan);
    const verdict = result?.verdicts.find((each) => each.claim === claim)?.verdict;
    if (result === undefined || verdict === undefined || verdict === 'fail') return [];
    const after = runPlan(changed, calm);
    const set = candidate.map(({ path, value }) => settingText(path.join('.'), value));
    return [{ setting: set.join(' and '), set, verdict, cost: costsOf(before, after) }];
  });
}
