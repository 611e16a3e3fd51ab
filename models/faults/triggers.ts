/** Waits for what a fault hangs on, or ends with: a moment of a message, or an occurrence. */
import type { EventType } from '../../sim/simulation.ts';
import type { NodeId } from '../node.ts';
import type { World } from '../world.ts';
import { targetsOf } from './targets.ts';
import { type Awaited, isMoment } from './trigger-settings.ts';

/** @param where the node where it happened */
type Happened = (where: NodeId | undefined) => void;

/** Calls `happened` once, when what was awaited is there; the returned function stops the wait. */
export function awaitOnce(world: World, awaited: Awaited, happened: Happened): () => void {
  const isThere = (node: NodeId | undefined): boolean =>
    awaited.node === undefined || (node !== undefined && targetsOf(world, '', undefined)(awaited.node).includes(node));
  return isMoment(awaited.what) ? awaitMoment(world, awaited, isThere, happened) : awaitOccurrence(world, awaited, isThere, happened);
}

type IsThere = (node: NodeId | undefined) => boolean;

/** The nth message that comes there, or one by its name. */
function awaitMoment(world: World, { what, side, message }: Awaited, isThere: IsThere, happened: Happened): () => void {
  let seen = 0;
  let chosen: { readonly type: EventType; readonly a: number; readonly b: number; readonly node: NodeId } | undefined;
  const unwatch: (() => void)[] = [];
  const stop = (): void => unwatch.forEach((off) => off());
  const strike = (node: NodeId): void => {
    stop();
    happened(node);
  };
  for (const { type, messageOf, nodeOf } of world.moments.of(what as Parameters<typeof world.moments.of>[0])) {
    // Who the event is about is asked before it: afterwards the message may be gone.
    const before = (_type: EventType, a: number, b: number): void => {
      const node = nodeOf(a, b);
      if (!isThere(node)) return;
      const isChosen = typeof message === 'string' ? world.nameOf(messageOf(a, b)) === message : ++seen === message;
      if (!isChosen) return;
      chosen = { type, a, b, node };
      if (side === 'before') strike(node);
    };
    // Another fault may postpone the chosen event, so that others come between its choice and its end.
    const after = (_type: EventType, a: number, b: number): void => {
      if (chosen?.type === type && chosen.a === a && chosen.b === b) strike(chosen.node);
    };
    unwatch.push(world.sim.watch(type, 'before', before));
    if (side === 'after') unwatch.push(world.sim.watch(type, 'after', after));
  }
  return stop;
}

function awaitOccurrence(world: World, { what, nth = 1, queue, fault, message }: Awaited, isThere: IsThere, happened: Happened): () => void {
  let seen = 0;
  const stop = world.occurrences.listen(what as Parameters<typeof world.occurrences.listen>[0], (it) => {
    if (queue !== undefined && (it.queue === undefined || world.ledger.queues[it.queue]!.name !== queue)) return;
    if (fault !== undefined && it.fault !== fault) return;
    if (message !== undefined && (it.message === undefined || world.nameOf(it.message) !== message)) return;
    if (!isThere(it.node) || ++seen < nth) return;
    stop();
    happened(it.node);
  });
  return stop;
}
