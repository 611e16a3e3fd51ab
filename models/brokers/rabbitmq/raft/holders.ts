/** Who has what was committed at a place of a replicated log, as one who sees all members at once knows it. */
import type { Nanos } from '../../../../sim/units.ts';
import type { NodeId } from '../../../node.ts';
import { agreement } from './log.ts';
import type { Member } from './member.ts';

/** Nodes that have an entry: on disk, or only in memory. */
export interface Holders {
  readonly synced: readonly NodeId[];
  readonly unsynced: readonly NodeId[];
  /** So many are more than half of all. */
  readonly majority: number;
}

/** @param leads whose log has all that was committed; where nobody leads, the most recent one has */
export function holdersOf(members: readonly Member[], leads: Member | undefined, index: number, now: Nanos): Holders {
  const { log } = leads ?? members.reduce((one, other) => (isAhead(other, one) ? other : one));
  const having = members.filter((member) => member.log.last >= index && agreement(log, member.log) >= index);
  return {
    synced: having.filter((member) => member.durable(now) >= index).map(({ node }) => node),
    unsynced: having.filter((member) => member.durable(now) < index).map(({ node }) => node),
    majority: (members.length >> 1) + 1,
  };
}

function isAhead({ log: one }: Member, { log: other }: Member): boolean {
  return one.lastTerm > other.lastTerm || (one.lastTerm === other.lastTerm && one.last > other.last);
}
