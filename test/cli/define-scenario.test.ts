import { describe, expect, it } from 'vitest';
import { createScenario, defineScenario, ScenarioError } from '../../scenarios/define.ts';
import { parseScenario } from '../../scenarios/load.ts';

const settings = defineScenario({
  faultline: 1,
  name: 'in code',
  brokers: { mq: { kind: 'work-queue', queues: { jobs: { lease: '30s' } } } },
  producers: { web: { publish: 'mq/jobs', arrivals: { poisson: { rate: '5/s' } } } },
  consumers: { workers: { subscribe: 'mq/jobs', service: { exponential: { mean: '20ms' } } } },
});

describe('a scenario in TypeScript', () => {
  it('is the same as one in a file', () => {
    const loaded = parseScenario(JSON.stringify(settings), 'file.yaml');
    expect(loaded.ok && createScenario(settings)).toEqual(loaded.ok && loaded.scenario);
    expect(createScenario(settings).consumers.workers!.service).toEqual({ kind: 'exponential', mean: 20e6 });
  });

  it('is refused with every problem at once', () => {
    const wrong = { ...settings, claims: ['at-least-twice'], seed: -1 } as unknown as typeof settings;
    let refusal: unknown;
    try {
      createScenario(wrong);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ScenarioError);
    expect((refusal as ScenarioError).problems.map(({ path }) => path)).toEqual(expect.arrayContaining(['seed', 'claims.0']));
    expect((refusal as ScenarioError).message).toContain('at-least-once');
  });
});
