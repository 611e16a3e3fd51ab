import { z } from 'zod';
import { target } from '../settings.ts';
import { faultSchema } from './fault.ts';

export const side = z.union([target().transform((one) => [one]), z.array(target()).min(1).max(10_000)]);

/** No packet passes between two sets; one: only those from the first set to the second are lost. */
export const partitionSchema = faultSchema('partition', { between: z.tuple([side, side]), direction: z.enum(['both', 'one']).default('both') });
