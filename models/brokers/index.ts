/** Every broker there is. To add one: write its file, name it here. */
import { z } from 'zod';
import { distribution } from '../../sim/distribution.ts';
import type { BrokerModel } from './broker-model.ts';
import { type BrokerView, diskFaults } from './broker-view.ts';
import { RabbitMQ } from './rabbitmq/rabbitmq.ts';
import { rabbitmqSchema } from './rabbitmq/settings.ts';
import { createShovels } from './rabbitmq/shovel/create-shovels.ts';
import { rabbitView } from './rabbitmq/view.ts';
import { workQueueSchema } from './work-queue/settings.ts';
import { WorkQueue } from './work-queue/work-queue.ts';

export const brokerSpecSchema = z.discriminatedUnion('kind', [workQueueSchema, rabbitmqSchema]);
export type BrokerSpec = z.output<typeof brokerSpecSchema>;
type BrokerKind = BrokerSpec['kind'];

/** A kind without a model does not compile. */
export type BrokerModels = { readonly [K in BrokerKind]: BrokerModel<Extract<BrokerSpec, { kind: K }>> };
export const brokerModels: BrokerModels = {
  'work-queue': {
    schema: workQueueSchema,
    about: 'A generic work queue on one node, honest about storage; it stands for no product.',
    view: (spec) => ({ ...spec, nodes: 1, canBeSlowed: distribution(spec.processing).mean > 0, stopsInOrder: false, looksAtDisk: false, speaksTls: false, readsClock: false, diskFaults, unmodelledSplit: undefined, logs: [], hasPolicies: false, orders: Object.fromEntries(Object.keys(spec.queues).map((queue) => [queue, ['purge', 'queue-change'] as const])), exchanges: [], routes: ({ to }) => [to], unlike: [] }),
    build: (world, name, spec) => new WorkQueue(world, name, spec),
  },
  rabbitmq: {
    schema: rabbitmqSchema,
    about: 'RabbitMQ 3.10, 3.13 and 4.x, under its own names and with its own defaults.',
    view: rabbitView,
    build: (world, name, spec) => new RabbitMQ(world, name, spec),
    buildClients: createShovels,
  },
};

const views = new WeakMap<BrokerSpec, BrokerView>();

/** A broker as those see it who need not know which it is. */
export function viewOf(spec: BrokerSpec): BrokerView {
  let view = views.get(spec);
  if (view === undefined) views.set(spec, (view = (brokerModels[spec.kind] as BrokerModel<BrokerSpec>).view(spec)));
  return view;
}
