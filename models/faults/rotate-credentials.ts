import type { z } from 'zod';
import { userPath } from '../settings.ts';
import { type FaultModel, faultSchema } from './fault.ts';
import { knobsOf } from './users.ts';

const schema = faultSchema('rotate-credentials', 'The credential that clients have of a user (orders-mq/billing) is refused: it was changed, and they have the old one until the fault ends.', { user: userPath() });
type Spec = z.output<typeof schema>;

/** A password that was changed, or a key that tokens were signed with. What is connected stays connected. */
export const rotateCredentials: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: [],
  label: () => 'credentials rotated',
  target: (spec) => spec.user,
  counts: 'logins and new tokens refused',
  begin({ world }, spec, strike) {
    const { user, knobs } = knobsOf(world, spec.user);
    knobs.rotateCredential(user, strike.key, { by: strike.id, onRefused: () => strike.changed++ });
  },
  end({ world }, spec, strike) {
    const { user, knobs } = knobsOf(world, spec.user);
    knobs.rotateCredential(user, strike.key, undefined);
  },
};
