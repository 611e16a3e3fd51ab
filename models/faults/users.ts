/** Users that faults strike. */
import type { UserKnobs } from '../broker.ts';
import type { World } from '../world.ts';

/** @param path `broker/user`, which has to be there */
export function knobsOf(world: World, path: string): { readonly user: string; readonly knobs: UserKnobs } {
  const slash = path.indexOf('/');
  return { user: path.slice(slash + 1), knobs: world.brokers.get(path.slice(0, slash))!.users! };
}
