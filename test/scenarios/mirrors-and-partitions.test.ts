/** Under a partition each side of a mirrored queue has a leader unless one side stops: that is not modelled, and refused. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';

type Fault = NonNullable<ScenarioSettings['faults']>[number];
type Handling = 'ignore' | 'autoheal' | 'pause_minority';

function load(fault: Fault, handling: Handling = 'ignore', definition: object = { 'ha-mode': 'all' }): () => unknown {
  return () => createScenario({
    faultline: 1, name: 'split', phases: { measure: '10m' },
    brokers: { mq: { kind: 'rabbitmq', version: '3.13', nodes: 3, config: { cluster_partition_handling: handling }, queues: { jobs: {} }, policies: [{ name: 'ha', pattern: '^jobs$', definition }] } },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '1/s' } } } }, consumers: { w: { subscribe: 'mq/jobs', service: '1ms' } }, faults: [fault],
  });
}

const parted = (lasting: string, more: object = {}): Fault => ({ kind: 'partition', between: ['mq.0', ['mq.1', 'mq.2']], at: '1m', for: lasting, ...more }) as Fault;
const paused = (lasting: string, target = 'mq.1'): Fault => ({ kind: 'pause', target, at: '1m', for: lasting });
const twice = /mirrored queue mq\/jobs would have two leaders/;

describe('a mirrored queue', () => {
  it.each<[string, Fault, Handling]>([
    ['a partition that is noticed', parted('45s'), 'ignore'],
    ['one that autoheal ends', parted('2m'), 'autoheal'],
    ['one way', parted('2m', { direction: 'one' }), 'ignore'],
    ['strikes of a rate, which may add up', parted('10s', { at: undefined, rate: '1/h' }), 'ignore'],
    ['a node that stands still for long', paused('1m'), 'ignore'],
    ['and does not know that it is in a minority', paused('1m'), 'pause_minority'],
  ])('refuses %s', (_, fault, handling) => {
    expect(load(fault, handling)).toThrow(twice);
    expect(load(fault, handling, { 'max-length': 1000 })).not.toThrow();
  });

  it.each<[string, Fault, Handling]>([
    ['a partition that nobody notices', parted('44s'), 'ignore'],
    ['one whose minority stops', parted('2m'), 'pause_minority'],
    ['one of its clients', { kind: 'partition', between: ['producers.web', 'mq'], at: '1m', for: '2m' }, 'ignore'],
    ['a node that stands still for a while', paused('44s'), 'ignore'],
    ['all nodes standing still', paused('2m', 'mq'), 'ignore'],
  ])('takes %s', (_, fault, handling) => {
    expect(load(fault, handling)).not.toThrow();
  });
});
