import { describe, expect, it } from 'vitest';
import { formatExplanation } from '../../reports/story.ts';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { explainMessage, UnknownMessage } from '../../scenarios/explain.ts';
import { runScenario } from '../../scenarios/run.ts';

/** Half a minute in which nothing that one of two workers says arrives: what it handles meanwhile is handled again. */
const settings: ScenarioSettings = {
  faultline: 1,
  name: 'one-way',
  phases: { measure: '1m', drain: '1m' },
  brokers: { mq: { kind: 'work-queue', queues: { jobs: {} } } },
  producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '10/s' } }, confirm: { timeout: '5s' } } },
  consumers: { workers: { count: 2, subscribe: 'mq/jobs', prefetch: 3, service: { constant: { value: '50ms' } } } },
  faults: [{ kind: 'partition', between: ['consumers.workers.0', 'mq'], direction: 'one', at: '10s', for: '30s' }],
  claims: ['exactly-once-effect'],
};

describe('explain', () => {
  const scenario = createScenario(settings);
  const result = runScenario(scenario);
  const verdict = result.verdicts.find(({ claim }) => claim === 'exactly-once-effect')!;

  it('tells the life of a witness, with the fault that touched it and the claim that it breaks', () => {
    expect(verdict.verdict).toBe('fail');
    const explanation = explainMessage(scenario, verdict.witness!.message);
    expect(explanation.life.map(({ what }) => what)).toEqual([
      'published', 'sent', 'stored', 'delivered', 'work-started', 'confirmed', 'confirm-received', 'effect',
      'settlement-lost', 'requeued', 'delivered', 'work-started', 'duplicate-effect', 'acknowledged',
    ]);
    expect(explanation.faults.map(({ id, label }) => `${id} ${label}`)).toEqual(['F1 one-way partition']);
    expect(explanation.life.find(({ what }) => what === 'settlement-lost')!.text).toContain('connection-lost(F1)');
    expect(explanation.fate).toBe('It was confirmed, and it took effect 2 times.');
    expect(explanation.broke).toEqual(['exactly-once-effect (D3)']);
  });

  it('tells of an ordinary message that nothing happened to it', () => {
    const explanation = explainMessage(scenario, 'web.0-1');
    expect(explanation.fate).toBe('It was confirmed, and it took effect once.');
    expect(explanation.faults).toEqual([]);
    expect(explanation.broke).toEqual([]);
  });

  it('says which queue dead-lettered it, and into which', () => {
    const lifeIn = (into: string): string[] => {
      const queues = { jobs: { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': into } }, dead: {} };
      const consumers: ScenarioSettings['consumers'] = { workers: { subscribe: 'mq/jobs', service: '50ms', failure: { poison: { every: 1 }, then: 'reject' } } };
      const { life } = explainMessage(createScenario({ ...settings, brokers: { mq: { kind: 'rabbitmq', version: '3.13', queues } }, consumers, faults: [], claims: [] }), 'web.0-1');
      return life.filter(({ what }) => what === 'dead-lettered').map(({ where, text }) => `${where}: ${text}`);
    };
    expect(lifeIn('dead')).toEqual(['mq/jobs: dead-lettered into mq/dead: rejected']);
    expect(lifeIn('jobs')[0]).toBe('mq/jobs: dead-lettered into this queue again: rejected');
  });

  it('says who published when there is no such message', () => {
    for (const name of ['web.0-99999', 'nobody.0-1', 'web.0', '', 'web.0-0', '-', 'web.0-1e3']) {
      expect(() => explainMessage(scenario, name)).toThrow(UnknownMessage);
    }
    expect(() => explainMessage(scenario, 'web.7-3')).toThrow(/no message is called web.7-3/);
  });

  it('fits a narrow terminal and prints no colour unless asked', () => {
    const text = formatExplanation(explainMessage(scenario, verdict.witness!.message), { colour: false, width: 60 });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(text).not.toContain('\u001B');
    expect(text).toContain('--- F1 begins: one-way partition');
  });

  it('changes nothing in the run', () => {
    const lines: unknown[] = [];
    expect(runScenario(scenario, { history: (line) => lines.push(line) }).fingerprint).toBe(result.fingerprint);
    expect(lines.length).toBeGreaterThan(result.messages.published * 5);
  });
});
