import { z } from 'zod';
import { userPath } from '../settings.ts';
import { type FaultModel, faultSchema } from './fault.ts';
import { knobsOf } from './users.ts';

const pattern = () => z.string().max(1000).optional();
const schema = faultSchema('revoke-permissions', 'A user (orders-mq/billing) has other permissions, or where none is said none at all.', {
  user: userPath(), configure: pattern(), write: pattern(), read: pattern().describe('Instead of its own; those that are not said stay.'),
});
type Spec = z.output<typeof schema>;

/** rabbitmqctl set_permissions, or clear_permissions. */
export const revokePermissions: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: [],
  label: () => 'permissions revoked',
  target: (spec) => spec.user,
  counts: 'operations refused',
  begin({ world }, spec, strike) {
    const { user, knobs } = knobsOf(world, spec.user);
    const said = Object.fromEntries((['configure', 'write', 'read'] as const).flatMap((permission) => (spec[permission] === undefined ? [] : [[permission, spec[permission]]])));
    knobs.restrict(user, strike.key, { by: strike.id, onRefused: () => strike.changed++, to: Object.keys(said).length > 0 ? said : undefined });
  },
  end({ world }, spec, strike) {
    const { user, knobs } = knobsOf(world, spec.user);
    knobs.restrict(user, strike.key, undefined);
  },
};
