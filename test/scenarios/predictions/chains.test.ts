/** The life of a message as a Markov chain, and the life cycles of components: implied by settings, and estimated from runs. */
import { describe, expect, it } from 'vitest';
import type { MessageChain } from '../../../scenarios/prediction-result.ts';
import { createScenario, type ScenarioSettings } from '../../../scenarios/define.ts';
import { runScenario } from '../../../scenarios/run.ts';

function settings(parts: { jobs?: object; consumer?: object; producer?: object; rest?: Partial<ScenarioSettings> } = {}): ScenarioSettings {
  return {
    faultline: 1, name: 'chains', phases: { measure: '10m', drain: '5m' },
    brokers: { mq: { kind: 'work-queue', storage: { durable: false }, queues: { jobs: { ...parts.jobs }, dead: {} } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { poisson: { rate: '50/s' } }, ...parts.producer } },
    consumers: { workers: { count: 2, subscribe: 'mq/jobs', service: { exponential: { mean: '10ms' } }, ...parts.consumer } },
    ...parts.rest,
  } as ScenarioSettings;
}

function chainOf(parts?: Parameters<typeof settings>[0]): MessageChain {
  return runScenario(createScenario(settings(parts))).chains.find(({ queue }) => queue === 'mq/jobs')!;
}

const arrow = ({ transitions }: MessageChain, from: string, to: string) => transitions.find((each) => each.from === from && each.to === to);
const fate = ({ fates }: MessageChain, state: string) => fates.find((each) => each.state === state);

describe('the life of a message', () => {
  it('is short while all is well', () => {
    const chain = chainOf();
    expect(chain).toMatchObject({ states: ['published', 'ready', 'delivery 1', 'acknowledged'], absorbing: ['acknowledged'], unpredicted: [], meanDeliveries: { predicted: 1, estimated: 1 } });
    expect(fate(chain, 'acknowledged')).toEqual({ state: 'acknowledged', predicted: 1, estimated: 1, observed: 1 });
  });

  it('goes round while handlings fail, and ends with the dead letters after too many', () => {
    const chain = chainOf({ jobs: { deliveryLimit: 3, deadLetter: 'dead' }, consumer: { failure: { probability: 0.2 } } });
    expect(chain.states).toEqual(['published', 'ready', 'delivery 1', 'ready after 1', 'delivery 2', 'ready after 2', 'delivery 3', 'acknowledged', 'dead-lettered']);
    expect(fate(chain, 'dead-lettered')!.predicted).toBeCloseTo(0.008, 12);
    expect(chain.meanDeliveries.predicted).toBeCloseTo(1.24, 12);
    for (const { from, to, agrees } of chain.transitions) expect([from, to, agrees]).toEqual([from, to, true]);
    // Nothing was left over, so the estimated chain ends as the messages did.
    for (const { estimated, observed } of chain.fates) expect(estimated).toBeCloseTo(observed!, 12);
    expect(fate(chain, 'dead-lettered')!.observed).toBeCloseTo(0.008, 2);
  });

  it('is refused by a full queue as often as the chain of the queue says', () => {
    const chain = chainOf({ jobs: { maxLength: 1, overflow: 'reject' }, producer: { arrivals: { poisson: { rate: '150/s' } }, confirm: {} }, consumer: { count: 1 } });
    expect(arrow(chain, 'published', 'refused')!.predicted).toBeCloseTo((1.5 * 1.5) / (1 + 1.5 + 1.5 * 1.5), 12);
    expect(arrow(chain, 'published', 'refused')!.agrees).toBe(true);
  });

  it('is rejected for good where failures are', () => {
    const chain = chainOf({ consumer: { failure: { probability: 0.1, then: 'reject' } } });
    expect(arrow(chain, 'delivery 1', 'lost')).toMatchObject({ predicted: 0.1, agrees: true });
  });

  it('comes back when a handler crashes', () => {
    const chain = chainOf({ consumer: { count: 4, crashes: [{ point: 'during-work', probability: 0.01, restart: '100ms' }] } });
    expect(arrow(chain, 'delivery 1', 'ready after 1')!.predicted).toBeCloseTo(0.01, 12);
    expect(arrow(chain, 'delivery 1', 'ready after 1')!.agrees).toBe(true);
  });

  it('ends in the end, however often it was delivered before', () => {
    const chain = chainOf({ producer: { arrivals: { poisson: { rate: '2/s' } } }, consumer: { failure: { probability: 0.95 } } });
    expect(chain.states.slice(-3)).toEqual(['ready after 8', 'delivery 8', 'acknowledged'].sort((one, other) => chain.states.indexOf(one) - chain.states.indexOf(other)));
    expect(chain.transitions.filter(({ to }) => to === 'unfinished')).toEqual([]);
    expect(fate(chain, 'acknowledged')!.observed).toBe(1);
    expect(arrow(chain, 'delivery 8', 'ready after 8')!.probability).toBeGreaterThan(0.93);
  });

  it('shows a fault as a difference', () => {
    const chain = chainOf({ consumer: { count: 2, prefetch: 10, acknowledge: 'automatic' }, rest: { faults: [{ kind: 'partition', between: ['producers.web', 'mq'], direction: 'both', at: '2m', for: '1m' }] } });
    expect(chain.transitions.some(({ agrees }) => agrees === false)).toBe(true);
  });

  it('would show a probability that is 3 % off', () => {
    const chain = chainOf({ consumer: { failure: { probability: 0.4 } }, producer: { arrivals: { poisson: { rate: '100/s' } } } });
    const { interval, predicted, agrees } = arrow(chain, 'delivery 1', 'ready after 1')!;
    expect(agrees).toBe(true);
    expect(predicted! * 1.03).toBeGreaterThan(interval![1]);
  });

  it('says what settings do not decide', () => {
    const chain = chainOf({ jobs: { ttl: '20ms' } });
    expect(chain.unpredicted.join()).toMatch(/expire/);
    expect(fate(chain, 'lost')!.predicted).toBeNull();
    expect(fate(chain, 'lost')!.observed).toBeGreaterThan(0);
  });

  it('tells what was still under way at the end', () => {
    const chain = chainOf({ rest: { phases: { measure: '10s', drain: '1s' }, faults: [{ kind: 'pause', target: 'consumers.workers', at: '9s', for: '10s' }] } as Partial<ScenarioSettings> });
    expect(chain.transitions.filter(({ to }) => to === 'unfinished').reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(0);
    for (const state of ['ready', 'delivery 1']) {
      const came = chain.transitions.filter(({ to }) => to === state).reduce((sum, { count }) => sum + count, 0);
      const left = chain.transitions.filter(({ from }) => from === state).reduce((sum, { count }) => sum + count, 0);
      expect([state, left]).toEqual([state, came]);
    }
  });
});

describe('life cycles', () => {
  const lifecycle = { states: { up: {}, slow: { serviceFactor: 2 }, down: { down: true } }, rates: { up: { slow: '0.1/s', down: '0.02/s' }, slow: { up: '0.3/s' }, down: { up: '0.2/s' } }, start: 'up' };

  it('are solved, and as they were solved so they are simulated', () => {
    const [solved] = runScenario(createScenario(settings({ consumer: { count: 8, lifecycle }, rest: { phases: { warmUp: '1m', measure: '20m', drain: '5m' } } }))).lifecycles;
    // Balance by hand: up : slow : down = 1 : 0.1/0.3 : 0.02/0.2.
    const up = 1 / (1 + 1 / 3 + 0.1);
    expect(solved).toMatchObject({ of: 'consumers.workers', individuals: 8 });
    expect(solved!.states.map(({ name }) => name)).toEqual(['up', 'slow', 'down']);
    expect(solved!.availability.predicted).toBeCloseTo(1 - 0.1 * up, 12);
    expect(solved!.capacity.predicted).toBeCloseTo(up * (1 + 1 / 6), 12);
    for (const { name, agrees } of [...solved!.states, solved!.availability, solved!.capacity]) expect([name, agrees]).toEqual([name, true]);
    // From up and slow, failing only from up: m_up = 1/0.12 + (0.1/0.12) m_slow, m_slow = 1/0.3 + m_up.
    expect(solved!.meanTimeToFailure).toBeCloseTo((1 / 0.12 + (0.1 / 0.12) / 0.3) / (1 - 0.1 / 0.12), 9);
  });

  it('begin where the scenario begins, which a short phase still feels', () => {
    const slowly = { states: { up: {}, down: { down: true } }, rates: { up: { down: '0.01/s' }, down: { up: '0.01/s' } }, start: 'up' };
    const [solved] = runScenario(createScenario(settings({ consumer: { count: 2, lifecycle: slowly }, rest: { phases: { measure: '10s', drain: '1s' } } }))).lifecycles;
    expect(solved!.availability.predicted).toBeCloseTo(0.5, 12);
    // ½ + ½ (1 − e^(−0.02·10)) / (0.02·10)
    expect(solved!.availability.expected).toBeCloseTo(0.5 + (0.5 * (1 - Math.exp(-0.2))) / 0.2, 9);
    expect(solved!.availability.agrees).toBeNull();
  });
});
