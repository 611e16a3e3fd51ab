import type { z } from 'zod';
import { distribution } from '../../sim/distribution.ts';
import type { Nanos } from '../../sim/units.ts';
import { backoffDelay } from '../backoff.ts';
import type { NodeId } from '../node.ts';
import { limitedByAttempts } from '../retry.ts';
import { count, durations } from '../settings.ts';
import { anybody, type FaultModel, selfTimedSchema, type Site, type Strike, struck } from './fault.ts';

const schema = selfTimedSchema('crash-loop', 'A process dies, its supervisor starts it again, and it dies again.', {
  target: struck(),
  count: count(1, 1000).default(5).describe('How often it dies.'),
  period: durations().prefault('10s').describe('How long it lives after each start.'),
  restart: limitedByAttempts('supervisors').prefault({ fixed: { delay: '10s' } })
    .describe('What its supervisor waits before each start: 10 s unless told, as RestartSec of rabbitmq-server.service; after so many `attempts` it gives up.'),
});
type Spec = z.output<typeof schema>;

/**
 * Every process of the target for itself. A supervisor that gives up (StartLimitBurst of systemd) leaves it down until faults are
 * healed; exponential waits from 10 s to 5 min are CrashLoopBackOff of Kubernetes, whose waits begin anew after ten minutes of
 * life, which is left out.
 */
export const crashLoop: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: (spec) => `crash loop ×${spec.count}`,
  target: (spec) => spec.target,
  counts: 'deaths',
  begin(site, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) planLives(site, spec, strike, node);
  },
  lasts({ steps }, spec, strike) {
    return (spec.restart?.attempts ?? 0) < spec.count ? Infinity : steps.lasts(strike);
  },
  end({ world, steps }, spec, strike) {
    steps.stop(strike);
    for (const node of strike.nodesOf(spec.target)) world.nodes.restart(node, strike.key);
  },
};

/** All deaths and starts of one process. */
function planLives({ world, steps }: Site, spec: Spec, strike: Strike, node: NodeId): void {
  const { sim, nodes } = world;
  const draws = `${strike.draws}/${nodes.name(node)}`;
  const drawLife = distribution(spec.period).sampler(sim.stream(`${draws}/life`));
  const jitter = sim.stream(`${draws}/restart`);
  die(strike, node, world);
  let [at, wait]: [Nanos, Nanos] = [0, 0];
  for (let deaths = 1; spec.restart !== undefined && deaths <= Math.min(spec.count, spec.restart.attempts); deaths++) {
    wait = backoffDelay(spec.restart.backoff, deaths, wait, jitter);
    at += wait;
    steps.after(at, strike, () => nodes.restart(node, strike.key));
    if (deaths === spec.count) return;
    at += Math.round(drawLife());
    steps.after(at, strike, () => die(strike, node, world));
  }
}

function die(strike: Strike, node: NodeId, { nodes, causes }: Site['world']): void {
  if (nodes.crash(node, 'process', strike.key, causes.of('crash', strike.id))) strike.changed++;
}
