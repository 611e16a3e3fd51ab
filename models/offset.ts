/** Where a consumer begins to read a log, whenever it connects. */
import { z } from 'zod';
import { positiveDuration } from './settings.ts';

export const offsetSchema = z.union([z.enum(['first', 'last', 'next', 'stored']), z.int().min(0), positiveDuration().transform((since) => ({ since }))]);
export type OffsetSpec = z.output<typeof offsetSchema>;
