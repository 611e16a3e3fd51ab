/** Every broker there is. To add one: write its file, name it here. */
import { z } from 'zod';
import type { BrokerModel } from './broker-model.ts';
import { workQueueSchema } from './work-queue/settings.ts';
import { WorkQueue } from './work-queue/work-queue.ts';

export const brokerSpecSchema = z.discriminatedUnion('kind', [workQueueSchema]);
export type BrokerSpec = z.output<typeof brokerSpecSchema>;
type BrokerKind = BrokerSpec['kind'];

/** A kind without a model does not compile. */
export type BrokerModels = { readonly [K in BrokerKind]: BrokerModel<Extract<BrokerSpec, { kind: K }>> };
export const brokerModels: BrokerModels = {
  'work-queue': {
    schema: workQueueSchema,
    about: 'A generic work queue on one node, honest about storage; it stands for no product.',
    build: (world, name, spec) => new WorkQueue(world, name, spec),
  },
};
