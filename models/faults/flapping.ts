import type { z } from 'zod';
import { distribution } from '../../sim/distribution.ts';
import { count, durations } from '../settings.ts';
import { anybody, type FaultModel, selfTimedSchema } from './fault.ts';
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
    const mend = (): void => ['>', '<'].forEach((suffix) => network.paths.mend(`${strike.key}${suffix}`));
    const cut = (): void => turn(spec, strike, (suffix, scope) => network.paths.cut(`${strike.key}${suffix}`, strike.id, scope));
    let at = 0;
    for (let cuts = 1; cuts <= spec.count; cuts++) {
      if (at === 0) cut();
      else steps.after(at, strike, cut);
      at += Math.round(drawDown());
      steps.after(at, strike, mend);
      at += Math.round(drawUp());
    }
  },
  lasts: ({ steps }, _spec, strike) => steps.lasts(strike),
  end({ world: { network }, steps }, _spec, strike) {
    steps.stop(strike);
    for (const suffix of ['>', '<']) network.paths.mend(`${strike.key}${suffix}`);
  },
};
