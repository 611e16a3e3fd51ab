import type { z } from 'zod';
import { queuePath } from '../settings.ts';
import { queueOf } from './queue-of.ts';
import { type FaultModel, faultSchema } from './fault.ts';

const schema = faultSchema('queue-delete', 'An operator deletes a queue of RabbitMQ, with all that is in it; when the fault ends it is declared again, empty.', { queue: queuePath() });
type Spec = z.output<typeof schema>;

/** Where nobody leads the queue nothing can be deleted, which changes nothing. */
export const queueDelete: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: [],
  label: () => 'deletion of the queue',
  target: (spec) => spec.queue,
  counts: 'queues deleted',
  begin({ world }, spec, strike) {
    const { operator, queue } = queueOf(world, spec);
    operator.delete!(queue, world.causes.of('deleted', strike.id), () => strike.changed++);
  },
  end({ world }, spec, strike) {
    const { operator, queue } = queueOf(world, spec);
    operator.declare!(queue, world.causes.of('deleted', strike.id));
  },
};
