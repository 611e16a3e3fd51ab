import type { z } from 'zod';
import { formatDuration } from '../../sim/units.ts';
import { positiveDuration } from '../settings.ts';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('dependency-outage', 'What the handlers call is down: all handlings that begin meanwhile fail, soon or after a timeout.', {
  target: struck(), timeout: positiveDuration().default(1e6).describe('How long a handler waits before it fails: a millisecond, as where a connection is refused, unless told.'),
});
type Spec = z.output<typeof schema>;

/** A refused call fails soon; one to a host that does not answer holds the handler until it gives up. */
export const dependencyOutage: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers'],
  label: ({ timeout }) => `dependency out, noticed in ${formatDuration(timeout)}`,
  target: (spec) => spec.target,
  counts: 'handlings that failed',
  begin({ world, consumers }, spec, strike) {
    const cause = world.causes.of('dependency-outage', strike.id);
    consumers.troubles.begin(strike.key, strike.nodesOf(spec.target), (handling) => {
      strike.changed++;
      handling.takes = spec.timeout;
      handling.fails = cause;
    });
  },
  end({ consumers }, _spec, strike) {
    consumers.troubles.end(strike.key);
  },
};
