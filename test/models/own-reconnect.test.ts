/** Clients with a rule of their own for connecting again, beside that of the network. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { driveToQuiet } from './driven.ts';
import type { HistoryLine } from '../../scenarios/history.ts';

type Reconnect = NonNullable<ScenarioSettings['consumers']>[string]['reconnect'];

/** The broker is down from 15 to 20 ms; who comes back then works: when each message is confirmed and handled, in ms. */
function told(producer: Reconnect, consumer: Reconnect): { confirmed: number[]; handled: number[] } {
  const lines: HistoryLine[] = [];
  const client = (reconnect: Reconnect) => (reconnect === undefined ? {} : { reconnect });
  const settings: ScenarioSettings = {
    faultline: 1, name: 'own', phases: { measure: '1s', drain: '10s' },
    network: { connection: { reconnect: { fixed: { delay: '100ms' } } } },
    brokers: { mq: { kind: 'work-queue', queues: { jobs: null }, recovery: '0', storage: { sync: '0' } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 2, confirm: {}, ...client(producer) } },
    consumers: { w: { subscribe: 'mq/jobs', service: '1ms', ...client(consumer) } },
    faults: [{ kind: 'crash', target: 'mq.0', at: '15ms', for: '5ms' }],
  };
  driveToQuiet(createScenario(settings), { history: lines });
  const of = (what: HistoryLine['what']) => lines.filter((line) => line.what === what).map(({ at }) => Number((at * 1000).toFixed(3)));
  return { confirmed: of('confirmed'), handled: of('effect') };
}

describe('clients connect again', () => {
  it('as the network says', () => {
    expect(told(undefined, undefined)).toEqual({ confirmed: [10, 115], handled: [11, 116] });
  });

  it('as they say themselves', () => {
    expect(told({ fixed: { delay: '30ms' } }, undefined)).toEqual({ confirmed: [10, 45], handled: [11, 116] });
    expect(told(undefined, { fixed: { delay: '200ms' } })).toEqual({ confirmed: [10, 115], handled: [11, 216] });
  });

  it('or never, whatever the network says', () => {
    expect(told(undefined, 'none')).toEqual({ confirmed: [10, 115], handled: [11] });
    expect(told('none', undefined)).toEqual({ confirmed: [10], handled: [11] });
  });

  it('and know no deadline', () => {
    expect(() => told({ fixed: { delay: '30ms' }, deadline: '5s' }, undefined)).toThrow('connections know no deadline');
  });
});
