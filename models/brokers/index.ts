/** Every broker there is. To add one: write its file, name it here. */
import { z } from 'zod';
import { workQueueSchema } from './work-queue-settings.ts';

export const brokerSpecSchema = z.discriminatedUnion('kind', [workQueueSchema]);
export type BrokerSpec = z.output<typeof brokerSpecSchema>;
