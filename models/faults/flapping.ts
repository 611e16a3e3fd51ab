import type { z } from 'zod';
import { distribution } from '../../sim/distribution.ts';
import { count, durations } from '../settings.ts';
import type { Network } from '../network.ts';
import { anybody, type FaultModel, selfTimedSchema, type Strike } from './fault.ts';
import { between, turn, wayFields } from './ways.ts';

const schema = selfTimedSchema('flapping', 'The way between two sets of nodes is cut and mended, again and again.', {
  ...wayFields,
  down: durations().prefault('1s').describe('How long each cut lasts.'),
  up: durations().prefault('5s').describe('From the end of one to the begin of the next.'),
  count: count(1, 10_000).default(5).describe('How many cuts.'),
});
type Spec = z.output<typeof schema>;

/** A cable with a loose contact, a route that is announced and withdrawn. Random durations are its jitter. */
export const flapping: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: (spec) => `flapping ×${spec.count}`,
  target: between,
  counts: 'cuts of connections',
  begin({ world: { sim, network }, steps }, spec, strike) {
    const drawDown = distribution(spec.down).sampler(sim.stream(`${strike.draws}/down`));
    const drawUp = distribution(spec.up).sampler(sim.stream(`${strike.draws}/up`));
    // Each cut has a name of its own: at the same instant the next may come before this one is mended.
    const cut = (number: number): void => turn(spec, strike, (suffix, scope) => network.paths.cut(nameOf(strike, number, suffix), strike.id, scope));
    let at = 0;
    for (let cuts = 1; cuts <= spec.count; cuts++) {
      if (at === 0) cut(cuts);
      else steps.after(at, strike, () => cut(cuts));
      at += Math.round(drawDown());
      steps.after(at, strike, () => mend(network, strike, cuts));
      at += Math.round(drawUp());
    }
  },
  lasts: ({ steps }, _spec, strike) => steps.lasts(strike),
  end({ world: { network }, steps }, spec, strike) {
    steps.stop(strike);
    for (let cuts = 1; cuts <= spec.count; cuts++) mend(network, strike, cuts);
  },
};

const nameOf = ({ key }: Strike, number: number, suffix: string): string => `${key}.${number}${suffix}`;

function mend({ paths }: Network, strike: Strike, number: number): void {
  for (const suffix of ['>', '<']) paths.mend(nameOf(strike, number, suffix));
}
