/**
 * What a subject is not asked, and why. Each is tried all the same, and has to fail: what a broker can do by now, it is asked.
 */
import { build } from '../../models/build.ts';
import type { QueueGuarantees } from '../../models/broker.ts';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { properties, type Runs } from './properties.ts';
import type { Levels, QueueTraits, Subject } from './subjects.ts';

export interface Exemption {
  readonly from: string;
  readonly reason: string;
  /** How its failure reads when it is tried all the same. */
  readonly failsAs: RegExp;
  isFor(subject: Subject): boolean;
  tried(subject: Subject, runs: Runs): void;
}

/** What the subject says of a queue that is to be like this. */
export function guaranteesOf(subject: Subject, work: QueueTraits): { readonly work: QueueGuarantees; readonly dead: number } {
  const { world } = build(createScenario(small(subject, work)));
  const broker = world.brokers.get('mq')!;
  const queue = broker.port.queue('work');
  return { work: broker.guarantees().find((each) => each.queue === queue)!, dead: work.deadLetter ? broker.port.queue('dead') : -1 };
}

function small(subject: Subject, work: QueueTraits, more: Partial<ScenarioSettings> = {}): ScenarioSettings {
  return { faultline: 1, name: subject.name, phases: { measure: '1s' }, brokers: { mq: subject.broker(work) }, ...more };
}

/** The scenario is loaded, and refused when it says something that this broker does not look at. */
function load(subject: Subject, more: Partial<ScenarioSettings>): void {
  createScenario(small(subject, {}, more));
}

const strictly = (levels: Levels): Levels => ({ ...levels, isStrict: true });

export const exemptions: readonly Exemption[] = [
  {
    from: 'being there again after a power loss', reason: 'what it confirmed was written and not synced',
    failsAs: /at-least-once|confirm-means-durable/, isFor: ({ survives }) => !survives.includes('host'),
    tried: (subject, runs) => properties.keeps.check({ ...subject, survives: ['host'] }, runs),
  },
  {
    from: 'refusing what it cannot route unless told to', reason: 'nodes that miss another forget its queues, and confirm what they drop',
    failsAs: /at-least-once/, isFor: ({ refusesWhatItCannotRoute }) => !refusesWhatItCannotRoute,
    tried: (subject, runs) => properties.keeps.check({ ...subject, refusesWhatItCannotRoute: true }, runs),
  },
  {
    from: 'finding its queues again after a partition', reason: 'nodes that forgot them learn of them when one starts anew, and not before',
    failsAs: /drained|comes to rest/, isFor: ({ mendsPartitions }) => !mendsPartitions,
    tried: (subject, runs) => properties.keeps.check({ ...subject, mendsPartitions: true }, runs),
  },
  {
    from: 'bounding deliveries', reason: 'it does not count them, or not those that are given back', failsAs: /bounds nothing/, isFor: ({ countsDeliveries }) => !countsDeliveries,
    tried: (subject) => {
      if (guaranteesOf(subject, { deliveriesMax: 3 }).work.deliveriesMax === Infinity) throw new Error('it bounds nothing');
    },
  },
  {
    from: 'serving the highest priority first', reason: 'its levels share: none of them starves', failsAs: /before its turn|is not the head/, isFor: ({ levels }) => !levels({}).isStrict,
    tried: (subject, runs) => properties.ends.check({ ...subject, levels: (work) => strictly(subject.levels(work)) }, runs),
  },
  {
    from: 'messages that live in memory only', reason: 'it has none', failsAs: /deliveryMode/, isFor: ({ hasTransient }) => !hasTransient,
    tried: (subject) => load(subject, { producers: { web: { publish: 'mq/work', deliveryMode: 'transient', arrivals: { constant: { rate: '1/s' } } } } }),
  },
  {
    from: 'consumers that go before others', reason: 'all have their turn', failsAs: /priority says nothing/, isFor: ({ ranksConsumers }) => !ranksConsumers,
    tried: (subject) => load(subject, { consumers: { workers: { subscribe: 'mq/work', priority: 5, service: '1ms' } } }),
  },
  {
    from: 'stopping in order', reason: 'its nodes only crash', failsAs: /stop/, isFor: ({ stops }) => !stops,
    tried: (subject) => load(subject, { faults: [{ kind: 'stop', target: 'mq', at: '100ms', for: '100ms' }] }),
  },
  {
    from: 'standing still for long', reason: 'its queues would have two leaders, which is refused', failsAs: /two leaders/, isFor: ({ standsStill }) => standsStill < Infinity,
    tried: (subject) => load(subject, { faults: [{ kind: 'pause', target: 'mq.1', at: '100ms', for: '4s' }] }),
  },
];
