/**
 * Every broker of the registry, in all its kinds of queue, asked the same: random scenarios under random faults, watched after every
 * event. `FAULTLINE_RUNS` sets how many for each property and subject; `npm run campaign` runs thousands. A failure prints the
 * smallest scenario that still fails, and the seed and path that lead to it again.
 */
import { describe, expect, it } from 'vitest';
import { exemptions, guaranteesOf } from './exemptions.ts';
import { causeOf, properties } from './properties.ts';
import { Reached } from './reached.ts';
import { kindsOfQueue, strangers, type Subject, subjects } from './subjects.ts';

const runs = Number(process.env.FAULTLINE_RUNS ?? 60);

it('has a subject for each kind of queue of each broker, or says why not', () => {
  const all = Object.entries(kindsOfQueue).flatMap(([kind, queues]) => queues.map((queue) => `${kind}: ${queue}`));
  const asked = [...subjects, ...strangers.map(({ subject }) => subject)];
  expect([...new Set(asked.map(({ kind, queue }) => `${kind}: ${queue}`))].sort()).toEqual(all.sort());
  expect(new Set(asked.map(({ name }) => name)).size).toBe(asked.length);
});

it.each(strangers)('$subject.name is not asked, since $reason; and would fail', ({ subject, failsAs }) => {
  const causes = Object.values(properties).map((property) => causeOf(() => property.check(subject, { runs: 400, seed: 1, isToFail: true })));
  expect(causes.map((cause) => cause ?? 'it conforms: ask it')).toEqual(causes.map(() => expect.stringMatching(failsAs)));
});

/** By kind of queue, over all trials of this file. */
const reached = new Map<string, Reached>();
function reachedBy({ kind, queue, nodes }: Pick<Subject, 'kind' | 'queue' | 'nodes'>): Reached {
  const key = `${kind} ${queue} ${nodes > 1}`;
  if (!reached.has(key)) reached.set(key, new Reached());
  return reached.get(key)!;
}

describe.each(subjects)('$name', (subject) => {
  for (const [index, property] of Object.values(properties).entries()) {
    it(`${property.name}`, () => {
      expect(property.check(subject, { runs, seed: 100 * subjects.indexOf(subject) + index, ran: (system) => reachedBy(subject).note(system) })).toBe(runs);
    });
  }

  it('says what it promises of a queue, as configured', () => {
    const { work, dead } = guaranteesOf(subject, { deliveriesMax: 3, deadLetter: true });
    expect(work).toMatchObject({ deliveriesMax: subject.countsDeliveries ? 3 : Infinity, deadLetter: dead });
    expect(guaranteesOf(subject, {}).work.deadLetter).toBeUndefined();
  });

  for (const exemption of exemptions.filter(({ isFor }) => isFor(subject))) {
    it(`is exempt from ${exemption.from}, since ${exemption.reason}; and would fail`, () => {
      const cause = causeOf(() => exemption.tried(subject, { runs: 400, seed: 1, isToFail: true }));
      expect(cause ?? 'it conforms: ask it').toMatch(exemption.failsAs);
    });
  }
});

it('has no exemption that nobody needs', () => {
  expect(exemptions.filter(({ isFor }) => !subjects.some(isFor)).map(({ from }) => from)).toEqual([]);
});

describe('rare paths are taken, and often, by', () => {
  const always = [
    'broker.deadLettered', 'broker.expired', 'broker.redelivered', 'consumer.handlerCrashed', 'consumer.settlementLost', 'dropped.maxlen', 'dropped.rejected',
    'ledger.confirmLost', 'network.connectionRefused', 'network.silenceNoticed', 'node.crashed.host', 'node.crashed.process', 'node.paused',
    'publisher.outcomeUnknown', 'publisher.retried', 'session.lost', 'fault.crash', 'fault.latency', 'fault.partition', 'fault.pause', 'fault.slow', 'fault.rolling-restart', 'fault.crash-loop',
  ];
  const groups = [...new Map(subjects.map((subject) => [`${subject.kind}, ${subject.queue}, ${subject.nodes > 1 ? 'several nodes' : 'one node'}`, subject]))];
  it.each(groups)('%s', (_name, subject) => {
    const inCluster = subject.nodes > 1 ? ['peers.lost', 'peers.silenceNoticed'] : [];
    expect(reachedBy(subject).rarerThan(runs / 20, [...always, ...inCluster, ...subject.takes])).toEqual([]);
  });
});
