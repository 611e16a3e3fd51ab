import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stationaryLaw } from '../../../models/theory/birth-death.ts';
import { erlangA } from '../../../models/theory/erlang-a.ts';
import { erlangB } from '../../../models/theory/erlang.ts';
import { engset, finiteSource } from '../../../models/theory/finite-source.ts';
import { evaluate } from '../../../models/theory/index.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { mmck } from '../../../models/theory/mmck.ts';
import { gammaLower } from '../../../models/theory/numerics/special-functions.ts';
import { sumOf } from '../../../models/theory/numerics/sums.ts';
import { expectNear } from './expect-near.ts';

/** mpmath, 60 digits: sums over all states, waits as sums over what an arrival finds, bisection for quantiles, quadrature for Wq_var of Erlang-A. */
const corners: readonly (readonly [model: string, params: object, metric: string, value: number])[] = [
  ['mmck', { lambda: 1000, mu: 1, c: 1, K: 500 }, 'P_block', 0.999],
  ['mmck', { lambda: 1000, mu: 1, c: 1, K: 500 }, 'L', 499.998998998999],
  ['mmck', { lambda: 1000, mu: 1, c: 1, K: 500 }, 'Lq', 498.998998998999],
  ['mmck', { lambda: 1000, mu: 1, c: 1, K: 500 }, 'Wq', 498.998998998999],
  ['mmck', { lambda: 1000, mu: 1, c: 1, K: 500 }, 'P_wait_accepted', 1],
  ['mmck', { lambda: 1000, mu: 1, c: 1, K: 500 }, 'Wq_var', 499.000001002003],
  ['mmck', { lambda: 1000, mu: 1, c: 1, K: 500, t: 1 }, 'P_Wq_gt_t', 1],
  ['mmck', { lambda: 1000, mu: 1, c: 1, K: 500, p: 0.99 }, 'Wq_quantile', 552.4314463486485],
  ['mmck', { lambda: 1000000, mu: 1, c: 3, K: 20 }, 'P_block', 0.999997],
  ['mmck', { lambda: 1000000, mu: 1, c: 3, K: 20 }, 'L', 19.999996999991],
  ['mmck', { lambda: 1000000, mu: 1, c: 3, K: 20 }, 'Lq', 16.999996999991],
  ['mmck', { lambda: 1000000, mu: 1, c: 3, K: 20 }, 'Wq', 5.666665666663667],
  ['mmck', { lambda: 1000000, mu: 1, c: 3, K: 20 }, 'p0', 7.74838653477066e-112],
  ['mmck', { lambda: 1000000, mu: 1, c: 3, K: 20 }, 'P_wait_accepted', 1],
  ['mmck', { lambda: 1000000, mu: 1, c: 3, K: 20 }, 'Wq_var', 1.888888888889889],
  ['mmck', { lambda: 1000000, mu: 1, c: 3, K: 20, t: 0.3 }, 'P_Wq_gt_t', 0.9999999999999998],
  ['mmck', { lambda: 0.9999999, mu: 1, c: 1, K: 1000 }, 'P_block', 0.0009989510497802462],
  ['mmck', { lambda: 0.9999999, mu: 1, c: 1, K: 1000 }, 'L', 499.9916499995883],
  ['mmck', { lambda: 0.9999999, mu: 1, c: 1, K: 1000 }, 'Lq', 498.99264905053815],
  ['mmck', { lambda: 0.9999999, mu: 1, c: 1, K: 1000 }, 'Wq', 499.4916666745891],
  ['mmck', { lambda: 0.9999999, mu: 1, c: 1, K: 1000 }, 'p0', 0.0009990509498850886],
  ['mmck', { lambda: 0.9999999, mu: 1, c: 1, K: 1000 }, 'P_wait_accepted', 0.9989999500491666],
  ['mmck', { lambda: 0.9999999, mu: 1, c: 1, K: 1000 }, 'Wq_var', 83832.74162500791],
  ['mmck', { lambda: 0.9999999, mu: 1, c: 1, K: 1000, t: 900 }, 'P_Wq_gt_t', 0.0990004140708786],
  ['mmck', { lambda: 0.9999999, mu: 1, c: 1, K: 1000, p: 0.99 }, 'Wq_quantile', 1004.6667704232259],
  ['mmck', { lambda: 1100, mu: 1, c: 1000, K: 1500 }, 'P_block', 0.09090909090909091],
  ['mmck', { lambda: 1100, mu: 1, c: 1000, K: 1500 }, 'L', 1490],
  ['mmck', { lambda: 1100, mu: 1, c: 1000, K: 1500 }, 'Lq', 490],
  ['mmck', { lambda: 1100, mu: 1, c: 1000, K: 1500 }, 'Wq', 0.49],
  ['mmck', { lambda: 1100, mu: 1, c: 1000, K: 1500 }, 'P_wait_accepted', 1],
  ['mmck', { lambda: 1100, mu: 1, c: 1000, K: 1500 }, 'Wq_var', 0.0006],
  ['mmck', { lambda: 1100, mu: 1, c: 1000, K: 1500, t: 0.4 }, 'P_Wq_gt_t', 0.9995268342864856],
  ['mmck', { lambda: 1100, mu: 1, c: 1000, K: 1500, t: 0.6 }, 'P_Wq_gt_t', 4.371568557217895e-6],
  ['mmck', { lambda: 1100, mu: 1, c: 1000, K: 1500, p: 0.99 }, 'Wq_quantile', 0.5465950022445171],
  ['mmck', { lambda: 1, mu: 1, c: 1, K: 10000 }, 'P_block', 9.999000099990002e-5],
  ['mmck', { lambda: 1, mu: 1, c: 1, K: 10000 }, 'L', 5000],
  ['mmck', { lambda: 1, mu: 1, c: 1, K: 10000 }, 'Lq', 4999.000099990001],
  ['mmck', { lambda: 1, mu: 1, c: 1, K: 10000 }, 'Wq', 4999.5],
  ['mmck', { lambda: 1, mu: 1, c: 1, K: 10000 }, 'p0', 9.999000099990002e-5],
  ['mmck', { lambda: 1, mu: 1, c: 1, K: 10000 }, 'P_wait_accepted', 0.9999],
  ['mmck', { lambda: 1, mu: 1, c: 1, K: 10000 }, 'Wq_var', 8338332.75],
  ['mmck', { lambda: 1, mu: 1, c: 1, K: 10000, t: 5000 }, 'P_Wq_gt_t', 0.4999],
  ['mmck', { lambda: 0.5, mu: 1, c: 1, K: 2000 }, 'P_block', 0],
  ['mmck', { lambda: 0.5, mu: 1, c: 1, K: 2000 }, 'L', 1],
  ['mmck', { lambda: 0.5, mu: 1, c: 1, K: 2000 }, 'Lq', 0.5],
  ['mmck', { lambda: 0.5, mu: 1, c: 1, K: 2000 }, 'Wq', 1],
  ['mmck', { lambda: 0.5, mu: 1, c: 1, K: 2000 }, 'p0', 0.5],
  ['mmck', { lambda: 0.5, mu: 1, c: 1, K: 2000 }, 'P_wait_accepted', 0.5],
  ['mmck', { lambda: 0.5, mu: 1, c: 1, K: 2000 }, 'Wq_var', 3],
  ['mmck', { lambda: 0.5, mu: 1, c: 1, K: 2000, t: 900 }, 'P_Wq_gt_t', 1.846941534243628e-196],
  ['mmcn', { lambda: 0.1, mu: 1, c: 100, N: 1000 }, 'Lq', 1.736346604144198],
  ['mmcn', { lambda: 0.1, mu: 1, c: 100, N: 1000 }, 'p0', 3.7905198229224416e-42],
  ['mmcn', { lambda: 0.1, mu: 1, c: 100, N: 1000 }, 'P_wait', 0.2208900939677666],
  ['mmcn', { lambda: 0.1, mu: 1, c: 100, N: 1000 }, 'Wq_var', 0.002781232515794248],
  ['mmcn', { lambda: 0.1, mu: 1, c: 100, N: 1000, t: 0.05 }, 'P_Wq_gt_t', 0.12697210415650667],
  ['mmcn', { lambda: 0.1, mu: 1, c: 100, N: 1000, t: 1 }, 'P_Wq_gt_t', 7.79699899100692e-8],
  ['mmcn', { lambda: 0.1, mu: 1, c: 100, N: 1000, p: 0.99 }, 'Wq_quantile', 0.2593196100284812],
  ['engset', { lambda: 0.1, mu: 1, c: 100, N: 1000 }, 'time_congestion', 0.030270753573364038],
  ['engset', { lambda: 0.1, mu: 1, c: 100, N: 1000 }, 'call_congestion', 0.029886623881232022],
  ['mmcn', { lambda: 10, mu: 1, c: 20, N: 1000 }, 'Lq', 978],
  ['mmcn', { lambda: 10, mu: 1, c: 20, N: 1000 }, 'P_wait', 1],
  ['mmcn', { lambda: 10, mu: 1, c: 20, N: 1000 }, 'Wq_var', 2.45],
  ['mmcn', { lambda: 10, mu: 1, c: 20, N: 1000, t: 30 }, 'P_Wq_gt_t', 1],
  ['mmcn', { lambda: 10, mu: 1, c: 20, N: 1000, t: 50 }, 'P_Wq_gt_t', 0.2394100132909777],
  ['engset', { lambda: 10, mu: 1, c: 20, N: 1000 }, 'time_congestion', 0.9979614762471875],
  ['engset', { lambda: 10, mu: 1, c: 20, N: 1000 }, 'call_congestion', 0.9979593963422022],
  ['mmcn', { lambda: 0.01, mu: 1, c: 1, N: 2000 }, 'Lq', 1899],
  ['mmcn', { lambda: 0.01, mu: 1, c: 1, N: 2000 }, 'P_wait', 1],
  ['mmcn', { lambda: 0.01, mu: 1, c: 1, N: 2000 }, 'Wq_var', 1999],
  ['mmcn', { lambda: 0.01, mu: 1, c: 1, N: 2000, t: 1500 }, 'P_Wq_gt_t', 1],
  ['mmcn', { lambda: 0.01, mu: 1, c: 1, N: 2000, t: 1900 }, 'P_Wq_gt_t', 0.48810620265981125],
  ['mmcn', { lambda: 0.01, mu: 1, c: 1, N: 2000, p: 0.99 }, 'Wq_quantile', 2004.479696271738],
  ['engset', { lambda: 0.01, mu: 1, c: 1, N: 2000 }, 'time_congestion', 0.9523809523809523],
  ['engset', { lambda: 0.01, mu: 1, c: 1, N: 2000 }, 'call_congestion', 0.9523582658408766],
  ['mmcn', { lambda: 0.005, mu: 1, c: 30, N: 1000 }, 'Lq', 3.5492706729496386e-15],
  ['mmcn', { lambda: 0.005, mu: 1, c: 30, N: 1000 }, 'p0', 0.006822416727411316],
  ['mmcn', { lambda: 0.005, mu: 1, c: 30, N: 1000 }, 'P_wait', 1.794703573990682e-14],
  ['mmcn', { lambda: 0.005, mu: 1, c: 30, N: 1000 }, 'Wq_var', 5.671409714512264e-17],
  ['mmcn', { lambda: 0.005, mu: 1, c: 30, N: 1000, t: 0.1 }, 'P_Wq_gt_t', 1.450208982975824e-15],
  ['engset', { lambda: 0.005, mu: 1, c: 30, N: 1000 }, 'time_congestion', 1.5437416333092175e-14],
  ['engset', { lambda: 0.005, mu: 1, c: 30, N: 1000 }, 'call_congestion', 1.5049165312314906e-14],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.01 }, 'P_wait', 0.5451204616745745],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.01 }, 'P_abandon', 0.005041682896051697],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.01 }, 'Lq', 2.0166731584206787],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.01 }, 'throughput', 3.9798332684157933],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.01 }, 'Wq_var', 0.6514265148335521],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.01, t: 0.1 }, 'P_V_gt_t', 0.4913297686712797],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.01, t: 0.1 }, 'P_Wq_gt_t', 0.4908386844856249],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.01, t: 1 }, 'P_V_gt_t', 0.1895924216063897],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.01, t: 1 }, 'P_Wq_gt_t', 0.1877059454915083],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.0001 }, 'P_wait', 0.554013831727499],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.0001 }, 'P_abandon', 5.535162851395442e-5],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.0001 }, 'Lq', 2.214065140558177],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.0001 }, 'throughput', 3.999778593485944],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.0001, t: 0.1 }, 'P_V_gt_t', 0.5012714097265443],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.0001, t: 0.1 }, 'P_Wq_gt_t', 0.5012663970375105],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.0001, t: 1 }, 'P_V_gt_t', 0.20368814415885247],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 0.0001, t: 1 }, 'P_Wq_gt_t', 0.20366777636284336],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 1000000 }, 'P_wait', 0.19906751178258747],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 1000000 }, 'P_abandon', 0.19906651645199586],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 1000000 }, 'Lq', 7.962660658079835e-7],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 1000000 }, 'throughput', 3.2037339341920164],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 1000000 }, 'Wq_var', 3.585035642784384e-13],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 1000000, t: 0.1 }, 'P_V_gt_t', 0.12074054925126],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 1000000, t: 0.1 }, 'P_Wq_gt_t', 0],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 1000000, t: 1 }, 'P_V_gt_t', 0.001341306343657722],
  ['mmc_m', { lambda: 4, mu: 1, c: 5, theta: 1000000, t: 1 }, 'P_Wq_gt_t', 0],
  ['mmc_m', { lambda: 999, mu: 1, c: 1000, theta: 0.0001 }, 'P_wait', 0.9580476142420825],
  ['mmc_m', { lambda: 999, mu: 1, c: 1000, theta: 0.0001 }, 'P_abandon', 8.24246658089543e-5],
  ['mmc_m', { lambda: 999, mu: 1, c: 1000, theta: 0.0001 }, 'Lq', 823.4224114314534],
  ['mmc_m', { lambda: 999, mu: 1, c: 1000, theta: 0.0001 }, 'throughput', 998.9176577588569],
  ['mmc_m', { lambda: 999, mu: 1, c: 1000, theta: 0.0001, t: 1 }, 'P_V_gt_t', 0.3086290089095608],
  ['mmc_m', { lambda: 999, mu: 1, c: 1000, theta: 0.0001, t: 1 }, 'P_Wq_gt_t', 0.30859814755176346],
  ['mmc_m', { lambda: 999, mu: 1, c: 1000, theta: 0.0001, t: 10 }, 'P_V_gt_t', 1.5657558997129194e-7],
  ['mmc_m', { lambda: 999, mu: 1, c: 1000, theta: 0.0001, t: 10 }, 'P_Wq_gt_t', 1.5641909264302624e-7],
  ['mmc_m', { lambda: 10000, mu: 1, c: 3, theta: 0.1 }, 'P_wait', 1],
  ['mmc_m', { lambda: 10000, mu: 1, c: 3, theta: 0.1 }, 'P_abandon', 0.9997],
  ['mmc_m', { lambda: 10000, mu: 1, c: 3, theta: 0.1 }, 'Lq', 99970],
  ['mmc_m', { lambda: 10000, mu: 1, c: 3, theta: 0.1 }, 'throughput', 3],
  ['mmc_m', { lambda: 10000, mu: 1, c: 3, theta: 0.1, t: 0.1 }, 'P_V_gt_t', 1],
  ['mmc_m', { lambda: 10000, mu: 1, c: 3, theta: 0.1, t: 0.1 }, 'P_Wq_gt_t', 0.9900498337491681],
  ['mmc_m', { lambda: 10000, mu: 1, c: 3, theta: 0.1, t: 1 }, 'P_V_gt_t', 1],
  ['mmc_m', { lambda: 10000, mu: 1, c: 3, theta: 0.1, t: 1 }, 'P_Wq_gt_t', 0.9048374180359595],
  ['mmc_m', { lambda: 1200, mu: 1, c: 1000, theta: 0.01 }, 'P_wait', 1],
  ['mmc_m', { lambda: 1200, mu: 1, c: 1000, theta: 0.01 }, 'P_abandon', 0.16666666666666666],
  ['mmc_m', { lambda: 1200, mu: 1, c: 1000, theta: 0.01 }, 'Lq', 20000],
  ['mmc_m', { lambda: 1200, mu: 1, c: 1000, theta: 0.01 }, 'throughput', 1000],
  ['mmc_m', { lambda: 1200, mu: 1, c: 1000, theta: 0.01, t: 5 }, 'P_V_gt_t', 1],
  ['mmc_m', { lambda: 1200, mu: 1, c: 1000, theta: 0.01, t: 5 }, 'P_Wq_gt_t', 0.951229424500714],
  ['mmc_m', { lambda: 1200, mu: 1, c: 1000, theta: 0.01, t: 18 }, 'P_V_gt_t', 0.7689760192877974],
  ['mmc_m', { lambda: 1200, mu: 1, c: 1000, theta: 0.01, t: 18 }, 'P_Wq_gt_t', 0.6423027622007169],
  ['mmc_m', { lambda: 1200, mu: 1, c: 1000, theta: 0.01, t: 20 }, 'P_V_gt_t', 1.252409904377848e-8],
  ['mmc_m', { lambda: 1200, mu: 1, c: 1000, theta: 0.01, t: 20 }, 'P_Wq_gt_t', 1.0253865041735987e-8],
  ['mmc_m', { lambda: 0.01, mu: 1, c: 3, theta: 0.001 }, 'P_wait', 1.6555998771910854e-7],
  ['mmc_m', { lambda: 0.01, mu: 1, c: 3, theta: 0.001 }, 'P_abandon', 5.535259702987537e-11],
  ['mmc_m', { lambda: 0.01, mu: 1, c: 3, theta: 0.001 }, 'Lq', 5.535259702987536e-10],
  ['mmc_m', { lambda: 0.01, mu: 1, c: 3, theta: 0.001 }, 'throughput', 0.009999999999446474],
  ['mmc_m', { lambda: 0.01, mu: 1, c: 3, theta: 0.001, t: 0.1 }, 'P_V_gt_t', 1.2277251953545504e-7],
  ['mmc_m', { lambda: 0.01, mu: 1, c: 3, theta: 0.001, t: 0.1 }, 'P_Wq_gt_t', 1.2276024289734363e-7],
  ['mmc_m', { lambda: 0.01, mu: 1, c: 3, theta: 0.001, t: 1 }, 'P_V_gt_t', 8.325517971165653e-9],
  ['mmc_m', { lambda: 0.01, mu: 1, c: 3, theta: 0.001, t: 1 }, 'P_Wq_gt_t', 8.317196614566234e-9],
  ['mmc_m', { lambda: 10000, mu: 1, c: 10050, theta: 0.5 }, 'P_wait', 0.3584416254548195],
  ['mmc_m', { lambda: 10000, mu: 1, c: 10050, theta: 0.5 }, 'P_abandon', 0.001489421566514079],
  ['mmc_m', { lambda: 10000, mu: 1, c: 10050, theta: 0.5 }, 'Lq', 29.788431330281583],
  ['mmc_m', { lambda: 10000, mu: 1, c: 10050, theta: 0.5 }, 'throughput', 9985.105784334859],
  ['mmc_m', { lambda: 10000, mu: 1, c: 10050, theta: 0.5, t: 0.001 }, 'P_V_gt_t', 0.3264585503990629],
  ['mmc_m', { lambda: 10000, mu: 1, c: 10050, theta: 0.5, t: 0.001 }, 'P_Wq_gt_t', 0.3262953619243818],
  ['mmc_m', { lambda: 10000, mu: 1, c: 10050, theta: 0.5, t: 0.05 }, 'P_V_gt_t', 1.75606656727592e-5],
  ['mmc_m', { lambda: 10000, mu: 1, c: 10050, theta: 0.5, t: 0.05 }, 'P_Wq_gt_t', 1.7127091292457735e-5],
];

const rate = fc.double({ min: -6, max: 6, noNaN: true }).map((exponent) => Math.exp(exponent));

describe('hard corners', () => {
  it.each(corners)('%s %j: %s', (model, params, metric, wanted) => {
    expectNear(evaluate(model, params)[metric]! + (wanted < 1e-300 ? 1 : 0), wanted + (wanted < 1e-300 ? 1 : 0), 1e-11);
  });
});

describe('birth–death chains', () => {
  it('are begun at the likeliest state, wherever it is', () => {
    fc.assert(fc.property(rate, rate, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 200 }), (birth, death, servers, last) => {
      const law = stationaryLaw({ birthRate: () => birth, deathRate: (n) => Math.min(n, servers) * death, last });
      expectNear(sumOf(law.probabilities), 1, 1e-14);
      for (let n = Math.max(1, law.first + 1); n < law.first + law.probabilities.length; n++) {
        expectNear(law.probability(n) * Math.min(n, servers) * death, law.probability(n - 1) * birth, 1e-12);
      }
    }), { seed: 1, numRuns: 200 });
    expect(stationaryLaw({ birthRate: () => 1e9, deathRate: () => 1, last: 10_000 }).probability(0)).toBe(0);
  });
});

describe('M/M/c/K', () => {
  const bounded = fc.record({ arrivalRate: rate, serviceRate: rate, servers: fc.integer({ min: 1, max: 60 }), buffer: fc.integer({ min: 0, max: 300 }) })
    .map(({ buffer, ...rest }) => ({ ...rest, capacity: rest.servers + buffer }));

  it('is the birth–death chain, and obeys Little among the accepted', () => {
    fc.assert(fc.property(bounded, (parameters) => {
      const { arrivalRate, serviceRate, servers, capacity } = parameters;
      const answer = mmck(parameters);
      const law = stationaryLaw({ birthRate: () => arrivalRate, deathRate: (n) => Math.min(n, servers) * serviceRate, last: capacity });
      const mean = (value: (n: number) => number): number => sumOf(Array.from(law.probabilities, (p, index) => p * value(law.first + index)));
      expectNear(answer.blockingProbability + 1, law.probability(capacity) + 1, 1e-12);
      expectNear(answer.emptyProbability + 1, law.probability(0) + 1, 1e-12);
      expectNear(answer.meanQueueLength, mean((n) => Math.max(0, n - servers)), 1e-11);
      expectNear(answer.throughput, mean((n) => Math.min(n, servers)) * serviceRate, 1e-12);
      expectNear(answer.throughput, arrivalRate * (1 - answer.blockingProbability), 1e-8);
      expectNear(answer.meanNumberInSystem, answer.throughput * answer.meanSojournTime, 1e-12);
    }), { seed: 2, numRuns: 300 });
  });

  it('has tails that sum up to its mean and variance, and quantiles that they meet', () => {
    fc.assert(fc.property(bounded.filter(({ capacity, servers }) => capacity > servers), fc.double({ min: 0.01, max: 0.999, noNaN: true }), (parameters, p) => {
      const answer = mmck(parameters);
      const wait = answer.waitingQuantile!(p);
      expectNear(answer.waitingTail!(wait), wait > 0 ? 1 - p : answer.waitingProbability, 1e-9);
      expect(answer.waitingTail!(wait)).toBeLessThanOrEqual((1 - p) * (1 + 1e-9));
      const buffer = parameters.capacity - parameters.servers;
      const end = (buffer + 12 * Math.sqrt(buffer) + 40) / (parameters.servers * parameters.serviceRate);
      const step = end / 10_000;
      const tails = Array.from({ length: 10_000 }, (_, k) => answer.waitingTail!((k + 0.5) * step));
      expectNear(sumOf(tails) * step, answer.meanWaitingTime, 1e-3);
      const second = 2 * sumOf(tails.map((tail, k) => tail * (k + 0.5) * step)) * step;
      expectNear(second - answer.meanWaitingTime * answer.meanWaitingTime, answer.waitingTimeVariance, 5e-3);
    }), { seed: 3, numRuns: 12 });
  });

  it('is Erlang B without a buffer and M/M/c with an endless one', () => {
    expectNear(mmck({ arrivalRate: 40, serviceRate: 1, servers: 50, capacity: 50 }).blockingProbability, erlangB(50, 40), 1e-13);
    expect(evaluate('mmck', { lambda: 40, mu: 1, c: 50, K: 50, p: 0.9, t: 1 })).toMatchObject({ Lq: 0, Wq: 0, Wq_var: 0, P_wait_accepted: 0, P_Wq_gt_t: 0, Wq_quantile: 0 });
    const [large, endless] = [mmck({ arrivalRate: 9, serviceRate: 1, servers: 10, capacity: 1_000_000 }), mmc({ arrivalRate: 9, serviceRate: 1, servers: 10 })];
    expectNear(large.meanWaitingTime, endless.meanWaitingTime, 1e-13);
    expectNear(large.waitingTimeVariance, endless.waitingTimeVariance, 1e-13);
    expectNear(large.waitingTail!(3), endless.waitingTail!(3), 1e-12);
  });

  it('is regular at λ = cμ, with a million places', () => {
    const answer = mmck({ arrivalRate: 1, serviceRate: 1, servers: 1, capacity: 1_000_000 });
    expectNear(answer.blockingProbability, 1 / 1_000_001, 1e-14);
    expectNear(answer.meanNumberInSystem, 500_000, 1e-14);
    const nearly = mmck({ arrivalRate: 1 + 1e-13, serviceRate: 1, servers: 1, capacity: 1_000_000 });
    expectNear(nearly.meanNumberInSystem, 500_000, 1e-7);
  });

  it('refuses a capacity below its servers', () => {
    expect(() => evaluate('mmck', { lambda: 1, mu: 1, c: 5, K: 4 })).toThrow('K is 4; a whole number, 5 or above');
    expect(() => mmck({ arrivalRate: 1, serviceRate: 1, servers: 5, capacity: 4 })).toThrow('capacity is 4');
  });
});

describe('finite sources', () => {
  const few = fc.record({ arrivalRate: rate, serviceRate: rate, servers: fc.integer({ min: 1, max: 30 }), sources: fc.integer({ min: 1, max: 120 }) });

  it('obey Little and balance what is sent with what is served', () => {
    fc.assert(fc.property(few, (parameters) => {
      const answer = finiteSource(parameters);
      expectNear(answer.meanNumberInSystem, answer.throughput * answer.meanSojournTime, 1e-12);
      expectNear(answer.throughput + 1, parameters.arrivalRate * (parameters.sources - answer.meanNumberInSystem) + 1, 1e-9);
      // Waits from what arrivals find, and from Little.
      const { waitingTail, waitingProbability } = answer;
      expectNear(waitingTail!(0), waitingProbability, 1e-13);
    }), { seed: 4, numRuns: 300 });
  });

  it('wait as long as Little says when the tail is summed up', () => {
    const answer = finiteSource({ arrivalRate: 0.2, serviceRate: 1, servers: 3, sources: 20 });
    const tails = Array.from({ length: 40_000 }, (_, k) => answer.waitingTail!((k + 0.5) * 0.001));
    expectNear(sumOf(tails) * 0.001, answer.meanWaitingTime, 1e-7);
    const second = 2 * sumOf(tails.map((tail, k) => tail * (k + 0.5) * 0.001)) * 0.001;
    expectNear(second - answer.meanWaitingTime * answer.meanWaitingTime, answer.waitingTimeVariance, 1e-6);
  });

  it('do not wait for as many servers, and tend to Poisson arrivals when there are many', () => {
    const enough = finiteSource({ arrivalRate: 2, serviceRate: 1, servers: 7, sources: 7 });
    expect(enough).toMatchObject({ meanQueueLength: 0, waitingProbability: 0, waitingTimeVariance: 0 });
    expect(enough.waitingQuantile!(0.99)).toBe(0);
    expectNear(enough.meanNumberInSystem, (7 * 2) / 3, 1e-13);
    const many = finiteSource({ arrivalRate: 9e-6, serviceRate: 1, servers: 10, sources: 1_000_000 });
    expectNear(many.meanWaitingTime, mmc({ arrivalRate: 9, serviceRate: 1, servers: 10 }).meanWaitingTime, 1e-3);
  });

  it('lose, without a line, what Engset says', () => {
    const chain = stationaryLaw({ birthRate: (n) => (12 - n) * 0.3, deathRate: (n) => n, last: 4 });
    const { timeCongestion, callCongestion } = engset({ arrivalRate: 0.3, serviceRate: 1, servers: 4, sources: 12 });
    expectNear(timeCongestion, chain.probability(4), 1e-13);
    const sent = sumOf(Array.from(chain.probabilities, (p, n) => p * (12 - n)));
    expectNear(callCongestion, (chain.probability(4) * 8) / sent, 1e-13);
    expect(engset({ arrivalRate: 1, serviceRate: 1, servers: 5, sources: 5 }).callCongestion).toBe(0);
    expect(engset({ arrivalRate: 1, serviceRate: 1, servers: 9, sources: 5 })).toEqual({ timeCongestion: 0, callCongestion: 0 });
    expect(() => evaluate('engset', { lambda: 1, mu: 1, c: 2, N: 0 })).toThrow('N is 0');
  });
});

describe('Erlang-A', () => {
  const impatient = fc.record({ arrivalRate: rate, serviceRate: rate, servers: fc.integer({ min: 1, max: 200 }), abandonmentRate: rate });

  it('serves or loses everybody, and obeys Little', () => {
    fc.assert(fc.property(impatient, (parameters) => {
      const answer = erlangA(parameters);
      const { arrivalRate, abandonmentRate } = parameters;
      expectNear(answer.throughput / arrivalRate + answer.abandonmentProbability, 1, 1e-11);
      expectNear(answer.abandonmentProbability, abandonmentRate * answer.meanWaitingTime, 1e-12);
      expectNear(answer.meanNumberInSystem, arrivalRate * answer.meanSojournTime, 1e-12);
      expect(answer.waitingTimeVariance).toBeGreaterThanOrEqual(0);
      expect(answer.busyShare).toBeLessThanOrEqual(1 + 1e-12);
    }), { seed: 5, numRuns: 300 });
  });

  it('is a birth–death chain', () => {
    fc.assert(fc.property(impatient, (parameters) => {
      const { arrivalRate, serviceRate, servers, abandonmentRate } = parameters;
      const death = (n: number): number => Math.min(n, servers) * serviceRate + Math.max(0, n - servers) * abandonmentRate;
      const last = Math.ceil(servers + 40 + (4 * arrivalRate) / abandonmentRate + 40 * Math.sqrt(arrivalRate / abandonmentRate));
      const law = stationaryLaw({ birthRate: () => arrivalRate, deathRate: death, last });
      const answer = erlangA(parameters);
      const mean = (value: (n: number) => number): number => sumOf(Array.from(law.probabilities, (p, index) => p * value(law.first + index)));
      expectNear(answer.meanQueueLength + 1e-200, mean((n) => Math.max(0, n - servers)) + 1e-200, 1e-10);
      expectNear(answer.waitingProbability + 1e-200, mean((n) => (n >= servers ? 1 : 0)) + 1e-200, 1e-11);
    }), { seed: 6, numRuns: 100 });
  });

  it('has tails that sum up to its mean and variance, and quantiles that they meet', () => {
    for (const [arrivalRate, abandonmentRate] of [[10, 0.5], [4, 0.01], [30, 0.2], [7, 5]] as const) {
      const answer = erlangA({ arrivalRate, serviceRate: 1, servers: 8, abandonmentRate });
      const end = 3 * answer.waitingQuantile!(1 - 1e-9);
      const [count, step] = [20_000, end / 20_000];
      const tails = Array.from({ length: count }, (_, k) => answer.waitingTail!((k + 0.5) * step));
      expectNear(sumOf(tails) * step, answer.meanWaitingTime, 1e-6);
      const second = 2 * sumOf(tails.map((tail, k) => tail * (k + 0.5) * step)) * step;
      expectNear(second - answer.meanWaitingTime * answer.meanWaitingTime, answer.waitingTimeVariance, 1e-5);
      for (const p of [0.5, 0.99]) expect(answer.waitingTail!(answer.waitingQuantile!(p))).toBeLessThanOrEqual((1 - p) * (1 + 1e-9));
    }
  });

  it('has its known limits', () => {
    // Patience like service: the number is Poisson.
    expectNear(erlangA({ arrivalRate: 37, serviceRate: 1, servers: 40, abandonmentRate: 1 }).waitingProbability, gammaLower(40, 37), 1e-12);
    const patient = erlangA({ arrivalRate: 95_000, serviceRate: 1, servers: 100_000, abandonmentRate: 1e-9 });
    expectNear(patient.waitingProbability + 1, mmc({ arrivalRate: 95_000, serviceRate: 1, servers: 100_000 }).waitingProbability + 1, 1e-12);
    expectNear(erlangA({ arrivalRate: 8, serviceRate: 1, servers: 10, abandonmentRate: 1e-12 }).meanWaitingTime, mmc({ arrivalRate: 8, serviceRate: 1, servers: 10 }).meanWaitingTime, 1e-10);
    expectNear(erlangA({ arrivalRate: 40, serviceRate: 1, servers: 50, abandonmentRate: 1e14 }).abandonmentProbability, erlangB(50, 40), 1e-11);
    // The fluid: what is too much gives up, whoever is served waits ln(ρ)/θ.
    const fluid = erlangA({ arrivalRate: 150_000, serviceRate: 1, servers: 100_000, abandonmentRate: 0.5 });
    expectNear(fluid.abandonmentProbability, 1 / 3, 1e-12);
    expectNear(fluid.offeredWaitTail(2 * Math.log(1.5)), 0.5, 2e-3);
    // At λ = cμ with hardly any impatience, the offered wait is half of a normal law with variance 1/(cμθ).
    const balanced = erlangA({ arrivalRate: 100_000, serviceRate: 1, servers: 100_000, abandonmentRate: 1e-9 });
    expectNear(balanced.meanWaitingTime, 100 * Math.sqrt(2 / Math.PI), 1e-4);
  });

  it('is met by the rule for many servers within a few percent', () => {
    const parameters = { lambda: 1000, mu: 1, c: 1000, theta: 0.5 };
    const [exact, rule] = [evaluate('mmc_m', parameters), evaluate('erlang_a_qed_approx', parameters)];
    expectNear(rule['P_wait'], exact['P_wait']!, 0.03);
    expectNear(rule['P_abandon_given_wait'], exact['P_abandon']! / exact['P_wait']!, 0.03);
    // mpmath, 40 digits: at β̂ = 1000 the hazard and β̂ are nearly equal.
    expectNear(evaluate('erlang_a_qed_approx', { lambda: 10_000, mu: 1, c: 10_100, theta: 1e-6 })['P_abandon_given_wait'], 9.9503520014555901e-9, 1e-11);
    expect(() => evaluate('mmc_m', { lambda: 1, mu: 1, c: 1, theta: 0 })).toThrow('theta is 0; a rate above zero in 1/s is wanted');
  });
});
