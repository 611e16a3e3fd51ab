/** A node of 3.10 forgets queues whose node is down: what is published to an exchange meanwhile reaches the others that are bound, and is confirmed (recorded; rabbit_amqqueue `on_node_down`). */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../../scenarios/define.ts';
import { runScenario } from '../../../scenarios/run.ts';

describe('a queue that is bound and forgotten', () => {
  it.each<['3.10' | '4.2', string, boolean]>([['3.10', 'fail', true], ['4.2', 'pass', false]])('is owed what it did not get: at-least-once in %s', (version, verdict, isForgotten) => {
    const result = runScenario(createScenario({
      faultline: 1, name: 'fanout', phases: { measure: '60s', drain: '60s' },
      brokers: { mq: { kind: 'rabbitmq', version, nodes: 2, exchanges: { all: { type: 'fanout' } }, queues: { near: {}, far: { node: 1 } }, bindings: [{ source: 'all', destination: 'near' }, { source: 'all', destination: 'far' }] } },
      producers: { web: { publish: 'mq/all', arrivals: { constant: { rate: '10/s' } }, confirm: { timeout: '5s' }, retry: { fixed: { delay: '1s' }, attempts: 60 } } },
      consumers: { n: { subscribe: 'mq/near', service: '1ms', prefetch: 10 }, f: { subscribe: 'mq/far', service: '1ms', prefetch: 10 } },
      faults: [{ kind: 'crash', target: 'mq.1', at: '20s', for: '10s' }], claims: ['at-least-once'],
    }));
    const found = result.verdicts.find(({ claim }) => claim === 'at-least-once')!;
    expect(found.verdict).toBe(verdict);
    expect(found.verdict === 'fail' ? found.witness!.summary : 'nothing').toMatch(isForgotten ? /never handled for mq\/far: it was lost to unroutable/ : 'nothing');
    expect((result.reached['cluster.forgottenQueue'] ?? 0) > 0).toBe(isForgotten);
  });
});
