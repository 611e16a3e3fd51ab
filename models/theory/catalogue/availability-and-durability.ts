/** Whether enough nodes are up, and whether messages are kept. */
import { refuse } from '../checks.ts';
import { confirmedLoss } from '../durability/confirmed-loss.ts';
import { quorumAvailability } from '../durability/quorum.ts';
import { asyncReplicationLoss, lossWithinLag, replicaLoss } from '../durability/replica-loss.ts';
import { choice, inExample, optional, probability, rate, rateOrZero, timeOrZero, whole, withDefault } from '../parameters.ts';
import { theoryModel, type TheoryModel } from '../theory-model.ts';
import { given } from './station-metrics.ts';

const family = 'availability-and-durability';
const publishRate = inExample(optional(rate('messages published per second', '1000')));
const lostPerSecond = { about: 'messages lost per second', quantity: 'rate', needs: ['lambda'] } as const;

export const availabilityAndDurabilityModels: readonly TheoryModel[] = [
  theoryModel({
    name: 'quorum', title: 'k of n nodes up', family, kind: 'exact', about: 'How often and how long fewer nodes are up than are needed.',
    assumptions: ['Nodes fail independently of each other after exponential times.', 'Repairs take exponential times, as many at once as there are crews.'],
    accuracy: 'relative error below 1e-12 for thousands of nodes, of the unavailability as well; 0 or Infinity beyond 1e±300', source: 'birth–death chain: Gross & Harris §2.7',
    parameters: {
      n: whole('the number of nodes', 1, 1_000_000, '3'), k: whole('nodes that have to be up', 1, 1_000_000, '2'),
      failRate: rateOrZero('failures of one node per second', '0.001'), repairRate: rate('repairs of one node per second', '0.5'),
      repairCrews: optional(whole('repairs at once; no limit when left out', 1, undefined, '1')),
    },
    metrics: {
      availability: { about: 'share of time in which enough are up', quantity: 'probability' },
      unavailability: { about: 'share of time in which they are not', quantity: 'probability' },
      mttf: { about: 'mean time from all nodes up until the first outage', quantity: 'time' }, mean_outage: { about: 'mean length of an outage', quantity: 'time' },
      outage_frequency: { about: 'outages per second', quantity: 'rate' },
    },
    answer({ n, k, failRate, repairRate, repairCrews }) {
      if (k > n) refuse('k', k, `a whole number from 1 to ${n}`);
      const answer = quorumAvailability({ nodes: n, needed: k, failRate, repairRate, repairCrews });
      return { availability: answer.availability, unavailability: answer.unavailability, mttf: answer.meanTimeToFailure, mean_outage: answer.meanOutage, outage_frequency: answer.outageFrequency };
    },
  }),
  theoryModel({
    name: 'replica_loss', title: 'Loss of all copies', family, kind: 'exact', about: 'How long copies of a message last that are lost one by one and made again.',
    assumptions: ['Copies are lost independently of each other after exponential times.', 'A missing copy is made again after an exponential time, from any that is left.'],
    accuracy: 'relative error below 1e-11, however rare a loss is', source: 'birth–death chain; transient by squaring positive tables: Xue & Ye, Math. Comp. 82 (2013) 1577',
    parameters: {
      replicas: whole('copies that there should be', 1, 1000, '3'), ackedCopies: whole('copies at the start, as an acknowledgement vouches for', 1, 1000, '2'),
      lossRate: rateOrZero('at which one copy is lost', '0.001'),
      repairRate: rateOrZero('at which one missing copy is made again', '0.5'), repairCrews: optional(whole('copies made at once; no limit when left out', 1, undefined, '1')),
      t: inExample(optional(timeOrZero('by which it is lost', '1000'))),
    },
    metrics: {
      mttdl: { about: 'mean time until no copy is left', quantity: 'time' }, P_loss_by_t: { about: 'that no copy is left after t', quantity: 'probability', needs: ['t'] },
    },
    answer({ replicas, ackedCopies, lossRate, repairRate, repairCrews, t }) {
      if (ackedCopies > replicas) refuse('ackedCopies', ackedCopies, `a whole number from 1 to ${replicas}`);
      const answer = replicaLoss({ replicas, ackedCopies, lossRate, repairRate, repairCrews });
      return { mttdl: answer.meanTimeToLoss, ...given({ P_loss_by_t: t === undefined ? undefined : answer.lossBy(t) }) };
    },
  }),
  theoryModel({
    name: 'async_replication_loss', title: 'Loss before the first copy', family, kind: 'exact', about: 'How likely a message is lost that was confirmed before it was copied.',
    assumptions: [
      'The node that has the only copy crashes after an exponential time, and its copy is gone or no longer counts.',
      'The first copy takes an exponential time (P_loss) or a fixed one (P_loss_fixed_lag).',
    ],
    accuracy: 'relative error below 1e-15', source: 'competing exponential times',
    parameters: {
      crashRate: rateOrZero('crashes of the node per second', '1e-5'), replicationRate: rateOrZero('one over the mean time until the first copy', '2'),
      lag: inExample(optional(timeOrZero('fixed time until the first copy', '500ms'))), lambda: publishRate,
    },
    metrics: {
      P_loss: { about: 'that a confirmed message is lost', quantity: 'probability' },
      P_loss_fixed_lag: { about: 'the same when copying takes the fixed lag', quantity: 'probability', needs: ['lag'] }, lost_per_second: lostPerSecond,
    },
    answer({ crashRate, replicationRate, lag, lambda }) {
      const loss = asyncReplicationLoss({ crashRate, replicationRate });
      return { P_loss: loss, ...given({ P_loss_fixed_lag: lag === undefined ? undefined : lossWithinLag(crashRate, lag), lost_per_second: lambda === undefined ? undefined : lambda * loss }) };
    },
  }),
  theoryModel({
    name: 'confirmed_loss', title: 'Loss of a confirmed message', family, kind: 'exact', about: 'How likely a confirmed message is lost under a policy of acknowledgements, replication and fsync.',
    assumptions: [
      'All times are exponential; crashes of nodes are independent of each other and of crashes of all at once.', 'Replicas that lack the message get it side by side from any that have it.',
      'With disk=survives a copy on disk is never lost, and a copy in memory is lost with its node. With disk=lost any copy is lost with its node.', 'Counted until every replica has its copy for good; later losses are those of replica_loss.',
    ],
    accuracy: 'relative error below 1e-12, however rare a loss is', source: 'absorbing Markov chain, eliminated without a subtraction: Grassmann, Taksar & Heyman, Oper. Res. 33 (1985) 1107',
    parameters: {
      replicas: whole('copies that there should be', 1, 12, '3'),
      ackedCopies: whole('copies when the message is confirmed; 0 when it is confirmed before it is sent', 0, 12, '2'),
      replicationRate: rate('one over the mean time until a replica has the message', '20'),
      crashRate: rateOrZero('crashes of one node per second', '1e-5'), commonCauseRate: inExample(withDefault(rateOrZero('crashes of all nodes at once per second', '1e-6'), 0)),
      fsyncInterval: inExample(withDefault(timeOrZero('mean time until a copy in memory is on disk; 0 when a copy counts only on disk', '30'), 0)),
      disk: withDefault(choice('whether copies on disk are there, and count, after a crash', ['survives', 'lost']), 'survives'),
      repairRate: optional(rate('one over the mean time until a crashed node is back; at once when left out', '0.01')),
      networkLoss: withDefault(probability('that a message is lost on its way, which matters if it is confirmed before', '0.001'), 0), lambda: publishRate,
    },
    metrics: {
      P_loss: { about: 'that a confirmed message is lost', quantity: 'probability' },
      mean_exposure: { about: 'mean time until the message is safe on every replica, or lost', quantity: 'time' }, lost_per_second: lostPerSecond,
    },
    answer({ disk, lambda, ...policy }) {
      if (policy.ackedCopies > policy.replicas) refuse('ackedCopies', policy.ackedCopies, `a whole number from 0 to ${policy.replicas}`);
      const { lossProbability, meanExposure } = confirmedLoss({ ...policy, diskSurvives: disk === 'survives' });
      return { P_loss: lossProbability, mean_exposure: meanExposure, ...given({ lost_per_second: lambda === undefined ? undefined : lambda * lossProbability }) };
    },
  }),
];
