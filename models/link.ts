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
  /** As described; faults may leave less. */
  readonly bytesPerSecond: BytesPerSecond;
  /** When what a cut swallowed is sent again the first time. */
  readonly retransmit: Nanos;
  /** Cuts on this path now. */
  cuts: number;
  /** What faults do to it, by name: latency that is added, what is left of its bandwidth, losses, and who counts what goes over it. */
  readonly extra: Map<string, Sampler>;
  readonly throttles: Map<string, BytesPerSecond>;
  readonly losses: Map<string, LossLaw>;
  readonly meters: Map<string, Meter>;
}

/** How often the packet of one frame is lost before it arrives. @param sentAgainAt when it is sent once more after so many losses */
export type LossLaw = (sentAgainAt: (losses: number) => Nanos) => number;
/** Hears of each frame that goes; true when it does not, nor anything after it. */
export type Meter = (link: Link, bytes: Bytes) => boolean;

/** As often Linux sends a packet again before it gives a connection up (tcp_retries2). */
export const retriesMax = 15;
/** Its timer is doubled up to this (TCP_RTO_MAX). */
const timerMax: Nanos = 120e9;

/** No fault is on it, and nothing of it takes more than its latency. */
function isPlain({ cuts, extra, throttles, losses, meters, bytesPerSecond }: Path): boolean {
  return cuts === 0 && bytesPerSecond === Infinity && extra.size === 0 && throttles.size === 0 && losses.size === 0 && meters.size === 0;
}

function rateOf({ bytesPerSecond, throttles }: Path): BytesPerSecond {
  let rate = bytesPerSecond;
  for (const left of throttles.values()) rate = Math.min(rate, left);
  return rate;
}

export class Link {
  readonly path: Path;
  /** Frames on their way belong to it, so that closing the receiving end cancels them. */
  readonly owner: OwnerId;
  readonly held: Frame[] = [];
  /** Nothing passes in this life of the connection any more, whatever is mended. */
  isDead = false;
  /** Told of the first frame that a dead link swallows. */
  onStuck: (() => void) | undefined;
  /** A packet is sent again and again until then, and nothing behind it arrives. */
  private stalledUntil: Nanos = 0;
  /** Told when that begins. */
  onStall: (() => void) | undefined;
  /** Told when a packet is lost so often that TCP will give it up, so long from now; nothing passes any more. */
  onGivingUp: ((after: Nanos) => void) | undefined;
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
    if (this.isCut) {
      this.hold({ type, a, b, bytes, sentAt: this.sim.now });
      return;
    }
    this.transmit(this.sim.now, { type, a, b, bytes, sentAt: this.sim.now });
  }

  /** What is sent waits, for a mend or for ever. */
  get isCut(): boolean {
    return this.isDead || this.path.cuts > 0;
  }

  get isStalled(): boolean {
    return this.stalledUntil > this.sim.now;
  }

  /** A stall is over of which nobody was told. True once. */
  takeEndedStall(): boolean {
    if (this.stalledUntil === 0 || this.isStalled) return false;
    this.stalledUntil = 0;
    return true;
  }

  private hold(frame: Frame): void {
    if (this.isDead && this.held.length === 0) this.onStuck?.();
    this.held.push(frame);
  }

  /** A new life of the connection: nothing of the one before is waited for. */
  begin(receiverPausedUntil: Nanos): void {
    this.lastArrival = 0;
    this.lineFreeAt = 0;
    this.receiverPausedUntil = receiverPausedUntil;
    this.isDead = false;
    this.onStuck = undefined;
    this.stalledUntil = 0;
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
      timer = Math.min(timer * 2, timerMax);
      due += timer;
    }
    const departure = Math.max(due, this.sim.now);
    for (const frame of this.held.splice(0)) this.transmit(departure, frame);
  }

  private transmit(earliest: Nanos, frame: Frame): void {
    const { path, sim } = this;
    if (this.isDead || this.isStopped(frame.bytes)) {
      this.hold(frame);
      return;
    }
    let departure = earliest;
    const rate = rateOf(path);
    if (rate !== Infinity) {
      departure = Math.max(departure, this.lineFreeAt) + Math.round((frame.bytes / rate) * 1e9);
      this.lineFreeAt = departure;
    }
    const losses = path.losses.size === 0 ? 0 : this.drawLosses();
    const wait = this.timeFor(losses);
    if (losses > retriesMax) {
      this.isDead = true;
      this.held.push(frame);
      this.onGivingUp?.(wait);
      return;
    }
    const arrival = Math.max(departure + this.drawLatency() + wait, this.lastArrival + this.apart, this.receiverPausedUntil);
    if (wait > 0) this.stall(arrival);
    this.lastArrival = arrival;
    sim.post(arrival - sim.now, frame.type, frame.a, frame.b, this.owner);
    this.free = this.lane !== undefined && isPlain(path) && arrival <= sim.now + path.constant!;
  }

  private isStopped(bytes: Bytes): boolean {
    for (const meter of this.path.meters.values()) {
      if (!meter(this, bytes)) continue;
      this.isDead = true;
      return true;
    }
    return false;
  }

  private drawLosses(): number {
    let losses = 0;
    for (const draw of this.path.losses.values()) losses += draw((before) => this.sim.now + this.timeFor(before));
    return Math.min(losses, retriesMax + 1);
  }

  /** How long TCP tries when a packet is lost so often: its timer, doubled at each. */
  private timeFor(losses: number): Nanos {
    let wait = 0;
    for (let again = 0, timer = this.path.retransmit; again < losses; again++, timer = Math.min(timer * 2, timerMax)) wait += timer;
    return wait;
  }

  private stall(until: Nanos): void {
    const isNew = !this.isStalled;
    this.stalledUntil = Math.max(this.stalledUntil, until);
    if (isNew) this.onStall?.();
  }

  /** How long one frame takes, as faults have it now. */
  drawLatency(): Nanos {
    const { path } = this;
    let latency = path.constant ?? Math.round(path.drawLatency());
    for (const draw of path.extra.values()) latency += Math.round(draw());
    return latency;
  }
}
