import { z } from 'zod';
import { durations } from '../settings.ts';
import { faultSchema } from './fault.ts';
import { side } from './partition.ts';

/** Each frame between the two sets takes that much longer; one: only those from the first set to the second. */
export const latencySchema = faultSchema('latency', {
  between: z.tuple([side, side]), direction: z.enum(['both', 'one']).default('both'), add: durations(),
});
