/** Every fault there is. To add one: write its file, name it here. */
import { z } from 'zod';
import { ackLost } from './ack-lost.ts';
import { backup } from './backup.ts';
import { bitFlip } from './bit-flip.ts';
import { burst } from './burst.ts';
import { confirmLost } from './confirm-lost.ts';
import { crash } from './crash.ts';
import { crashLoop } from './crash-loop.ts';
import { diskFull } from './disk-full.ts';
import { diskStall } from './disk-stall.ts';
import { ioError } from './io-error.ts';
import { clockSkew } from './clock-skew.ts';
import { certificateExpiry } from './certificate-expiry.ts';
import { connectionLimit } from './connection-limit.ts';
import { crashConsumer } from './crash-consumer.ts';
import { consumerStop } from './consumer-stop.ts';
import { dependencyOutage } from './dependency-outage.ts';
import { doublePublish } from './double-publish.ts';
import { forget } from './forget.ts';
import { handlerThrows } from './handler-throws.ts';
import { hangingHandler } from './hanging-handler.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { slowHandler } from './slow-handler.ts';
import type { FaultModel } from './fault.ts';
import { swizzleClog } from './swizzle-clog.ts';
import { reset } from './reset.ts';
import { partialPartition } from './partial-partition.ts';
import { loss } from './loss.ts';
import { limitData } from './limit-data.ts';
import { halfOpen } from './half-open.ts';
import { flapping } from './flapping.ts';
import { bandwidth } from './bandwidth.ts';
import { latency } from './latency.ts';
import { misdirectedWrite } from './misdirected-write.ts';
import { outboxCrash } from './outbox-crash.ts';
import { outOfMemory } from './out-of-memory.ts';
import { partition } from './partition.ts';
import { patternSchemas } from './patterns.ts';
import { pause } from './pause.ts';
import { poison } from './poison.ts';
import { producerPerRequest } from './producer-per-request.ts';
import { publishLost } from './publish-lost.ts';
import { leadershipTransfer } from './leadership-transfer.ts';
import { policyChange } from './policy-change.ts';
import { prefetchChange } from './prefetch-change.ts';
import { purge } from './purge.ts';
import { queueChange } from './queue-change.ts';
import { queueDelete } from './queue-delete.ts';
import { restore } from './restore.ts';
import { revokePermissions } from './revoke-permissions.ts';
import { rollingRestart } from './rolling-restart.ts';
import { rotateCredentials } from './rotate-credentials.ts';
import { slow } from './slow.ts';
import { stop } from './stop.ts';
import { tornWrite } from './torn-write.ts';
import { wipe } from './wipe.ts';
import { wrongAck } from './wrong-ack.ts';

const all = [
  crash, stop, pause, crashLoop, rollingRestart, outOfMemory, connectionLimit, clockSkew,
  partition, partialPartition, flapping, swizzleClog, latency, loss, bandwidth,
  reset, halfOpen, limitData,
  slow, diskStall, diskFull, ioError, tornWrite, bitFlip, misdirectedWrite, wipe, backup, restore, purge, queueDelete, leadershipTransfer, policyChange, queueChange, prefetchChange,
  burst, poison, doublePublish, producerPerRequest, outboxCrash,
  publishLost, confirmLost, ackLost, wrongAck, reconnectStorm,
  crashConsumer, consumerStop, handlerThrows, slowHandler, hangingHandler, dependencyOutage, forget,
  rotateCredentials, revokePermissions, certificateExpiry,
] as const;

type Schemas<Models extends readonly { readonly schema: unknown }[]> = { -readonly [Index in keyof Models]: Models[Index]['schema'] };
export const faultSpecSchema = z.discriminatedUnion('kind', [...(all.map(({ schema }) => schema) as Schemas<typeof all>), ...patternSchemas]);
export type FaultSpec = z.output<typeof faultSpecSchema>;
export type FaultKind = FaultSpec['kind'];

const byKind = new Map(all.map((model) => [model.schema.shape.kind.value as FaultKind, model as unknown as FaultModel<FaultSpec>]));
export const faultKinds: readonly FaultKind[] = [...byKind.keys()];

export function faultModel({ kind }: FaultSpec): FaultModel<FaultSpec> {
  return byKind.get(kind)!;
}
