/** Every fault there is. To add one: write its file, name it here. */
import { z } from 'zod';
import { burstSchema } from './burst.ts';
import { crashSchema } from './crash.ts';
import { latencySchema } from './latency.ts';
import { partitionSchema } from './partition.ts';
import { pauseSchema } from './pause.ts';
import { poisonSchema } from './poison.ts';
import { slowSchema } from './slow.ts';

export const faultSpecSchema = z.discriminatedUnion('kind', [
  crashSchema, pauseSchema, partitionSchema, latencySchema, slowSchema, burstSchema, poisonSchema,
]);
export type FaultSpec = z.output<typeof faultSpecSchema>;
export type FaultKind = FaultSpec['kind'];
