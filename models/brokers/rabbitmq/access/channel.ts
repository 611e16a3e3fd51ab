/**
 * What a channel remembers of permissions that it asked for (rabbit_channel `check_resource_access`, 3.10.8 to 4.3.5): the last twelve
 * that were granted. It forgets them when it hibernates, and at each tick if its user's credential can expire.
 */
import { type EventHandle, noEvent } from '../../../../sim/event-list.ts';
import type { Nanos } from '../../../../sim/units.ts';
import type { Permissions } from './permissions.ts';
import type { User } from './user.ts';

/** MAX_PERMISSION_CACHE_SIZE. */
const cacheMax = 12;
/** HIBERNATE_AFTER_MIN: so long without anything to do. Longer ones, which it chooses when it was woken soon, are left out. */
const hibernatesAfter: Nanos = 1e9;

export class Channel {
  readonly user: User;
  /** Which life of its connection it is. */
  readonly life: number;
  /** Of a token: what stood in it when it came. */
  granted: Permissions | undefined;
  expiresAt: Nanos;
  expiry: EventHandle = noEvent;
  /** The queues that are consumed from. */
  readonly reads = new Set<string>();
  private readonly openedAt: Nanos;
  private readonly tick: Nanos;
  private activeAt: Nanos;
  private known: number[] = [];

  constructor(user: User, life: number, openedAt: Nanos, expiresAt: Nanos, tick: Nanos) {
    this.user = user;
    this.life = life;
    this.openedAt = openedAt;
    this.activeAt = openedAt;
    this.expiresAt = expiresAt;
    this.tick = tick;
    this.granted = user.token && user.permissions;
  }

  /** It has something to do. */
  wake(now: Nanos): void {
    if (now - this.activeAt > hibernatesAfter || (this.user.token !== undefined && this.ticksUntil(now) > this.ticksUntil(this.activeAt))) this.forget();
    this.activeAt = now;
  }

  knows(permission: number): boolean {
    return this.known.includes(permission);
  }

  note(permission: number): void {
    this.known = [permission, ...this.known.slice(0, cacheMax - 1)];
  }

  forget(): void {
    if (this.known.length > 0) this.known = [];
  }

  private ticksUntil(time: Nanos): number {
    return Math.floor((time - this.openedAt) / this.tick);
  }
}
