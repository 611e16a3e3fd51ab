/** What a capacity study of a small system finds: objectives met and not measured, a group that needs all its workers, two outages. */
import { type CapacityResult, capacitySchema } from '../../scenarios/capacity-result.ts';

const estimate = (value: number) => ({ value, interval: [value * 0.95, value * 1.05] as const });

export function sampleCapacity(name = 'workers'): CapacityResult {
  return {
    schema: capacitySchema, version: '0.1.0', scenario: name, about: 'Is it enough?', seed: 1, reproduce: { file: 'plan.yaml', set: [], command: 'npx faultline capacity plan.yaml --seed 1' },
    sentence: `Enough: at 150/s all 2 objectives are met. It is enough until 1.3 times the load: then ${name} is saturated.`, verdict: 'enough', replications: 10, level: 0.95, phases: { warmUp: 5, measure: 60 },
    stations: [
      { name, kind: 'consumers', queue: 'orders-mq/orders', model: 'G/G/c (Whitt 1993)', arrivalRate: 150, offeredLoad: 1.8, servers: 3, whenFull: null, utilisation: 0.6, simulatedUtilisation: estimate(0.6), saturatedAt: 1.667, headroom: 100 },
      { name: 'mq thread', kind: 'broker-thread', queue: null, model: null, arrivalRate: 150, offeredLoad: 0.1, servers: 1, whenFull: null, utilisation: 0.1, simulatedUtilisation: null, saturatedAt: 'Infinity', headroom: 1350 },
    ],
    bottleneck: name,
    objectives: [
      { objective: `p99(${name}.sojourn) < 90ms`, unit: 's', limit: 0.09, predicted: 0.07, simulated: estimate(0.07), met: true, isClose: false, predictedUntil: 1.3, isRefuted: false, metAt: 1.25, missedAt: 1.4 },
      { objective: 'loss() <= 0', unit: '', limit: 0, predicted: null, simulated: { value: null, interval: null }, met: null, isClose: false, predictedUntil: null, isRefuted: false, metAt: null, missedAt: null },
    ],
    staffing: [{
      objective: `p99(${name}.sojourn) < 90ms`, group: name, now: 3, least: 3, predicted: [{ load: 1, workers: 3 }, { load: 1.5, workers: 4 }, { load: 2, workers: null }],
      checks: [{ workers: 2, simulated: { value: 'Infinity', interval: null }, met: false, isClose: false }, { workers: 3, simulated: estimate(0.07), met: true, isClose: true }], remark: 'theory and simulation agree',
    }],
    curves: [{
      group: name, queue: 'orders-mq/orders', model: 'G/G/c (Whitt 1993)', knee: { load: 1.1, arrivalRate: 165, utilisation: 0.66, by: 'theory' },
      predicted: [0.5, 1, 1.5, 1.6].map((load) => ({ load, arrivalRate: 150 * load, mean: 0.012 / (1.667 - load), p99: load === 1.6 ? ('Infinity' as const) : 0.05 / (1.667 - load) })),
      simulated: [0.5, 1, 1.5].map((load) => ({ load, arrivalRate: 150 * load, mean: estimate(0.012 / (1.667 - load)), p99: estimate(0.05 / (1.667 - load)), utilisation: estimate(0.6 * load), throughput: estimate(150 * load) })),
    }],
    losses: [{ group: name, workers: 3, before: { utilisation: 0.6, predictedMean: 0.02, predictedP99: 0.07, mean: estimate(0.02), p99: estimate(0.07) }, after: { utilisation: 1.2, predictedMean: 'Infinity', predictedP99: 'Infinity', mean: estimate(2), p99: estimate(5) }, broken: [`p99(${name}.sojourn) < 90ms`] }],
    outages: [{ what: `all workers of ${name}`, kind: 'workers', queue: 'orders-mq/orders', length: 60, fluid: { peakBacklog: 9000, drainTime: 'Infinity' }, simulated: { peakBacklog: estimate(9010), drainTime: { value: 'Infinity', interval: null }, resolution: 2 }, remark: '' }, {
      what: 'the node orders-mq.0', kind: 'broker-node', queue: 'orders-mq/orders', length: 60, fluid: { peakBacklog: 12_200, drainTime: 86.4 }, simulated: { peakBacklog: estimate(12_134), drainTime: estimate(87.8), resolution: 2 },
      remark: 'while the node is down, publishers keep what they cannot publish, as far as their buffers and retries reach; the node takes 1 s more to recover',
    }],
    notes: [`orders-mq/orders: ${name} prefetches 10`], methods: { stations: 'Offered load by servers.' },
  };
}
