/** Keys of rabbitmq.conf that do nothing in a release or a cluster of that size, or more than is wanted. */
import { rulesOf } from '../../models/brokers/rabbitmq/versions.ts';
import type { Path } from '../problem.ts';
import type { CheckedTopology } from './checked-topology.ts';
import * as say from './messages.ts';

export function checkConfig(checked: CheckedTopology): void {
  checkPartitionHandling(checked);
  if (checked.spec.tls === 'none' && checked.spec.config.ssl_handshake_timeout !== undefined) checked.warning(['config', 'ssl_handshake_timeout'], say.noTls());
}

function checkPartitionHandling(checked: CheckedTopology): void {
  const { config, nodes, version } = checked.spec;
  const strategy = config.cluster_partition_handling;
  const path: Path = ['config', 'cluster_partition_handling'];
  if (strategy === 'ignore') return;
  if (!rulesOf(version).hasMnesia) checked.warning(path, say.noEffectIn('cluster_partition_handling', version, 'a new cluster keeps what its nodes know in Khepri, and its minority can change nothing'));
  else if (nodes === 1) checked.warning(path, say.nothingToPart());
  else if (strategy === 'pause_if_all_down') checked.error(path, say.notModelled(strategy, 'take pause_minority or autoheal'));
  else if (strategy === 'pause_minority' && nodes % 2 === 0) checked.warning(path, say.bothHalvesPause(nodes));
}
