/** Every fault there is. To add one: write its file, name it here. */
import { z } from 'zod';
import { backup } from './backup.ts';
import { burst } from './burst.ts';
import { crash } from './crash.ts';
import { diskFull } from './disk-full.ts';
import type { FaultModel } from './fault.ts';
import { latency } from './latency.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';
import { poison } from './poison.ts';
import { restore } from './restore.ts';
import { revokePermissions } from './revoke-permissions.ts';
import { rotateCredentials } from './rotate-credentials.ts';
import { slow } from './slow.ts';
import { stop } from './stop.ts';

export const faultSpecSchema = z.discriminatedUnion('kind', [
  crash.schema, stop.schema, pause.schema, partition.schema, latency.schema, slow.schema, diskFull.schema, burst.schema, poison.schema, backup.schema, restore.schema,
  rotateCredentials.schema, revokePermissions.schema,
]);
export type FaultSpec = z.output<typeof faultSpecSchema>;
export type FaultKind = FaultSpec['kind'];

/** A kind without a model does not compile. */
type FaultModels = { readonly [K in FaultKind]: FaultModel<Extract<FaultSpec, { kind: K }>> };
const faultModels: FaultModels = {
  crash, stop, pause, partition, latency, slow, 'disk-full': diskFull, burst, poison, backup, restore,
  'rotate-credentials': rotateCredentials, 'revoke-permissions': revokePermissions,
};

export function faultModel(spec: FaultSpec): FaultModel<FaultSpec> {
  return faultModels[spec.kind] as FaultModel<FaultSpec>;
}

export const faultKinds = Object.keys(faultModels) as readonly FaultKind[];
