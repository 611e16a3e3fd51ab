/**
 * A rolling hash of a run: time, name and operands of every event, in two 32-bit lanes. Names are hashed, not numbers of
 * declaration, so that declaring events in another order changes nothing. Checkpoints let two runs that part be bisected.
 */
import type { Nanos } from './units.ts';

export interface Checkpoint {
  readonly events: number;
  readonly time: Nanos;
  readonly fingerprint: string;
}

const checkpointsMax = 64;
const toHigh = 1 / 4_294_967_296;

export class Fingerprint {
  private one = 0x243f6a88 | 0;
  private two = 0x85a308d3 | 0;
  private readonly taken: Checkpoint[] = [];
  private every = 1024;

  mix(time: Nanos, nameHash: number, a: number, b: number): void {
    const low = time | 0;
    const high = (time * toHigh) | 0;
    let one = Math.imul(this.one ^ low ^ nameHash, 0x9e3779b1);
    one = Math.imul((one ^ (one >>> 15)) + a, 0x85ebca6b);
    let two = Math.imul(this.two ^ high ^ b, 0xc2b2ae3d);
    two = Math.imul((two ^ (two >>> 13)) + one, 0x27d4eb2f);
    this.one = one ^ (one >>> 16);
    this.two = two ^ (two >>> 14);
  }

  /** Notes the hash so far, at event counts that are multiples of a step which doubles when there are too many. */
  checkpoint(events: number, time: Nanos): void {
    if (events % this.every !== 0) return;
    this.taken.push({ events, time, fingerprint: this.value });
    if (this.taken.length < checkpointsMax) return;
    this.every *= 2;
    const kept = this.taken.filter((point) => point.events % this.every === 0);
    this.taken.length = 0;
    this.taken.push(...kept);
  }

  get checkpoints(): readonly Checkpoint[] {
    return this.taken;
  }

  /** Sixteen hexadecimal digits. */
  get value(): string {
    return hex(this.one) + hex(this.two);
  }
}

/** FNV-1a of the code units, 32 bits. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash;
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}
