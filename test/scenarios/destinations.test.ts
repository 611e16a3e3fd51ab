/** What comes through exchanges: formulas, warnings and capacity follow it to the queues that it is routed to. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { destinationsOf } from '../../scenarios/destinations.ts';
import { parseScenario } from '../../scenarios/load.ts';
import { offeredLoad } from '../../scenarios/offered-load.ts';
import { runScenario } from '../../scenarios/run.ts';

/** A topic exchange with two queues, of which one gets everything, and an exchange behind it. */
function shop(more: Partial<ScenarioSettings> = {}): ScenarioSettings {
  return {
    faultline: 1, name: 'shop', phases: { warmUp: '2min', measure: '30min', drain: '10min' },
    brokers: {
      mq: {
        kind: 'rabbitmq', version: '4.2', timing: { delivery: '0', turnaround: '0', operation: '0', write: '0', fsync: '0' },
        exchanges: { events: { type: 'topic' }, all: { type: 'fanout' } }, queues: { orders: {}, log: {}, mail: {} },
        bindings: [
          { source: 'events', destination: 'orders', routing_key: 'order.#' }, { source: 'events', destination: 'all', routing_key: '#', destination_type: 'exchange' },
          { source: 'all', destination: 'log' },
        ],
      },
    },
    producers: {
      web: { publish: 'mq/events', routingKey: 'order.new', arrivals: { poisson: { rate: '30/s' } }, confirm: {} },
      desk: { publish: 'mq/events', routingKey: 'note', arrivals: { poisson: { rate: '5/s' } }, confirm: {} },
    },
    consumers: {
      orders: { count: 2, subscribe: 'mq/orders', service: { exponential: { mean: '50ms' } }, publish: [{ to: 'mq/events', routingKey: 'order.paid', probability: 0.1 }, { to: 'mq/mail', probability: 0.5 }] },
      log: { subscribe: 'mq/log', service: '1ms' }, mail: { subscribe: 'mq/mail', service: '1ms' },
    },
    ...more,
  } as ScenarioSettings;
}

describe('what is published to an exchange', () => {
  it('is the load of every queue that it comes to, with what is published onward', () => {
    const scenario = createScenario(shop());
    expect(destinationsOf(scenario, scenario.producers['web']!)).toEqual(['mq/orders', 'mq/log']);
    expect(destinationsOf(scenario, scenario.producers['desk']!)).toEqual(['mq/log']);
    const { rates } = offeredLoad(scenario);
    // A tenth of what orders handle comes back to them: 30 / (1 - 0.1).
    const orders = 30 / 0.9;
    expect(rates.get('mq/orders')).toBeCloseTo(orders, 6);
    expect(rates.get('mq/log')).toBeCloseTo(35 + orders / 10, 6);
    expect(rates.get('mq/mail')).toBeCloseTo(orders / 2, 6);
  });

  it('is warned of where it is too much', () => {
    const text = JSON.stringify(shop({ producers: { web: { publish: 'mq/events', routingKey: 'order.new', arrivals: { poisson: { rate: '50/s' } }, confirm: {} } } }));
    const loaded = parseScenario(text, 'shop.yaml');
    expect(loaded.ok && loaded.warnings.map(({ message }) => message)).toContain('more comes to mq/orders than its consumers can handle');
  });

  it('is predicted as it is simulated', () => {
    const consumers = { orders: { count: 2, subscribe: 'mq/orders', service: { exponential: { mean: '50ms' } } }, log: { subscribe: 'mq/log', service: { exponential: { mean: '10ms' } } } };
    const { predictions } = runScenario(createScenario(shop({ consumers } as Partial<ScenarioSettings>)));
    const of = (queue: string) => predictions.find((each) => each.of === queue)!;
    expect(of('mq/orders')).toMatchObject({ model: 'M/M/c', parameters: { arrivalRate: 30, servers: 2 } });
    expect(of('mq/log')).toMatchObject({ parameters: { arrivalRate: 35, servers: 1 } });
    for (const { values } of [of('mq/orders'), of('mq/log')]) {
      expect(values.filter(({ agrees }) => agrees === false).map(({ metric }) => metric)).toEqual([]);
      expect(values.some(({ agrees }) => agrees === true)).toBe(true);
    }
  });
});
