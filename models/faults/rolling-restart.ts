import { z } from 'zod';
import type { Nanos } from '../../sim/units.ts';
import type { Broker } from '../broker.ts';
import type { NodeId } from '../node.ts';
import { duration, positiveDuration } from '../settings.ts';
import type { World } from '../world.ts';
import { anybody, type FaultModel, selfTimedSchema, type Site, type Strike, struck } from './fault.ts';

const schema = selfTimedSchema('rolling-restart', 'The nodes of a target are restarted one after another, as for an upgrade of a cluster or a deployment of workers.', {
  target: struck(),
  by: z.enum(['stop', 'crash']).default('stop').describe('stop: each is told to stop and does so in order, consumers once they have handled what they have; crash: each is killed.'),
  drain: positiveDuration().optional().describe('So long before its stop a node is drained, as by rabbitmq-upgrade drain: it takes no connections, closes those it has, and its quorum queues are led elsewhere.'),
  down: positiveDuration().prefault('30s').describe('How long each is down, before it starts again; of consumers that are told to stop, from then on: who is not through is killed.'),
  gap: duration().prefault('30s').describe('From the start of one to the turn of the next; who boots for longer is still away then.'),
});
type Spec = z.output<typeof schema>;

/**
 * One node after another, in the order of their numbers. Who is down or stands still when its turn comes is passed over.
 *
 * A drain is that of rabbitmq-upgrade, which an upgrade is told to begin with (rabbit_maintenance `drain`, 3.13 to 4.3).
 */
export const rollingRestart: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: anybody,
  label: (spec) => (spec.by === 'crash' ? 'rolling kill' : spec.drain === undefined ? 'rolling restart' : 'rolling restart, drained'),
  target: (spec) => spec.target,
  counts: 'nodes restarted',
  begin(site, spec, strike) {
    takeTurn(site, spec, strike, strike.nodesOf(spec.target));
  },
  lasts(_site, spec, strike) {
    const nodes = strike.nodesOf(spec.target).length;
    return nodes * turnOf(spec) - spec.gap;
  },
  end(site, spec, strike) {
    site.steps.stop(strike);
    for (const node of strike.nodesOf(spec.target)) comeBack(site, node, strike);
  },
};

/** From the turn of one node to that of the next. */
function turnOf({ drain = 0, down, gap }: Spec): Nanos {
  return drain + down + gap;
}

function takeTurn(site: Site, spec: Spec, strike: Strike, [node, ...others]: readonly NodeId[]): void {
  const { world, steps } = site;
  if (spec.drain === undefined) {
    goDown(site, spec, strike, node!);
  } else {
    if (isRunning(world, node!)) brokerOf(world, node!).maintenance!.drain(node!, strike.key, world.causes.of('drain', strike.id));
    steps.after(spec.drain, strike, () => goDown(site, spec, strike, node!));
  }
  if (others.length === 0) return;
  steps.after((spec.drain ?? 0) + spec.down, strike, () => comeBack(site, node!, strike));
  steps.after(turnOf(spec), strike, () => takeTurn(site, spec, strike, others));
}

function goDown({ world, consumers }: Site, spec: Spec, strike: Strike, node: NodeId): void {
  if (!isRunning(world, node)) return;
  if (spec.by === 'stop' && consumers.has(node)) {
    const order = { reason: strike.key, cause: world.causes.of('stop', strike.id), grace: spec.down, prefetched: 'handled' as const };
    if (consumers.stops.begin(node, order)) strike.changed++;
    return;
  }
  world.nodes.crash(node, spec.by === 'stop' ? 'stop' : 'process', strike.key, world.causes.of(spec.by, strike.id));
  strike.changed++;
}

function comeBack({ world, consumers }: Site, node: NodeId, { key }: Strike): void {
  brokerOf(world, node)?.maintenance?.revive(node, key);
  if (consumers.has(node)) consumers.stops.over(node, key);
  else world.nodes.restart(node, key);
}

function isRunning({ nodes, sim }: World, node: NodeId): boolean {
  return nodes.isUp(node) && nodes.pausedUntil(node) <= sim.now;
}

/** Undefined for a client; a node that is drained has one, which the scenario's checks see to. */
function brokerOf({ brokers }: World, node: NodeId): Broker {
  return [...brokers.values()].find(({ nodes }) => nodes.includes(node))!;
}
