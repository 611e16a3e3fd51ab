import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../models/theory/index.ts';
import { steadyStateOfRates } from '../../../models/theory/markov/steady-state.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { classNetwork, classNetworkApproximately } from '../../../models/theory/networks/class-network.ts';
import { closedNetwork, type ClosedStation } from '../../../models/theory/networks/closed-network.ts';
import { forkJoin, quorumReply, splitMerge } from '../../../models/theory/networks/fork-join.ts';
import { openNetwork } from '../../../models/theory/networks/open-network.ts';
import { expectNear } from './expect-near.ts';

const stationsOf = (rates: readonly number[], servers = 1) => rates.map((serviceRate) => ({ serviceRate, servers }));

describe('an open network', () => {
  it('keeps its digits where messages come back a million times', () => {
    // mpmath, 120 digits: γ/(1 − P) and Erlang C for three million servers.
    const { flows, meanNumberInSystem } = openNetwork({ externalArrivals: [3], routing: [[0.999999]], stations: [{ serviceRate: 1, servers: 3_000_001 }] });
    expectNear(flows[0], 2999999.9999137330065, 1e-15);
    expectNear(meanNumberInSystem, 5997571.321354021816, 1e-9);
  });

  it('obeys Little and the forced flow law, station by station', () => {
    const answer = openNetwork({ externalArrivals: [1, 0.5, 0], routing: [[0, 0.6, 0.2], [0.1, 0, 0.7], [0, 0.25, 0.1]], stations: [{ serviceRate: 3, servers: 1 }, { serviceRate: 2, servers: 1 }, { serviceRate: 1.5, servers: 2 }] });
    answer.flows.forEach((flow, index) => {
      expectNear(answer.visits[index]! * 1.5, flow, 1e-14);
      expectNear(answer.stations[index]!.meanNumberInSystem, flow * answer.stations[index]!.meanSojournTime, 1e-14);
    });
    expectNear(answer.visits.reduce((sum, visit, index) => sum + visit * answer.stations[index]!.meanSojournTime, 0), answer.meanTotalTime, 1e-14);
    expect(answer).toMatchObject({ throughput: 1.5, growthRate: 0, bottleneck: 1 });
  });

  it('hands on from an overloaded station what that can serve', () => {
    const line = (last: number) => openNetwork({ externalArrivals: [3, 0, last], routing: [[0, 1, 0], [0, 0, 1], [0, 0, 0]], stations: stationsOf([2, 2.5, 2.4]) });
    const { flows, stations, growthRate, throughput, meanTotalTime } = line(0.2);
    expect(flows).toEqual([3, 2, 2.2]);
    expectNear(stations[1]!.meanNumberInSystem, 4, 1e-13);
    expectNear(stations[2]!.meanSojournTime, 5, 1e-13);
    expect([growthRate, throughput, meanTotalTime]).toEqual([1, 2.2, Infinity]);
    expectNear(line(0.5).growthRate, 1.1, 1e-14);
  });

  it('solves λ = γ + min(λ, capacity) P however much is overloaded', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const networks = fc.record({ arrivals: fc.array(unit, { minLength: 4, maxLength: 4 }), routing: fc.array(fc.array(unit, { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 4 }), capacities: fc.array(fc.double({ min: 0.05, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }) });
    let overloads = 0;
    fc.assert(fc.property(networks, ({ arrivals, routing: weights, capacities }) => {
      const routing = weights.map((row) => row.map((weight) => weight / (0.2 + row.reduce((sum, each) => sum + each, 0))));
      const externalArrivals = arrivals.map((rate) => rate + 0.01);
      const answer = openNetwork({ externalArrivals, routing, stations: stationsOf(capacities) });
      answer.flows.forEach((flow, to) => expectNear(routing.reduce((sum, row, from) => sum + Math.min(answer.flows[from]!, capacities[from]!) * row[to]!, externalArrivals[to]!), flow, 1e-12));
      const growth = answer.flows.reduce((sum, flow, index) => sum + Math.max(0, flow - capacities[index]!), 0);
      expectNear(1 + answer.growthRate, 1 + growth, 1e-13);
      overloads += growth > 0 ? 1 : 0;
    }), { seed: 3, numRuns: 200 });
    expect(overloads).toBeGreaterThan(50);
    expect(overloads).toBeLessThan(190);
  });

  it('on the brink is unstable without growth', () => {
    expect(evaluate('jackson', { gamma: [0.7], routing: [[0.3]], mu: [1], c: [1], station: 0 })).toMatchObject({ L_total: Infinity, L_i: Infinity, growth_rate: 0, lambda_i: 1 });
  });

  it('has idle stations', () => {
    expect(evaluate('jackson', { gamma: [1, 0], routing: [[0, 0], [0, 0]], mu: [2, 4], c: [1, 1], station: 1 })).toMatchObject({ lambda_i: 0, L_i: 0, W_i: 0.25, visits_i: 0 });
  });
});

describe('a closed network', () => {
  const of = (population: number, thinkTime: number, stations: readonly ClosedStation[]) => closedNetwork({ population, thinkTime, stations });

  // mpmath, 60 digits: normalisation constants by convolution without scaling.
  it.each([
    [150, 0, [{ demand: 64, servers: 64 }, { demand: 1 }, { demand: 0.9 }], 0.98859877645685377, 151.72990658313502, 98.02261831025981],
    [400, 3, [{ demand: 64, servers: 64 }, { demand: 0.98 }, { demand: 1e-9 }], 0.99998018742965643, 397.00792518515572, 348.33321544142368],
    [300, 1e6, [{ demand: 1e-3 }], 2.999999996999999106e-4, 0.0010000002990000888, 3.0000008940002647e-7],
    [10, 0, [{ demand: 0.5 }, { demand: 0.3 }, { demand: 0.2 }], 1.9913372538873677, 5.021751077311795, 7.9009340061949131],
  ] satisfies [number, number, ClosedStation[], number, number, number][])('of %d, thinking %d s', (population, thinkTime, stations, throughput, time, number) => {
    const answer = of(population, thinkTime, stations);
    expectNear(answer.throughput, throughput, 1e-12);
    expectNear(answer.meanResponseTime, time, 1e-12);
    expectNear(answer.stations[0]!.meanNumber, number, 1e-12);
  });

  it('has all its messages somewhere, and stays below its bounds', () => {
    const station = fc.record({ demand: fc.double({ min: 1e-6, max: 10, noNaN: true }), servers: fc.constantFrom(1, 1, 2, 5, 64, Infinity) });
    fc.assert(fc.property(fc.array(station, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 300 }), fc.double({ min: 0, max: 20, noNaN: true }), (stations, population, thinkTime) => {
      const answer = of(population, thinkTime, stations);
      expectNear(answer.stations.reduce((sum, { meanNumber }) => sum + meanNumber, answer.throughput * thinkTime), population, 1e-11);
      const slowest = Math.max(...stations.map(({ demand, servers }) => demand / servers));
      const work = stations.reduce((sum, { demand }) => sum + demand, thinkTime);
      expect(answer.throughput).toBeLessThanOrEqual(Math.min(population / work, 1 / slowest) * (1 + 1e-12));
      expect(answer.throughput).toBeGreaterThanOrEqual((1 / work) * (1 - 1e-12));
    }), { seed: 5, numRuns: 60 });
  });

  it('is a Markov chain: a station that works faster the more are there, and clients that think', () => {
    const speeds = [1, 1.5, 1.7];
    const rates = Array.from({ length: 6 }, (_, present) => Array.from({ length: 6 }, (_, to) => (to === present + 1 ? (5 - present) / 2 : to === present - 1 ? speeds[Math.min(present, 3) - 1]! / 0.4 : 0)));
    const law = steadyStateOfRates(rates);
    const answer = of(5, 2, [{ demand: 0.4, speeds }]);
    expectNear(answer.stations[0]!.meanNumber, law.reduce((sum, mass, present) => sum + mass * present, 0), 1e-13);
    expectNear(answer.throughput, law.reduce((sum, mass, present) => sum + (mass * (5 - present)) / 2, 0), 1e-13);
  });

  it('with many clients who think long is an open one', () => {
    const answer = of(20_000, 25_000, [{ demand: 1 }]);
    expectNear(answer.stations[0]!.meanNumber, mmc({ arrivalRate: 0.8, serviceRate: 1, servers: 1 }).meanNumberInSystem, 2e-3);
  });

  it('of one message meets nobody', () => {
    expect(of(1, 3, [{ demand: 1 }, { demand: 2, servers: 4 }]).throughput).toBeCloseTo(1 / 6, 14);
    expect(of(100, 0, [{ demand: 1 }])).toMatchObject({ throughput: 1, meanResponseTime: 100 });
  });
});

describe('classes', () => {
  // mpmath, 80 digits: the recursion of mean values, written over combinations.
  const two = { populations: [30, 40], thinkTimes: [0, 2], demands: [[1, 1e-6], [0.5, 0.7], [0.3, 2]] };
  const three = { populations: [5, 4, 6], thinkTimes: [1, 0, 10], demands: [[0.3, 0.2, 1], [0.6, 0.1, 0.01]] };

  it('are computed exactly', () => {
    const [first, second] = [classNetwork(two), classNetwork(three)];
    [0.9903615399834439344, 0.3514457690024596965].forEach((wanted, cls) => expectNear(first.throughputs[cls], wanted, 1e-13));
    [30.29196792163548254, 111.815568511567564892812].forEach((wanted, cls) => expectNear(first.meanResponseTimes[cls], wanted, 1e-13));
    [4.402750474459429375, 1.993859913973895437, 8.903732320254194862].forEach((wanted, cls) => expectNear(second.meanResponseTimes[cls], wanted, 1e-13));
  });

  it('that need the same are one class', () => {
    const single = closedNetwork({ population: 12, thinkTime: 1, stations: [{ demand: 0.3 }, { demand: 0.5 }] });
    const split = classNetwork({ populations: [5, 7], thinkTimes: [1, 1], demands: [[0.3, 0.3], [0.5, 0.5]] });
    expectNear(split.throughputs[0]! + split.throughputs[1]!, single.throughput, 1e-13);
    expectNear(split.meanResponseTimes[1], single.meanResponseTime, 1e-13);
  });

  it('may pass stations where nobody waits, which is a time to think', () => {
    const delayed = classNetwork({ ...three, demands: [...three.demands, [2, 3, 4]], withoutWaiting: [2] });
    const thinking = classNetwork({ ...three, thinkTimes: [3, 3, 14] });
    delayed.throughputs.forEach((throughput, cls) => expectNear(throughput, thinking.throughputs[cls]!, 1e-13));
  });

  it('are approximated within a few per cent, and exactly where one message goes round', () => {
    const [exact, near] = [classNetwork(two), classNetworkApproximately(two)];
    near.throughputs.forEach((throughput, cls) => expectNear(throughput, exact.throughputs[cls]!, 0.05));
    expect(Math.abs(near.throughputs[0]! / exact.throughputs[0]! - 1)).toBeGreaterThan(0.001);
    const alone = { populations: [1], thinkTimes: [2], demands: [[1], [0.5]] };
    expectNear(classNetworkApproximately(alone).throughputs[0], classNetwork(alone).throughputs[0]!, 1e-12);
    const many = { populations: [3000], thinkTimes: [2], demands: [[1], [0.5]] };
    expectNear(classNetworkApproximately(many).throughputs[0], 1, 1e-3);
  });

  it('may be empty', () => {
    expect(classNetwork({ populations: [0, 0], thinkTimes: [0, 1], demands: [[1, 2]] })).toMatchObject({ throughputs: [0, 0], meanResponseTimes: [1, 2] });
    expect(classNetworkApproximately({ ...two, populations: [0, 7] }).throughputs[0]).toBe(0);
  });
});

describe('fork and join', () => {
  it('of two branches is a chain of two lines that grow together', () => {
    const [λ, μ, size] = [0.3, 1, 20];
    const state = (one: number, other: number) => one * size + other;
    const rates = Array.from({ length: size * size }, () => new Array<number>(size * size).fill(0));
    for (let one = 0; one < size; one++) {
      for (let other = 0; other < size; other++) {
        if (one + 1 < size && other + 1 < size) rates[state(one, other)]![state(one + 1, other + 1)] = λ;
        if (one > 0) rates[state(one, other)]![state(one - 1, other)] = μ;
        if (other > 0) rates[state(one, other)]![state(one, other - 1)] = μ;
      }
    }
    const jobs = steadyStateOfRates(rates).reduce((sum, mass, index) => sum + mass * Math.max(Math.floor(index / size), index % size), 0);
    expectNear(forkJoin({ arrivalRate: λ, serviceRate: μ, branches: 2 }).meanResponseTime, jobs / λ, 1e-8);
  });

  it('lies between its bounds and below a split that must merge', () => {
    for (const branches of [1, 2, 4, 8, 32]) {
      for (const arrivalRate of [0.01, 0.1, 0.23]) {
        const { meanResponseTime, lowerBound, upperBound } = forkJoin({ arrivalRate, serviceRate: 1, branches });
        expect(lowerBound).toBeLessThanOrEqual(meanResponseTime * (1 + 1e-12));
        expect(meanResponseTime).toBeLessThanOrEqual(upperBound * (1 + 1e-12));
        expect(meanResponseTime).toBeLessThanOrEqual(splitMerge({ arrivalRate, serviceRate: 1, branches }).meanSojournTime * (1 + 1e-12));
      }
    }
    expect(forkJoin({ arrivalRate: 3, serviceRate: 1, branches: 2 })).toMatchObject({ meanResponseTime: Infinity, growthRate: 2 });
  });

  it('of eight branches is Nelson and Tantawi’s formula', () => {
    // By hand: (1.8119… + (4/11)(1 − 1.8119…) · 0.9) · (12 − 0.9)/8 · 10, with H8/H2 = 1522/840.
    expectNear(forkJoin({ arrivalRate: 0.9, serviceRate: 1, branches: 8 }).meanResponseTime, 21.453392857142857, 1e-13);
  });

  it('that must merge is an M/M/1 for one branch, and full at μ over the harmonic number', () => {
    const one = splitMerge({ arrivalRate: 0.999999, serviceRate: 1, branches: 1 });
    expectNear(one.meanSojournTime, 1 / (1 - 0.999999), 1e-12);
    expect(splitMerge({ arrivalRate: 50, serviceRate: 100, branches: 4 })).toMatchObject({ capacity: expect.closeTo(48, 10), growthRate: expect.closeTo(2, 10), meanSojournTime: Infinity });
  });

  // mpmath, 80 digits: binomial sums.
  it.each([[5, 3, 0.01, 0.99256547455838969], [100, 67, 0.2, 1.6321976602294419309e-7], [9, 9, 3, 8.4218606719530048e-13], [5, 2, 1, 2.124099977651875941e-17]])('%d replicas, %d replies: tail at %d', (replicas, needed, t, wanted) => {
    const answer = quorumReply({ replicas, needed, replyRate: 10 });
    expectNear(answer.tail(t), wanted, 1e-12);
    expectNear(answer.tail(answer.quantile(0.999)), 0.001, 1e-11);
  });

  it('means of replies are sums over those awaited', () => {
    expectNear(quorumReply({ replicas: 5, needed: 3, replyRate: 10 }).mean, 0.1 * (1 / 5 + 1 / 4 + 1 / 3), 1e-14);
    expectNear(quorumReply({ replicas: 7, needed: 1, replyRate: 10 }).variance, 1 / 4900, 1e-14);
    for (const t of [20, 29.99, 30.01, 70, 71]) expectNear(quorumReply({ replicas: 5, needed: 5, replyRate: 10 }).tail(t), 5 * Math.exp(-10 * t), 1e-12);
    for (const t of [70, 1e12, 1e300]) expect(quorumReply({ replicas: 5, needed: 3, replyRate: 10 }).tail(t)).toBe(0);
  });
});

describe('what is refused', () => {
  it.each([
    ['jackson', { gamma: [1, 0], routing: [[0, 1], [1, 0]], mu: [1, 1], c: [1, 1] }, 'routing.0 is a way without an end'],
    ['jackson', { gamma: [1, 0], routing: [[0, 1], [0.7, 0.7]], mu: [1, 1], c: [1, 1] }, 'routing.1 is a row with a sum above 1'],
    ['jackson', { gamma: [1], routing: [[0, 1], [0, 0]], mu: [1, 1], c: [1, 1] }, 'gamma is a list of 1; a list of 2, one for each station, is wanted'],
    ['jackson', { gamma: [0, 0], routing: [[0, 1], [0, 0]], mu: [1, 1], c: [1, 1] }, 'gamma is zero everywhere'],
    ['closed_mva', { N: 3, stations: [{ demand: 0 }] }, 'demands of zero everywhere'],
    ['closed_mva', { N: 3, stations: [{ demand: 1, servers: 0 }] }, 'stations.0.servers is 0; a whole number, 1 or above, or inf is wanted'],
    ['closed_mva', { N: 3, stations: [{ demand: 1 }], station: 1 }, 'station is 1'],
    ['closed_mva_multiclass', { N: [1, 1], Z: [1], demands: [[1, 1]] }, 'Z is a list of 1; a list of 2, a time (s) for each class is wanted'],
    ['closed_mva_multiclass', { N: [9999, 9999], Z: [1, 1], demands: [[1, 1]] }, 'N is 100000000 combinations at 1 station'],
    ['quorum_of_n', { n: 3, k: 4, mu: 1 }, 'k is 4; a whole number from 1 to 3 is wanted'],
  ])('%s %j', (model, params, message) => {
    expect(() => evaluate(model, params)).toThrow(message);
  });
});
