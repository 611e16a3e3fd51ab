import { z } from 'zod';
import { target } from '../settings.ts';
import { faultSchema } from './fault.ts';

/** process: what the operating system was given survives; host: what was not synced to disk is lost too. */
export const crashSchema = faultSchema('crash', { target: target(), scope: z.enum(['process', 'host']).default('process') });
