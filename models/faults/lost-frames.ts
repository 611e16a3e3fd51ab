/**
 * Frames that are lost just before they arrive. TCP loses none from the middle of a stream: the connection breaks at that
 * moment, and what else is on its way to the same end is lost with it. Both sides see the connection go.
 */
import type { EventType } from '../../sim/simulation.ts';
import type { CauseId } from '../causes.ts';
import type { AttemptId, ConnectionId, DeliveryId, MessageId } from '../message.ts';
import type { NodeId } from '../node.ts';
import { reply, settlement } from '../protocol.ts';
import type { World } from '../world.ts';
import { Chosen, chosenFields, type ChosenSpec } from './chosen.ts';
import { type Site, type Strike, struck } from './fault.ts';

export const lostFrameFields = { target: struck(), ...chosenFields };
interface Spec extends ChosenSpec {
  readonly target: string;
}

interface Frame {
  readonly connection: ConnectionId;
  readonly life: number;
  readonly messages: readonly MessageId[];
}

/** How to take off what a strike hung up. */
const watches = new WeakMap<Strike, () => void>();

/** What publishers send, before it reaches the broker. */
export function losePublishes(site: Site, spec: Spec, strike: Strike): void {
  const { attempts, brokers } = site.world;
  const types = new Set([...brokers.values()].map(({ port }) => port.publishArrived as unknown as EventType));
  lose(site, spec, strike, 'server', types, (attempt) => frameOf(attempts, attempt as AttemptId, [attempts.messageOf(attempt as AttemptId)]));
}

/** Confirms, before they reach their publishers. */
export function loseConfirms(site: Site, spec: Spec, strike: Strike): void {
  const { attempts, protocol } = site.world;
  const types = new Set([protocol.replyArrived as unknown as EventType]);
  lose(site, spec, strike, 'client', types, (attempt, answer) => (
    answer === reply.confirmed ? frameOf(attempts, attempt as AttemptId, [attempts.messageOf(attempt as AttemptId)]) : undefined));
}

/** Acknowledgements of workers, before they reach the broker; one for several deliveries is hit by any of their messages. */
export function loseAcknowledgements(site: Site, spec: Spec, strike: Strike): void {
  lose(site, spec, strike, 'server', acknowledgementTypes(site), readerOfAcknowledgements(site));
}

/** Acknowledgements that the broker takes for a mistake of their channel, or for done and then for a mistake. */
export function refuseAcknowledgements(site: Site, spec: Spec, strike: Strike, afterThem: boolean): void {
  const cause = site.world.causes.of('precondition-failed', strike.id);
  lose(site, spec, strike, 'server', acknowledgementTypes(site), readerOfAcknowledgements(site), { cause, afterThem });
}

function acknowledgementTypes({ world }: Site): ReadonlySet<EventType> {
  return new Set([...world.brokers.values()].map(({ port }) => port.settlementArrived as unknown as EventType));
}

function readerOfAcknowledgements({ world: { deliveries, copies } }: Site): (delivery: number, verdict: number) => Frame | undefined {
  return (delivery, verdict) => {
    if (verdict !== settlement.acknowledge) return undefined;
    return frameOf(deliveries, delivery as DeliveryId, deliveries.together(delivery as DeliveryId).map((each) => copies.messageOf(deliveries.copyOf(each))));
  };
}

export function loseNoMore(strike: Strike): void {
  watches.get(strike)!();
}

interface Breach {
  readonly cause: CauseId;
  /** The frame still does what it is for. */
  readonly afterThem: boolean;
}

function lose(
  { world }: Site, spec: Spec, strike: Strike, end: 'client' | 'server', types: ReadonlySet<EventType>, read: (a: number, b: number) => Frame | undefined,
  { cause, afterThem }: Breach = { cause: world.causes.of('connection-lost', strike.id), afterThem: false },
): void {
  const nodes = new Set(strike.nodesOf(spec.target));
  const chosen = new Chosen(world, spec, strike);
  let pending: Frame | undefined;
  const breakOff = (frame: Frame): void => {
    strike.changed++;
    breakConnection(world, frame.connection, frame.life, end, cause);
  };
  // Who a frame is about is asked before it is handled: afterwards the message may be gone.
  const before = (_type: EventType, a: number, b: number): void => {
    const frame = read(a, b);
    pending = undefined;
    if (frame === undefined || !nodes.has(world.network.nodeAt(frame.connection, 'client'))) return;
    if (!frame.messages.some((message) => chosen.hit(message))) return;
    if (afterThem) pending = frame;
    else breakOff(frame);
  };
  const after = (): void => {
    if (pending !== undefined) breakOff(pending);
    pending = undefined;
  };
  const off = [...types].flatMap((type) => [world.sim.watch(type, 'before', before), ...(afterThem ? [world.sim.watch(type, 'after', after)] : [])]);
  watches.set(strike, () => off.forEach((each) => each()));
}

function frameOf({ connection, session }: { readonly connection: Int32Array; readonly session: Int32Array }, id: number, messages: readonly MessageId[]): Frame {
  return { connection: connection[id] as ConnectionId, life: session[id]!, messages };
}

/** A connection breaks at one end: what is on its way there is lost, and the other end hears of it by a reset. */
export function breakConnection({ network, nodes }: World, connection: ConnectionId, life: number, end: 'client' | 'server', cause: CauseId): void {
  const node: NodeId = network.nodeAt(connection, end);
  if (end === 'server') network.refuseAtServer(connection, life, cause);
  else network.closeAtClient(connection, life, cause);
  nodes.resident(node).disconnected(node, connection, cause);
}
