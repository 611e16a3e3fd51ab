import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmedLoss, type ConfirmedLossParameters } from '../../../models/theory/durability/confirmed-loss.ts';
import { quorumAvailability } from '../../../models/theory/durability/quorum.ts';
import { asyncReplicationLoss, lossWithinLag, replicaLoss } from '../../../models/theory/durability/replica-loss.ts';
import { evaluate } from '../../../models/theory/index.ts';
import { absorption } from '../../../models/theory/markov/absorption.ts';
import { expectNear } from './expect-near.ts';

describe('a quorum', () => {
  // mpmath, 120 digits: weights of the birth–death chain, and the recursion of its passages.
  it.each([
    [1000, 501, 0.9, 1000, 0.05109794346909963973, 5.27880026024127251],
    [1000, 501, 0.9, 3, 1, 0.7733119109925888998],
    [5000, 2501, 0.99, 5000, 0.3664734553126884043, 2.717664955964259408],
    [7, 4, 1e-9, 1, 8.399999966400002025e-34, 1.190476203571428382e33],
    [7, 4, 1e-9, 7, 3.499999977600000956e-35, 7.142857202380950842e33],
    [2000, 1990, 2e-5, 2, 3.906133350055433620e-19, 1332532252550658529.62],
    [100, 1, 2, 4, 0.1353352832366126919, 4.4253647562845115166],
  ])('of %d nodes, %d needed, failing at %d', (nodes, needed, failRate, repairCrews, unavailability, timeToFailure) => {
    const answer = quorumAvailability({ nodes, needed, failRate, repairRate: 1, repairCrews });
    expectNear(answer.unavailability, unavailability, 1e-13);
    expectNear(answer.meanTimeToFailure, timeToFailure, 1e-13);
  });

  it('is down for a mean outage as often as it fails, and up otherwise', () => {
    const parameters = fc.record({ nodes: fc.integer({ min: 1, max: 60 }), share: fc.double({ min: 0, max: 1, noNaN: true }), power: fc.integer({ min: -20, max: 3 }), crews: fc.integer({ min: 1, max: 60 }) });
    fc.assert(fc.property(parameters, ({ nodes, share, power, crews }) => {
      const answer = quorumAvailability({ nodes, needed: 1 + Math.floor(share * (nodes - 1)), failRate: Math.exp(power), repairRate: 0.7, repairCrews: crews });
      expectNear(answer.meanOutage * answer.outageFrequency, answer.unavailability, 1e-12);
      expectNear(answer.availability + answer.unavailability, 1, 1e-14);
    }), { seed: 7, numRuns: 100 });
  });

  it('of independent nodes is binomial, and an even number adds nothing', () => {
    const of = (nodes: number, needed: number) => quorumAvailability({ nodes, needed, failRate: 0.01, repairRate: 1 }).unavailability;
    const down = 0.01 / 1.01;
    expectNear(of(3, 2), 3 * down * down * (1 - down) + down * down * down, 1e-14);
    expect(of(4, 3)).toBeGreaterThan(of(3, 2));
    expect(of(5, 3)).toBeLessThan(of(3, 2));
  });

  it('without failures is always up', () => {
    expect(quorumAvailability({ nodes: 3, needed: 2, failRate: 0, repairRate: 1 })).toEqual({ availability: 1, unavailability: 0, meanTimeToFailure: Infinity, meanOutage: 0.5, outageFrequency: 0 });
  });
});

describe('copies that are lost', () => {
  // mpmath, 120 digits: scaling and squaring of the exponential; the recursion of passages.
  it.each([
    [3, 3, 1e-6, 0.01, 3, 33345001833333.33924759975, 1e3, 2.549202345678290742e-11],
    [3, 3, 1e-6, 0.01, 3, 33345001833333.33924759975, 1e12, 0.02954427868070499564],
    [3, 1, 1e-9, 1, 1, 1.666666671666666365e26, 10, 9.999546010651982183e-10],
    [5, 2, 1e-4, 1, 1, 833833541733348133.56, 1e-6, 9.999993332335834553e-21],
    [5, 2, 1e-4, 1, 1, 833833541733348133.56, 1e7, 2.001599439208370237e-8],
    [7, 7, 1e-3, 1e3, 2, 6.349253968412697914e36, 1e5, 1.574988132424644048e-32],
    [20, 4, 0.01, 1, 20, 6.104164800264011896e38, 1e4, 2.587253120148882220e-12],
  ])('%d copies, %d at first, lost at %d', (replicas, ackedCopies, lossRate, repairRate, repairCrews, meanTime, t, lossByT) => {
    const answer = replicaLoss({ replicas, ackedCopies, lossRate, repairRate, repairCrews });
    expectNear(answer.meanTimeToLoss, meanTime, 1e-13);
    expectNear(answer.lossBy(t), lossByT, 1e-12);
  });

  it('tend to the leading term of rare losses', () => {
    const answer = replicaLoss({ replicas: 3, ackedCopies: 3, lossRate: 1e-9, repairRate: 1 });
    expectNear(answer.meanTimeToLoss, 1 / (3 * 1e-9 * 1e-9 * 1e-9), 1e-8);
    expectNear(answer.lossBy(1e6) * answer.meanTimeToLoss, 1e6, 1e-5);
  });

  it('without repair are all lost one after another; without losses none is', () => {
    expectNear(replicaLoss({ replicas: 4, ackedCopies: 2, lossRate: 0.5, repairRate: 0 }).meanTimeToLoss, 3, 1e-15);
    const never = replicaLoss({ replicas: 4, ackedCopies: 2, lossRate: 0, repairRate: 0 });
    expect([never.meanTimeToLoss, never.lossBy(1e9)]).toEqual([Infinity, 0]);
  });
});

describe('a message that was confirmed', () => {
  const base: ConfirmedLossParameters = { replicas: 2, ackedCopies: 1, replicationRate: 20, crashRate: 1e-5 };

  // mpmath, 50 digits: a chain of the states of each node (none, in memory, on disk, down), enumerated by other rules.
  it.each([
    [{ replicas: 3, ackedCopies: 2, replicationRate: 20, crashRate: 1e-6, commonCauseRate: 1e-8, fsyncInterval: 0.1, repairRate: 0.01 }, 4.1666835586240998e-10, 0.20836852698845636],
    [{ replicas: 3, ackedCopies: 2, replicationRate: 20, crashRate: 1e-6, commonCauseRate: 1e-8, fsyncInterval: 0.1 }, 4.1666767650696346e-10, 0.20833334377361082],
    [{ replicas: 5, ackedCopies: 1, replicationRate: 2, crashRate: 0.3, commonCauseRate: 0.05, fsyncInterval: 0.7, repairRate: 0.4 }, 0.050801492312829282, 5.7075171710283123],
    [{ replicas: 4, ackedCopies: 3, replicationRate: 5, crashRate: 1e-4, commonCauseRate: 1e-7, diskSurvives: false, repairRate: 0.02 }, 2.0413160775191832e-8, 0.20403009939358855],
  ] satisfies [ConfirmedLossParameters, number, number][])('%j', (parameters, loss, exposure) => {
    const answer = confirmedLoss(parameters);
    expectNear(answer.lossProbability, loss, 1e-13);
    expectNear(answer.meanExposure, exposure, 1e-13);
  });

  it('by one of two nodes is lost when that crashes before the copy is made', () => {
    const answer = confirmedLoss({ ...base, diskSurvives: false });
    expectNear(answer.lossProbability, asyncReplicationLoss(base), 1e-14);
    expectNear(answer.meanExposure, 1 / (20 + 1e-5), 1e-14);
  });

  it('by the memory of one node is lost when it crashes before the flush: common cause and crash alike', () => {
    expectNear(confirmedLoss({ ...base, replicas: 1, commonCauseRate: 3e-5, fsyncInterval: 0.25 }).lossProbability, 4e-5 / (4e-5 + 4), 1e-14);
    // All copies in memory and only power can fail: the facts of batching, rate times interval.
    expectNear(confirmedLoss({ replicas: 1, ackedCopies: 1, replicationRate: 1, crashRate: 0, commonCauseRate: 1e-9, fsyncInterval: 0.1 }).lossProbability, 1e-10, 1e-9);
  });

  it('of three nodes without disks follows the two equations of the chain', () => {
    const [f, g] = [0.3, 2];
    // P1 (f + 2g) = f + 2g P2 and P2 (2f + g) = 2f P1
    const wanted = f / (f + 2 * g - (2 * g * 2 * f) / (2 * f + g));
    expectNear(confirmedLoss({ replicas: 3, ackedCopies: 1, replicationRate: g, crashRate: f, diskSurvives: false }).lossProbability, wanted, 1e-14);
  });

  it('is never lost from disks that survive, nor when all replicas have it', () => {
    expect(confirmedLoss({ ...base, crashRate: 1, commonCauseRate: 1 }).lossProbability).toBe(0);
    expect(confirmedLoss({ ...base, ackedCopies: 2, crashRate: 1, commonCauseRate: 1, diskSurvives: false })).toEqual({ lossProbability: 0, meanExposure: 0 });
  });

  it('before it was sent may be lost on its way', () => {
    const sent = confirmedLoss({ ...base, fsyncInterval: 0.1 });
    const unsent = confirmedLoss({ ...base, ackedCopies: 0, fsyncInterval: 0.1, networkLoss: 0.01 });
    expectNear(unsent.lossProbability, 0.01 + 0.99 * sent.lossProbability, 1e-14);
    expect(confirmedLoss({ ...base, fsyncInterval: 0.1, networkLoss: 0.01 })).toEqual(sent);
  });

  it('is safer with more copies, faster flushes, faster copying and fewer crashes', () => {
    const policy: ConfirmedLossParameters = { replicas: 4, ackedCopies: 2, replicationRate: 5, crashRate: 1e-3, commonCauseRate: 1e-5, fsyncInterval: 0.5, repairRate: 0.1 };
    const loss = (change: Partial<ConfirmedLossParameters>) => confirmedLoss({ ...policy, ...change }).lossProbability;
    for (const better of [{ ackedCopies: 3 }, { fsyncInterval: 0.1 }, { replicationRate: 50 }, { crashRate: 1e-4 }, { commonCauseRate: 0 }]) expect(loss(better), JSON.stringify(better)).toBeLessThan(loss({}) * 0.999);
  });

  it('after a fixed lag is lost as often as a crash falls into it', () => {
    expectNear(lossWithinLag(1e-12, 1e-3), 1e-15, 1e-14);
    expectNear(evaluate('async_replication_loss', { crashRate: 0.5, replicationRate: 1, lag: 2, lambda: 30 }).P_loss_fixed_lag, 1 - Math.exp(-1), 1e-14);
    expectNear(evaluate('async_replication_loss', { crashRate: 0.5, replicationRate: 1, lambda: 30 }).lost_per_second, 10, 1e-14);
    const race = absorption({ rates: [[0, 1e-5, 20], [0, 0, 0], [0, 0, 0]], start: 0, absorbing: [1, 2] });
    expectNear(race.probabilities[0], asyncReplicationLoss(base), 1e-14);
  });
});

describe('what is refused', () => {
  it.each([
    ['quorum', { n: 3, k: 4, failRate: 1, repairRate: 1 }, 'k is 4; a whole number from 1 to 3 is wanted'],
    ['quorum', { n: 3, k: 2, failRate: -1, repairRate: 1 }, 'failRate is -1; a rate of zero or above in 1/s is wanted'],
    ['replica_loss', { replicas: 3, ackedCopies: 0, lossRate: 1, repairRate: 1 }, 'ackedCopies is 0'],
    ['replica_loss', { replicas: 3, ackedCopies: 4, lossRate: 1, repairRate: 1 }, 'ackedCopies is 4'],
    ['confirmed_loss', { replicas: 3, ackedCopies: 2, replicationRate: 1, crashRate: 1, disk: 'melts' }, 'disk is "melts"; one of survives, lost is wanted'],
    ['confirmed_loss', { replicas: 13, ackedCopies: 2, replicationRate: 1, crashRate: 1 }, 'replicas is 13; a whole number from 1 to 12 is wanted'],
  ])('%s %j', (model, params, message) => {
    expect(() => evaluate(model, params)).toThrow(message);
  });
});
