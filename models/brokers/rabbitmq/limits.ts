/** How much a node of RabbitMQ may use before it raises an alarm. */
import type { Bytes } from '../../../sim/units.ts';
import type { RabbitmqSpec } from './settings.ts';
import { rulesOf } from './versions.ts';

export interface Limits {
  /** `Infinity` where nobody says how much there is. */
  readonly memory: Bytes;
  /** Free at the beginning. */
  readonly disk: Bytes;
  /** To be left free. */
  readonly diskFree: Bytes;
}

/** `DEFAULT_DISK_FREE_LIMIT` */
const diskFreeDefault: Bytes = 50_000_000;

export function limitsOf({ config, resources, version }: Pick<RabbitmqSpec, 'config' | 'resources' | 'version'>): Limits {
  const { vm_memory_high_watermark: watermark, total_memory_available_override_value: total = Infinity, disk_free_limit: left } = config;
  return {
    memory: Math.min(watermark.absolute ?? Math.trunc((watermark.relative ?? rulesOf(version).memoryWatermark) * total), total),
    disk: resources.disk ?? Infinity,
    diskFree: left.absolute ?? (left.relative === undefined ? diskFreeDefault : Math.round(left.relative * total)),
  };
}
