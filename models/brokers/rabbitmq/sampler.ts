import { distribution, type DistributionSpec, type Sampler } from '../../../sim/distribution.ts';
import type { Simulation } from '../../../sim/simulation.ts';
import type { Slowness } from '../../slowness.ts';

/** A sampler of a sum, each part with a stream of its own. */
export function sampler(sim: Simulation, stream: string, ...specs: readonly DistributionSpec[]): Sampler {
  const draws = specs.map((spec, index) => distribution(spec).sampler(sim.stream(index === 0 ? stream : `${stream}/${index}`)));
  return draws.length === 1 ? draws[0]! : () => draws.reduce((sum, draw) => sum + draw(), 0);
}

/** What a disk takes, as slow as that is. */
export function onDisk(sim: Simulation, disk: Slowness, draw: Sampler): Sampler {
  return () => disk.of(draw(), sim.now);
}
