/** One direction of a connection: how long frames take, which are on their way, and which wait because the link is cut. */
import type { Sampler } from '../sim/distribution.ts';
import type { LaneId } from '../sim/event-list.ts';
import type { EventType, OwnerId, Simulation } from '../sim/simulation.ts';
import type { Bytes, BytesPerSecond, Nanos } from '../sim/units.ts';
import type { NodeId } from './node.ts';

export interface Frame {
  readonly type: EventType;
  readonly a: number;
  readonly b: number;
  readonly bytes: Bytes;
  readonly sentAt: Nanos;
}

/** What a pair of nodes is told of the way between them. */
export interface Path {
  readonly from: NodeId;
  readonly to: NodeId;
  /** A constant latency without a bandwidth needs no draw and keeps order by itself. */
  readonly constant: Nanos | undefined;
  readonly drawLatency: Sampler;
  /** Its mean, faults aside. */
  readonly latency: Nanos;
  readonly bytesPerSecond: BytesPerSecond;
  /** When what a cut swallowed is sent again the first time. */
  readonly retransmit: Nanos;
  /** Cuts on this path now. */
  cuts: number;
  readonly extra: Map<string, Sampler>;
}

export class Link {
  readonly path: Path;
  /** Frames on their way belong to it, so that closing the receiving end cancels them. */
  readonly owner: OwnerId;
  readonly held: Frame[] = [];
  private lastArrival: Nanos = 0;
  private lineFreeAt: Nanos = 0;
  private readonly lane: LaneId | undefined;
  /** Constant latency and nothing in the way: frames go through a lane. */
  private free: boolean;
  private receiverPausedUntil: Nanos = 0;
  /** Frames of one instant keep their order by themselves, unless chance decides within an instant. */
  private readonly apart: Nanos;
  private readonly sim: Simulation;

  constructor(sim: Simulation, path: Path) {
    this.sim = sim;
    this.path = path;
    this.owner = sim.createOwner();
    this.apart = sim.isShuffled ? 1 : 0;
    this.lane = path.constant === undefined || sim.isShuffled ? undefined : sim.lane(path.constant);
    this.free = this.lane !== undefined;
  }

  /** Sends a frame: it arrives as an event, in order with the others of this direction. */
  send(bytes: Bytes, type: EventType, a: number, b: number): void {
    if (this.free) {
      this.sim.postLane(this.lane!, type, a, b, this.owner);
      return;
    }
    if (this.path.cuts > 0) {
      this.held.push({ type, a, b, bytes, sentAt: this.sim.now });
      return;
    }
    this.transmit(this.sim.now, { type, a, b, bytes, sentAt: this.sim.now });
  }

  /** A new life of the connection: nothing of the one before is waited for. */
  begin(receiverPausedUntil: Nanos): void {
    this.lastArrival = 0;
    this.lineFreeAt = 0;
    this.receiverPausedUntil = receiverPausedUntil;
  }

  /** A knob was turned: cuts, extra latency or a pause of the receiver. */
  disturbed(receiverPausedUntil: Nanos): void {
    if (this.free && this.path.constant !== undefined) this.lastArrival = Math.max(this.lastArrival, this.sim.now + this.path.constant);
    this.free = false;
    this.receiverPausedUntil = receiverPausedUntil;
  }

  /** Frames under way arrive no earlier than the receiver goes on. */
  receiverPaused(until: Nanos): void {
    this.disturbed(until);
    const postponed = this.sim.postponeOwned(this.owner, until);
    this.lastArrival = Math.max(this.lastArrival, until + postponed * this.apart);
  }

  /**
   * The cut is mended: what waited goes with the next retransmission. TCP doubles its timer at each, so after a long cut
   * it can take as long again (RFC 6298, capped at 120 s as Linux does).
   */
  mended(): void {
    const { retransmit } = this.path;
    const first = this.held[0];
    if (first === undefined) return;
    let due = first.sentAt + retransmit;
    let timer = retransmit;
    while (due < this.sim.now && timer > 0) {
      timer = Math.min(timer * 2, 120e9);
      due += timer;
    }
    const departure = Math.max(due, this.sim.now);
    for (const frame of this.held.splice(0)) this.transmit(departure, frame);
  }

  private transmit(earliest: Nanos, frame: Frame): void {
    const { path, sim } = this;
    let departure = earliest;
    if (path.bytesPerSecond !== Infinity) {
      departure = Math.max(departure, this.lineFreeAt) + Math.round((frame.bytes / path.bytesPerSecond) * 1e9);
      this.lineFreeAt = departure;
    }
    const arrival = Math.max(departure + this.drawLatency(), this.lastArrival + this.apart, this.receiverPausedUntil);
    this.lastArrival = arrival;
    sim.post(arrival - sim.now, frame.type, frame.a, frame.b, this.owner);
    this.free = this.lane !== undefined && path.cuts === 0 && path.extra.size === 0 && path.bytesPerSecond === Infinity && arrival <= sim.now + path.constant!;
  }
  /** How long one frame takes, as faults have it now. */
  drawLatency(): Nanos {
    const { path } = this;
    let latency = path.constant ?? Math.round(path.drawLatency());
    for (const draw of path.extra.values()) latency += Math.round(draw());
    return latency;
  }
}
