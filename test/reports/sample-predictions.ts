/** What theory says beside the sample result: values that agree, that differ and that cannot be told; a chain; a life cycle. */
import type { StateShare } from '../../scenarios/prediction-result.ts';
import type { RunResult } from '../../scenarios/result.ts';

const share = (name: string, predicted: number, agrees: boolean | null): StateShare => ({
  name, predicted, expected: predicted, simulated: predicted * 1.01, interval: agrees === null ? null : [predicted * 0.97, predicted * 1.04], agrees,
});

export const samplePredictions: Pick<RunResult, 'predictions' | 'unpredicted' | 'chains' | 'lifecycles'> = {
  predictions: [
    {
      of: 'orders-mq/orders', groups: ['payments'], model: 'G/G/c (Whitt 1993)', kind: 'approximation', formula: 'two-moment approximation (Whitt 1993)',
      knownError: '15 % where services vary much', page: 'docs/theory/general-service.md',
      parameters: { arrivalRate: 200, interarrivalScv: 1, meanServiceTime: 0.035, serviceScv: 1.5, servers: 12, capacity: null }, growthRate: 0,
      assumed: ['a message takes 500 µs in the mean until it is stored'], broken: ['fault F1 (crash) struck orders-mq.0', 'payments prefetches 10: a message waits at a worker that is busy while another is idle'],
      values: [
        { metric: 'throughput', unit: '/s', predicted: 200, simulated: 199.7, interval: [198.5, 200.9], tolerance: 0.002, agrees: true },
        { metric: 'waiting.mean', unit: 's', predicted: 0.0031, simulated: 0.51, interval: [0.2, 0.9], tolerance: 0.05, agrees: false },
        { metric: 'waiting.p99', unit: 's', predicted: 0.034, simulated: 19.2, interval: null, tolerance: 0.054, agrees: null },
      ],
      waiting: { times: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1], longer: [0.12, 0.11, 0.05, 0.02, 0.001, 0.00001] },
    },
  ],
  unpredicted: [{ of: 'orders-mq/audit', why: 'its work takes no time, so nothing waits for it' }],
  chains: [
    {
      queue: 'orders-mq/orders', states: ['published', 'ready', 'delivery 1', 'ready after 1', 'delivery 2', 'acknowledged', 'dead-lettered', 'lost'], absorbing: ['acknowledged', 'dead-lettered', 'lost'],
      transitions: [
        { from: 'published', to: 'ready', count: 119_988, probability: 0.9999, interval: [0.9998, 1], predicted: 1, agrees: true },
        { from: 'published', to: 'lost', count: 12, probability: 0.0001, interval: [0.00005, 0.0002], predicted: 0, agrees: false },
        { from: 'ready', to: 'delivery 1', count: 119_988, probability: 1, interval: [0.9999, 1], predicted: 1, agrees: true },
        { from: 'delivery 1', to: 'acknowledged', count: 119_300, probability: 0.9943, interval: [0.993, 0.995], predicted: 0.995, agrees: true },
        { from: 'delivery 1', to: 'ready after 1', count: 688, probability: 0.0057, interval: [0.005, 0.0065], predicted: 0.005, agrees: true },
        { from: 'ready after 1', to: 'delivery 2', count: 688, probability: 1, interval: [0.99, 1], predicted: 1, agrees: true },
        { from: 'delivery 2', to: 'acknowledged', count: 684, probability: 0.9942, interval: [0.98, 1], predicted: 0.995, agrees: true },
        { from: 'delivery 2', to: 'dead-lettered', count: 4, probability: 0.0058, interval: [0.001, 0.02], predicted: null, agrees: null },
      ],
      fates: [
        { state: 'acknowledged', predicted: 0.99998, estimated: 0.9999, observed: 0.9999 }, { state: 'dead-lettered', predicted: null, estimated: 0.00003, observed: 0.00003 },
        { state: 'lost', predicted: 0, estimated: 0.0001, observed: 0.0001 },
      ],
      meanDeliveries: { predicted: 1.005, estimated: 1.0057 }, unpredicted: ['which messages expire depends on how long they wait'],
    },
  ],
  lifecycles: [
    {
      of: 'consumers.payments', individuals: 12, states: [share('up', 0.95, true), share('degraded', 0.04, true), share('down', 0.01, null)],
      availability: share('available', 0.99, null), capacity: share('capacity', 0.97, true), meanTimeToFailure: 3600,
    },
  ],
};
