import { breakdownServersMax, mmcBreakdown } from '../breakdowns.ts';
import { choice, rate, rateOrZero, whole } from '../parameters.ts';
import { theoryModel, type TheoryModel } from '../theory-model.ts';

export const breakdownsModels: readonly TheoryModel[] = [
  theoryModel({
    name: 'mmc_breakdown',
    title: 'M/M/c with servers that break down',
    family: 'breakdowns',
    about: 'How long do messages wait when consumers crash and come back?',
    assumptions: [
      'Poisson arrivals, exponential service, one line without end',
      'times to failure and to repair are exponential; each server fails by itself, each crew repairs one server at a time',
      'a message whose server fails goes back to the head of the line and goes on elsewhere',
    ],
    kind: 'exact',
    accuracy: 'relative error below 1e-11, at any load and however slow failures and repairs are',
    source: 'Mitrany & Avi-Itzhak, Oper. Res. 16 (1968) 628; Latouche & Ramaswami, J. Appl. Prob. 30 (1993) 650',
    parameters: {
      lambda: rate('messages that arrive per second', '2'),
      mu: rate('messages that one working server handles per second', '1'),
      c: whole('servers', 1, breakdownServersMax, '4'),
      failRate: rateOrZero('failures of one server per second', '0.1'),
      repairRate: rate('repairs by one crew per second', '0.4'),
      repairCrews: whole('servers that can be repaired at the same time', 1),
      failMode: choice('whether idle servers fail, too (always), or only those that serve (busy)', ['always', 'busy']),
    },
    metrics: {
      L: { about: 'mean number in the system', quantity: 'number' },
      W: { about: 'mean time in the system', quantity: 'time' },
      Wq: { about: 'mean time in the system without service, W − 1/mu', quantity: 'time' },
      P_wait: { about: 'that an arrival finds no free server that works', quantity: 'probability' },
      decay_rate: { about: 'by which factor a long backlog is rarer than one that is shorter by one', quantity: 'number' },
      mean_operative: { about: 'mean number of servers that work', quantity: 'number' },
      availability: { about: 'share of the servers that work', quantity: 'probability' },
      capacity: { about: 'messages served when there is always work', quantity: 'rate' },
      utilization: { about: 'arrivals by capacity', quantity: 'number' },
      growth_rate: { about: 'growth of the backlog, 0 when stable', quantity: 'rate' },
    },
    answer({ lambda, mu, c, failRate, repairRate, repairCrews, failMode }) {
      const answer = mmcBreakdown({ arrivalRate: lambda, serviceRate: mu, servers: c, failureRate: failRate, repairRate, repairCrews, failMode });
      return {
        L: answer.meanNumberInSystem,
        W: answer.meanSojournTime,
        Wq: answer.meanWaitingTime,
        P_wait: answer.waitingProbability,
        decay_rate: answer.decayRate,
        mean_operative: answer.meanOperativeServers,
        availability: answer.meanOperativeServers / c,
        capacity: answer.capacity,
        utilization: answer.utilisation,
        growth_rate: answer.growthRate,
      };
    },
  }),
];
