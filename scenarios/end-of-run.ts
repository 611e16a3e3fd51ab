/** How a system stands when its run is over. */
import type { System } from '../models/build.ts';
import type { EndOfRun } from '../models/invariants/invariant.ts';

/** No work is left, and nobody waits for an answer. */
export function isDrained(system: System): boolean {
  return system.world.ledger.buckets.work === 0 && isIdle(system);
}

export function endOfRun(system: System): EndOfRun {
  const { world } = system;
  const brokers = [...world.brokers.values()];
  const held = brokers.reduce((sum, broker) => sum + broker.held(), 0);
  const parked = world.ledger.queues.reduce((sum, queue) => sum + (queue.parking ? queue.ready.value + queue.inFlight.value : 0), 0);
  return {
    now: world.sim.now,
    isDrained: isDrained(system),
    // A copy that no broker holds will never be handled, whatever the ledger still hopes for.
    isQuiescent: held <= parked && isIdle(system),
    healedAt: Math.min(world.phases.healAt, world.sim.now),
    brokers,
    strikes: system.faults.struck.map(({ begin, end }) => ({ begin, end: end ?? Infinity })),
  };
}

/** Nothing is on its way either: what was published without a confirm, or delivered as settled, is in nobody's account. */
function isIdle({ world, publishers, consumers }: System): boolean {
  if (world.attempts.alive > 0 || world.deliveries.alive > 0) return false;
  return consumers.isIdle() && publishers.isIdle() && [...world.brokers.values()].every((broker) => broker.isIdle());
}
