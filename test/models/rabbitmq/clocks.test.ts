/** Times to live are counted by a wall clock, and wall clocks can be wrong. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../../scenarios/define.ts';
import { clusterSystem, type ClusterParts, type Fault, quorum, told } from './cluster-system.ts';

/** Messages live for a second and come at 10, 20 … ms; nobody reads them before a reader comes at 500 ms. */
const ttl = { 'x-message-ttl': '1s' } as const;
const skew = (target: string, at: string, more: object = {}): Fault => ({ kind: 'clock-skew', target, jump: '1h', at, for: '10s', ...more }) as Fault;
const times = (lines: readonly string[]): number[] => lines.map((line) => Number(line.split(' ')[0]));

describe('a classic queue', () => {
  const parts = (...faults: Fault[]): ClusterParts => ({ jobs: { arguments: ttl }, producer: { messages: 3 }, faults });

  it('lets messages live as long as they may, by a clock that is right', () => {
    expect(told(parts(), 'dropped')).toEqual(['1010 dropped 1 (expired)', '1020 dropped 2 (expired)', '1030 dropped 3 (expired)']);
  });

  it('drops all of them when its clock jumps ahead, as soon as something happens in it', () => {
    // The timer counts what passes: it is the next publish that has the queue look.
    expect(times(told(parts(skew('mq.0', '15ms')), 'dropped'))).toEqual([20, 1020, 1030]);
    expect(times(told(parts(skew('mq.0', '100ms')), 'dropped'))).toEqual([1010, 1010, 1010]);
  });

  it('keeps them for longer when it jumps back', () => {
    expect(times(told(parts(skew('mq.0', '100ms', { direction: 'back', jump: '5s', for: '60s' })), 'dropped'))).toEqual([6010, 6020, 6030]);
  });

  it('counts by a clock that drifts', () => {
    // A clock that gains a half: what came at 10 ms has lived for a second after two thirds of one, and the timer looks later.
    expect(times(told(parts(skew('mq.0', '0s', { jump: '0', drift: 500_000 })), 'dropped'))).toEqual([1010, 1010, 1010]);
  });

  it('does not look at the clocks of others', () => {
    expect(times(told({ ...parts(skew('mq.1', '15ms')), broker: { nodes: 3 } }, 'dropped'))).toEqual([1010, 1020, 1030]);
  });
});

describe('a quorum queue', () => {
  const parts = (...faults: Fault[]): ClusterParts => ({ broker: { nodes: 3 }, jobs: quorum(ttl), producer: { messages: 3 }, faults });
  const crash = (at: string): Fault => ({ kind: 'crash', target: 'mq.0', at, for: '20s' });

  it('goes on by the clock of Erlang when the system\'s jumps', () => {
    expect(times(told(parts(skew('mq', '15ms')), 'dropped'))).toEqual(times(told(parts(), 'dropped')));
  });

  it('has another clock when another node leads that started with a wrong one', () => {
    const others: Fault[] = ['mq.1', 'mq.2'].map((target) => ({ kind: 'crash', target, at: '100ms', for: '50ms' }));
    const wrong = [skew('mq.1', '50ms', { direction: 'back', jump: '5s', for: '60s' }), skew('mq.2', '50ms', { direction: 'back', jump: '5s', for: '60s' })];
    const right = times(told(parts(...others, crash('600ms')), 'dropped'));
    const late = times(told(parts(...wrong, ...others, crash('600ms')), 'dropped'));
    expect(Math.max(...right)).toBeLessThan(4000);
    expect(Math.min(...late)).toBeGreaterThan(6000);
  });
});

it('is refused for a work queue, and where it changes nothing', () => {
  const of = (fault: Fault) => () => createScenario({ ...clusterSystem({ faults: [fault] }), brokers: { mq: { kind: 'work-queue', queues: { jobs: {} } } } });
  expect(of(skew('mq', '1s'))).toThrow('faults.0.target: mq reads no wall clock');
  expect(() => createScenario(clusterSystem({ faults: [skew('mq', '1s', { jump: '0' })] }))).toThrow('the clock is as right as before');
});
