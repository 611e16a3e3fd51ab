/**
 * What is wrong with a topology of RabbitMQ: names that lead nowhere, and what the broker would refuse, ignore or do in silence.
 * Read in rabbit_amqqueue, rabbit_exchange, rabbit_policy and the queue types at the tags of `versions.ts`.
 */
import type { RabbitmqSpec } from '../models/brokers/rabbitmq/settings.ts';
import { CheckedTopology, type RabbitmqProblem } from './rabbitmq/checked-topology.ts';
import { checkUsers } from './rabbitmq/access-checks.ts';
import { checkConfig } from './rabbitmq/config-checks.ts';
import { checkBindings, checkExchanges } from './rabbitmq/exchange-checks.ts';
import { checkPolicies, readablePolicies } from './rabbitmq/policy-checks.ts';
import { checkQueues } from './rabbitmq/queue-checks.ts';
import { checkResources } from './rabbitmq/resource-checks.ts';

export function rabbitmqProblems(spec: RabbitmqSpec): readonly RabbitmqProblem[] {
  const checked = new CheckedTopology(spec);
  checkExchanges(checked);
  checkBindings(checked);
  const policies = readablePolicies(checked);
  checkPolicies(policies, checked);
  checkQueues(policies, checked);
  checkConfig(checked);
  checkResources(checked);
  checkUsers(checked);
  return checked.problems;
}
