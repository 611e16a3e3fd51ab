/** Which messages a setting or a fault is about. */
import { z } from 'zod';
import { count, oneKeyOf, probability } from './settings.ts';

/** nth and every count the messages of one producer from 1; a probability is decided once for a message, not for a delivery. */
export const selectorSchema = oneKeyOf({
  nth: count().transform((value) => ({ value })),
  every: count().transform((value) => ({ value })),
  key: z.int().min(0).transform((value) => ({ value })),
  probability: probability().transform((value) => ({ value })),
});
export type Selector = z.output<typeof selectorSchema>;
