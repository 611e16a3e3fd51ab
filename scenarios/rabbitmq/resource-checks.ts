/** Memory and disk of RabbitMQ's nodes: shares of nothing, and limits that a node is above before anybody publishes. */
import { limitsOf } from '../../models/brokers/rabbitmq/limits.ts';
import { formatBytes } from '../../sim/units.ts';
import type { Path } from '../problem.ts';
import type { CheckedTopology } from './checked-topology.ts';
import * as say from './messages.ts';

export function checkResources(checked: CheckedTopology): void {
  const { config, resources } = checked.spec;
  for (const key of ['vm_memory_high_watermark', 'disk_free_limit'] as const) {
    const { relative, absolute } = config[key];
    const path: Path = ['config', key, 'relative'];
    if (relative === undefined) continue;
    if (absolute !== undefined) checked.warning(path, say.absoluteWins(key));
    else if (config.total_memory_available_override_value === undefined) checked.error(path, say.shareOfNothing(key));
  }
  const limits = limitsOf(checked.spec);
  if (resources.base > limits.memory) checked.warning(['config', 'vm_memory_high_watermark'], say.alarmedFromTheStart('memory', formatBytes(resources.base), formatBytes(limits.memory)));
  if (limits.disk < limits.diskFree) checked.warning(['resources', 'disk'], say.alarmedFromTheStart('disk', formatBytes(limits.disk), formatBytes(limits.diskFree)));
}
