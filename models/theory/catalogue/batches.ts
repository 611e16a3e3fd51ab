/** Messages that arrive in batches, and a server that takes several at once. */
import { batchArrivals, batchArrivalsGeneral } from '../batches/batch-arrivals.ts';
import { batchParameter } from '../batches/batch-parameter.ts';
import { bulkService } from '../batches/bulk-service.ts';
import { lawParameter } from '../laws/law-parameter.ts';
import { law } from '../laws/law.ts';
import { positive, rate, whole } from '../parameters.ts';
import { theoryModel, type TheoryModel } from '../theory-model.ts';
import { meanMetrics, meanValues } from './station-metrics.ts';

const family = 'batches';
const lambda = rate('batches that arrive per second', '25');
const mu = rate('messages that one server handles per second', '100');
const emptyMetric = { p0: { about: 'that the system is empty', quantity: 'probability' } } as const;
const batchAssumptions = ['Batches arrive independently of each other at a constant rate (Poisson); their sizes are independent.', 'One line without end, first come first served.', 'Times are those of a random message, whose batch is larger than a random batch.'];

export const batchesModels: readonly TheoryModel[] = [
  theoryModel({
    name: 'mxm1', title: 'M^[X]/M/1', family, kind: 'exact', about: 'How long messages wait that arrive in batches, with one server.',
    assumptions: [...batchAssumptions, 'Exponential service.'], accuracy: 'relative error below 1e-12', source: 'Gross & Harris §3.1',
    parameters: { lambda, mu, batch: batchParameter }, metrics: { ...meanMetrics, ...emptyMetric },
    answer({ lambda, mu, batch }) {
      const answer = batchArrivals({ arrivalRate: lambda, serviceRate: mu, servers: 1, batch });
      return { ...meanValues(answer), p0: answer.emptyProbability };
    },
  }),
  theoryModel({
    name: 'mxmc', title: 'M^[X]/M/c', family, kind: 'exact', about: 'How long messages wait that arrive in batches, with c servers.',
    assumptions: [...batchAssumptions, 'Exponential service, the same for every server.'],
    accuracy: 'relative error below 1e-10 up to 100,000 servers and utilisation 0.999999: nothing is cut off', source: 'Burke, Oper. Res. 23 (1975) 830; Gross & Harris §3.1, with the generating function',
    parameters: { lambda: rate('batches that arrive per second', '100'), mu, c: whole('the number of servers', 1, 1_000_000, '4'), batch: batchParameter }, metrics: { ...meanMetrics, ...emptyMetric },
    answer({ lambda, mu, c, batch }) {
      const answer = batchArrivals({ arrivalRate: lambda, serviceRate: mu, servers: c, batch });
      return { ...meanValues(answer), p0: answer.emptyProbability };
    },
  }),
  theoryModel({
    name: 'mxg1', title: 'M^[X]/G/1', family, kind: 'exact', about: 'How long messages wait that arrive in batches, with one server and any law of service.',
    assumptions: batchAssumptions, accuracy: 'relative error below 1e-12; infinite where the service has no second moment', source: 'Gaver 1959; Burke, Oper. Res. 23 (1975) 830',
    parameters: { lambda, service: lawParameter('the service time'), batchMean: positive('mean size of a batch, 1 or above', '3'), batchSecondMoment: positive('mean square of the size', '15') },
    metrics: meanMetrics,
    answer({ lambda, service, batchMean, batchSecondMoment }) {
      const { mean, moment } = law(service, 'service');
      return meanValues(batchArrivalsGeneral({ arrivalRate: lambda, serviceMean: mean, serviceSecondMoment: moment(2), batchMean, batchSecondMoment }));
    },
  }),
  theoryModel({
    name: 'mmb1', title: 'M/M^[b]/1', family, kind: 'exact', about: 'How long messages wait for a consumer that takes up to b at once.',
    assumptions: [
      'Messages arrive independently of each other at a constant rate (Poisson).', 'One server; the time for a batch is exponential and does not depend on its size.',
      'A batch that is not full takes along what arrives while it is in service.',
    ],
    accuracy: 'relative error below 1e-12, near saturation that of bμ − λ', source: 'Gross & Harris §3.2',
    parameters: { lambda: rate('messages that arrive per second', '400'), mu: rate('batches that the server handles per second', '20'), b: whole('the largest batch', 1, undefined, '25') },
    metrics: { ...meanMetrics, ...emptyMetric, r: { about: 'by which each further message in the system is less likely', quantity: 'probability' } },
    answer({ lambda, mu, b }) {
      const answer = bulkService({ arrivalRate: lambda, serviceRate: mu, batchMax: b });
      return { ...meanValues(answer), p0: answer.emptyProbability, r: answer.decay };
    },
  }),
];
