/** What must hold between models that were written apart from each other, whatever their parameters are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batchArrivals, closedNetwork, erlangA, erlangB, erlangC, finiteSource, gimc, infiniteServers, leastServers, mdc, mg1, mmc, mmcBreakdown, mmck, mmcPriorityNonPreemptive, mphc, openNetwork, redelivery,
  steadyStateOfRates, theoryModels, transientOfRates,
} from '../../../models/theory/index.ts';

const runs = { numRuns: Number(process.env['FAULTLINE_RUNS'] ?? 100), seed: 20_262 };

/** Relative, with the absolute size below which nothing is told apart. */
function expectNear(value: number, wanted: number, relative = 1e-9, absolute = 1e-300): void {
  expect(Math.abs(value - wanted), `${value} is not ${wanted}`).toBeLessThanOrEqual(Math.max(absolute, relative * Math.abs(wanted)));
}

/** Of a ratio of sums of a^k/k!, in whole numbers with a hundred digits. */
function erlangBInWholeNumbers(servers: number, load: number): number {
  const digits = 10n ** 100n;
  const a = BigInt(Math.round(load * 1e6));
  let term = digits;
  let sum = digits;
  for (let k = 1; k <= servers; k++) {
    term = (term * a) / (BigInt(k) * 1_000_000n);
    sum += term;
  }
  return Number((term * 10n ** 40n) / sum) / 1e40;
}

const loads = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100);
const rates = fc.integer({ min: -3, max: 3 }).chain((power) => fc.integer({ min: 1, max: 9 }).map((digit) => Number(`${digit}e${power}`)));
const station = fc.record({ servers: fc.integer({ min: 1, max: 200 }), load: loads, serviceRate: rates }).map(({ servers, load, serviceRate }) => ({ servers, serviceRate, arrivalRate: servers * load * serviceRate }));

describe('Erlang B and C', () => {
  it('are their sums, in whole numbers', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 200_000 }), (servers, thousandths) => {
      const load = thousandths / 1000;
      const exact = erlangBInWholeNumbers(servers, load);
      expectNear(erlangB(servers, load), exact, 1e-12, 1e-38);
      if (load < servers) expectNear(erlangC(servers, load), (servers * exact) / (servers - load * (1 - exact)), 1e-11, 1e-36);
    }), runs);
  });
});

describe('M/M/c', () => {
  it('is M/M/c/K with endless room, and Erlang A with endless patience', () => {
    fc.assert(fc.property(station, (parameters) => {
      const plain = mmc(parameters);
      const roomy = mmck({ ...parameters, capacity: parameters.servers + 4000 });
      const patient = erlangA({ ...parameters, abandonmentRate: 1e-13 * parameters.serviceRate });
      for (const other of [roomy, patient]) {
        expectNear(other.meanQueueLength, plain.meanQueueLength, 1e-6, 1e-290);
        expectNear(other.waitingProbability, plain.waitingProbability, 1e-8, 1e-290);
      }
    }), runs);
  });

  it('is GI/M/c with exponential gaps, M/PH/c with exponential service, and feedback without failures', () => {
    fc.assert(fc.property(station, ({ servers, ...given }) => {
      const parameters = { servers: Math.min(servers, 40), serviceRate: given.serviceRate, arrivalRate: (given.arrivalRate / servers) * Math.min(servers, 40) };
      const plain = mmc(parameters);
      const { arrivalRate, serviceRate } = parameters;
      const renewal = gimc({ interarrival: { type: 'exponential', mean: 1 / arrivalRate }, serviceRate, servers: parameters.servers });
      const phases = mphc({ arrivalRate, service: { type: 'exponential', mean: 1 / serviceRate }, servers: parameters.servers });
      const fed = redelivery({ ...parameters, failureProbability: 0 });
      const batches = batchArrivals({ ...parameters, batch: { type: 'fixed', size: 1 } });
      const one = mmcPriorityNonPreemptive({ arrivalRates: [arrivalRate], serviceRate, servers: parameters.servers });
      for (const wait of [renewal.meanWaitingTime, phases.meanWaitingTime, batches.meanWaitingTime, one[0]!.meanWaitingTime]) expectNear(wait, plain.meanWaitingTime, 1e-9, 1e-250);
      expectNear(fed.meanTotalTime, plain.meanSojournTime, 1e-12);
    }), runs);
  });

  it('is where sources without number, servers that never fail, and a repair shop of few agree', () => {
    fc.assert(fc.property(station, ({ servers, ...given }) => {
      const few = Math.min(servers, 12);
      const arrivalRate = (given.arrivalRate / servers) * few;
      const parameters = { servers: few, serviceRate: given.serviceRate, arrivalRate };
      const sound = mmcBreakdown({ ...parameters, failureRate: 1e-14 * given.serviceRate, repairRate: given.serviceRate, repairCrews: few, failMode: 'always' });
      expectNear(sound.meanNumberInSystem, mmc(parameters).meanNumberInSystem, 1e-8);
      // As many servers as sources: each works for itself.
      const alone = finiteSource({ arrivalRate, serviceRate: given.serviceRate, servers: few, sources: few });
      expectNear(alone.meanNumberInSystem, (few * arrivalRate) / (arrivalRate + given.serviceRate), 1e-12);
    }), runs);
  });

  it('waits longer with load, and shorter with servers; with endless servers nobody waits', () => {
    fc.assert(fc.property(station, ({ servers, serviceRate, arrivalRate }) => {
      const here = mmc({ servers, serviceRate, arrivalRate });
      expect(mmc({ servers: servers + 1, serviceRate, arrivalRate }).meanWaitingTime).toBeLessThanOrEqual(here.meanWaitingTime);
      expect(mmc({ servers, serviceRate, arrivalRate: arrivalRate * 1.0001 }).meanWaitingTime).toBeGreaterThanOrEqual(here.meanWaitingTime);
      const quantiles = [0.1, 0.5, 0.9, 0.99, 0.999].map((p) => here.sojournQuantile!(p));
      expect(quantiles).toEqual([...quantiles].sort((one, other) => one - other));
      for (const p of [0.5, 0.9, 0.999]) {
        expectNear(here.sojournTail!(here.sojournQuantile!(p)), 1 - p, 1e-9);
        if (here.waitingQuantile!(p) > 0) expectNear(here.waitingTail!(here.waitingQuantile!(p)), 1 - p, 1e-9);
      }
      expectNear(infiniteServers({ arrivalRate, serviceRate }).meanNumberInSystem, arrivalRate / serviceRate, 1e-14);
      expectNear(here.meanNumberInSystem, arrivalRate * here.meanSojournTime, 1e-12);
      expectNear(here.meanNumberInSystem - here.meanQueueLength, arrivalRate / serviceRate, 1e-7);
    }), runs);
  });

  it('is as good as the least number of servers says, and one fewer is not', () => {
    fc.assert(fc.property(rates, fc.integer({ min: 1, max: 3000 }), loads, (serviceRate, tenths, share) => {
      const arrivalRate = (serviceRate * tenths) / 10;
      const meets = (servers: number) => mmc({ arrivalRate, serviceRate, servers }).meanWaitingTime <= share / serviceRate;
      const least = leastServers({ arrivalRate, serviceRate, meets: ({ meanWaitingTime }) => meanWaitingTime <= share / serviceRate })!;
      expect(meets(least)).toBe(true);
      expect(least > 1 && meets(least - 1)).toBe(false);
    }), runs);
  });
});

describe('M/G/1', () => {
  it('is M/M/1 with exponential service, also where the law is written otherwise', () => {
    fc.assert(fc.property(loads, rates, fc.integer({ min: 0, max: 40 }), (load, serviceRate, tenths) => {
      const arrivalRate = load * serviceRate;
      const mean = 1 / serviceRate;
      const plain = mmc({ arrivalRate, serviceRate, servers: 1 });
      const written = [
        { type: 'exponential', mean }, { type: 'erlang', k: 1, mean }, { type: 'hyperexp2', p: 0.3, rate1: serviceRate, rate2: serviceRate },
        { type: 'mixture', parts: [{ weight: 2, of: { type: 'exponential', mean } }, { weight: 1, of: { type: 'exponential', mean } }] },
      ] as const;
      for (const service of written) {
        const general = mg1({ arrivalRate, service });
        expectNear(general.meanWaitingTime, plain.meanWaitingTime, 1e-11);
        expectNear(general.waitingTimeVariance, plain.waitingTimeVariance, 1e-11);
        const t = (tenths / 10) * plain.meanSojournTime;
        expectNear(general.waitingTail!(t), plain.waitingTail!(t), 1e-8, 1e-14);
        expectNear(general.sojournTail!(t), plain.sojournTail!(t), 1e-8, 1e-14);
      }
    }), runs);
  });

  it('is M/D/c with one server, and M/PH/c with one', () => {
    fc.assert(fc.property(loads, rates, (load, serviceRate) => {
      const arrivalRate = load * serviceRate;
      const mean = 1 / serviceRate;
      const fixed = mdc({ arrivalRate, serviceTime: mean, servers: 1 });
      expectNear(mg1({ arrivalRate, service: { type: 'deterministic', value: mean } }).meanWaitingTime, fixed.meanWaitingTime, 1e-10);
      for (const service of [{ type: 'erlang', k: 3, mean }, { type: 'hyperexp2_balanced', mean, scv: 5 }] as const) {
        const one = mg1({ arrivalRate, service });
        const phases = mphc({ arrivalRate, service, servers: 1 });
        expectNear(phases.meanWaitingTime, one.meanWaitingTime, 1e-10);
        expectNear(phases.waitingTimeVariance, one.waitingTimeVariance, 1e-9);
        expectNear(phases.waitingTail!(3 * mean), one.waitingTail!(3 * mean), 1e-8, 1e-14);
      }
    }), runs);
  });

  it('waits longer the more its service varies', () => {
    fc.assert(fc.property(loads, fc.integer({ min: 1, max: 50 }), (load, tenths) => {
      const waitAt = (scv: number) => mg1({ arrivalRate: load, service: { type: 'gamma', mean: 1, scv } }).meanWaitingTime;
      expect(waitAt((tenths + 1) / 10)).toBeGreaterThan(waitAt(tenths / 10));
      expectNear(mdc({ arrivalRate: load, serviceTime: 1, servers: 1 }).meanWaitingTime, waitAt(1e-9), 1e-8);
    }), runs);
  });
});

describe('networks', () => {
  const share = fc.integer({ min: 0, max: 30 }).map((percent) => percent / 100);
  const network = fc.record({
    externalArrivals: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 3, maxLength: 3 }).filter((all) => all.some((each) => each > 0)),
    routing: fc.array(fc.array(share, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
    servers: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 }),
  });

  it('let in what they let out, obey Little, and each station is an M/M/c of its own', () => {
    fc.assert(fc.property(network, ({ externalArrivals, routing, servers }) => {
      const stations = servers.map((count) => ({ servers: count, serviceRate: 400 }));
      const answer = openNetwork({ externalArrivals, routing, stations });
      const { flows } = answer;
      flows.forEach((flow, to) => expectNear(flow, externalArrivals[to]! + flows.reduce((sum, from, index) => sum + from * routing[index]![to]!, 0), 1e-11, 1e-12));
      const leaving = flows.reduce((sum, flow, from) => sum + flow * (1 - routing[from]!.reduce((all, each) => all + each, 0)), 0);
      const coming = externalArrivals.reduce((sum, each) => sum + each, 0);
      expectNear(leaving, coming, 1e-11);
      const numbers = flows.map((flow, index) => (flow === 0 ? 0 : mmc({ arrivalRate: flow, ...stations[index]! }).meanNumberInSystem));
      expectNear(answer.meanNumberInSystem, numbers.reduce((sum, each) => sum + each, 0), 1e-11);
      expectNear(answer.meanNumberInSystem, coming * answer.meanTotalTime, 1e-11);
    }), runs);
  });

  it('that are closed come to be open ones, where many think for long', () => {
    // N sources that think for Z send like a Poisson stream of rate N/Z as both grow.
    const arrivalRate = 1.4;
    const open = [mmc({ arrivalRate, serviceRate: 1, servers: 2 }), mmc({ arrivalRate, serviceRate: 2, servers: 1 })];
    const errorWith = (population: number): number => {
      const { stations } = closedNetwork({ population, thinkTime: population / arrivalRate, stations: [{ demand: 1, servers: 2 }, { demand: 0.5, servers: 1 }] });
      return Math.max(...stations.map(({ meanNumber }, index) => Math.abs(meanNumber / open[index]!.meanNumberInSystem - 1)));
    };
    expect(errorWith(100)).toBeGreaterThan(errorWith(1000));
    expect(errorWith(1000)).toBeGreaterThan(errorWith(4000));
    expect(errorWith(4000)).toBeLessThan(0.3 * errorWith(1000));
  });

  it('that are closed hold all their messages, and obey Little', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 50 }), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }), (population, thinkTime, demands) => {
      const { throughput, stations } = closedNetwork({ population, thinkTime, stations: demands.map((demand, index) => ({ demand: demand / 10, servers: index + 1 })) });
      const held = stations.reduce((sum, { meanNumber }) => sum + meanNumber, 0);
      expectNear(held + throughput * thinkTime, population, 1e-10);
      expect(throughput).toBeLessThanOrEqual(Math.min(...demands.map((demand, index) => ((index + 1) * 10) / demand)) * (1 + 1e-12));
    }), runs);
  });
});

describe('Markov chains', () => {
  const chain = fc.integer({ min: 2, max: 6 }).chain((size) => fc.array(fc.array(rates, { minLength: size, maxLength: size }), { minLength: size, maxLength: size }));

  it('come to their steady state, which balances what flows in and out', () => {
    fc.assert(fc.property(chain, (table) => {
      const steady = steadyStateOfRates(table);
      expectNear(steady.reduce((sum, each) => sum + each, 0), 1, 1e-13);
      steady.forEach((share, state) => {
        const out = share * table[state]!.reduce((sum, rate, to) => (to === state ? sum : sum + rate), 0);
        const into = table.reduce((sum, row, from) => (from === state ? sum : sum + steady[from]! * row[state]!), 0);
        expectNear(into, out, 1e-11);
      });
      const late = transientOfRates({ rates: table, initial: steady.map((_, state) => (state === 0 ? 1 : 0)), time: 1e6 });
      late.forEach((probability, state) => expectNear(probability, steady[state]!, 1e-9, 1e-12));
    }), runs);
  });

  it('go the same way in one long step as in two short ones', () => {
    fc.assert(fc.property(chain, fc.integer({ min: 1, max: 50 }), (table, tenths) => {
      const initial = table.map((_, state) => (state === 0 ? 1 : 0));
      const time = tenths / 10;
      const half = transientOfRates({ rates: table, initial, time: time / 2 });
      const twice = transientOfRates({ rates: table, initial: half.map((each) => each / half.reduce((sum, one) => sum + one, 0)), time: time / 2 });
      transientOfRates({ rates: table, initial, time }).forEach((probability, state) => expectNear(twice[state]!, probability, 1e-8, 1e-12));
    }), runs);
  });
});

describe('every model of the catalogue', () => {
  it('names its parts, and refuses what it does not know, by name', () => {
    expect(theoryModels.size).toBeGreaterThan(60);
    for (const model of theoryModels.values()) {
      expect(model.about.length).toBeGreaterThan(10);
      expect(model.source.length).toBeGreaterThan(5);
      expect(model.accuracy.length).toBeGreaterThan(5);
      for (const metric of Object.values(model.metrics)) for (const needed of metric.needs ?? []) expect(Object.keys(model.parameters)).toContain(needed);
      expect(() => model.evaluate({ nonsense: 1 })).toThrow(/nonsense is not a parameter/);
    }
  });
});
