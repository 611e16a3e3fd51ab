/** Policies that give classic queues mirrors: what RabbitMQ refuses of them, and what is not modelled (rabbit_mirror_queue_misc `validate_policy`). */
import { ofMirrors, type Policies } from '../../models/brokers/rabbitmq/routing/policies.ts';
import type { PolicySpec } from '../../models/brokers/rabbitmq/settings.ts';
import { rulesOf } from '../../models/brokers/rabbitmq/versions.ts';
import type { Path } from '../problem.ts';
import type { CheckedTopology } from './checked-topology.ts';
import * as say from './messages.ts';

export function checkMirrors(policy: PolicySpec, path: Path, policies: Policies, checked: CheckedTopology): void {
  const { definition } = policy;
  const key = ofMirrors.find((each) => definition[each] !== undefined);
  if (key === undefined) return;
  const { version } = checked.spec;
  if (!rulesOf(version).hasMirroring) checked.error([...path, 'definition', key], say.mirrorsRemoved(version));
  else if (definition['ha-mode'] === undefined) checked.error([...path, 'definition', key], say.mirrorsWithoutMode());
  else checkParams(policy, definition['ha-mode'], [...path, 'definition', definition['ha-params'] === undefined ? 'ha-mode' : 'ha-params'], policies, checked);
}

function checkParams(policy: PolicySpec, mode: 'all' | 'exactly' | 'nodes', path: Path, policies: Policies, checked: CheckedTopology): void {
  const params = policy.definition['ha-params'];
  const wanted = { all: 'none', exactly: 'a number of members', nodes: 'a list of nodes, as in [0, 1]' }[mode];
  const found = params === undefined ? 'all' : typeof params === 'number' ? 'exactly' : 'nodes';
  if (found !== mode) checked.error(path, say.mirrorParams(mode, wanted));
  else if (Array.isArray(params)) checkNodes(policy, params, path, policies, checked);
}

function checkNodes(policy: PolicySpec, nodes: readonly number[], path: Path, policies: Policies, checked: CheckedTopology): void {
  const { spec } = checked;
  const missing = nodes.find((node) => node >= spec.nodes);
  if (missing !== undefined) checked.error(path, say.noSuchNode(missing, spec.nodes));
  for (const [name, queue] of Object.entries(spec.queues)) {
    if (queue.arguments['x-queue-type'] !== 'classic' || policies.forQueue(name, 'classic') !== policy || nodes.includes(queue.node)) continue;
    checked.error(path, say.leaderElsewhere(name, queue.node));
  }
}
