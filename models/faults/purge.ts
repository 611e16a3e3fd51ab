import type { z } from 'zod';
import { queuePath } from '../settings.ts';
import { queueOf } from './queue-of.ts';
import { type FaultModel, selfTimedSchema } from './fault.ts';

const schema = selfTimedSchema('purge', 'An operator empties a queue: what is ready in it is thrown away, what consumers hold stays.', { queue: queuePath() });
type Spec = z.output<typeof schema>;

/** What is thrown away is no dead letter. A queue that nobody leads cannot be emptied, which changes nothing. */
export const purge: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: [],
  label: () => 'purge',
  target: (spec) => spec.queue,
  counts: 'messages thrown away',
  begin({ world }, spec, strike) {
    const { operator, queue } = queueOf(world, spec);
    operator.purge(queue, world.causes.of('purged', strike.id), (messages) => (strike.changed += messages));
  },
  // What is gone stays so.
  end() {},
  lasts: () => 0,
};
