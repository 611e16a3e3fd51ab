import type { z } from 'zod';
import type { NodeId } from '../node.ts';
import { Scope } from '../paths.ts';
import { duration, positiveDuration } from '../settings.ts';
import { anybody, type FaultModel, selfTimedSchema, type Site, type Strike, struck } from './fault.ts';

const schema = selfTimedSchema('swizzle-clog', 'Nodes are cut off from everybody one after another, and mended one after another, in another order.', {
  target: struck(),
  spread: positiveDuration().prefault('3s').describe('Within which all are cut off, and within which all are mended again.'),
  hold: duration().prefault('5s').describe('From the end of the one to the begin of the other.'),
});
type Spec = z.output<typeof schema>;

/** The pattern of FoundationDB's simulator: what goes and comes in different orders finds what a clean cut does not. Which nodes: a role, as in minority(mq). */
export const swizzleClog: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: () => 'swizzle-clog',
  target: (spec) => spec.target,
  counts: 'connections cut',
  begin(site, spec, strike) {
    const draws = site.world.sim.stream(`${strike.draws}/times`);
    const { spread, hold } = spec;
    const within = (): number => Math.round(draws.double() * spread);
    for (const node of strike.nodesOf(spec.target)) {
      site.steps.after(within(), strike, () => cutOff(site, strike, node));
      site.steps.after(spread + hold + within(), strike, () => mend(site, strike, node));
    }
  },
  lasts: ({ steps }, _spec, strike) => steps.lasts(strike),
  end(site, spec, strike) {
    site.steps.stop(strike);
    for (const node of strike.nodesOf(spec.target)) mend(site, strike, node);
  },
};

function cutOff({ world: { network, nodes } }: Site, strike: Strike, node: NodeId): void {
  const others = nodes.all().filter((other) => other !== node);
  const concerned = network.paths.cut(`${strike.key}/${node}>`, strike.id, new Scope([node], others));
  network.paths.cut(`${strike.key}/${node}<`, strike.id, new Scope(others, [node]));
  strike.changed += concerned;
}

function mend({ world: { network } }: Site, strike: Strike, node: NodeId): void {
  for (const suffix of ['>', '<']) network.paths.mend(`${strike.key}/${node}${suffix}`);
}
