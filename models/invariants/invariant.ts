/** What a guarantee is: a definition, and a judge that watches one run. */
import type { Nanos } from '../../sim/units.ts';
import type { Broker } from '../broker.ts';
import type { Judge } from '../judge.ts';
import { flags } from '../ledger.ts';
import type { MessageId } from '../message.ts';
import type { World } from '../world.ts';
import type { ClaimName, ClaimSpec } from './claims.ts';

export interface Invariant {
  readonly claim: ClaimName;
  /** Its number in the literature's list of invariants of message systems, as in D1. */
  readonly id: string;
  /** In words, for `list claims` and the report. */
  readonly means: string;
  /** Judged also when nobody claims it, and never vacuous. */
  readonly isAlways?: boolean;
  judge(world: World, claim: ClaimSpec): RunningJudge;
}

export interface RunningJudge extends Judge {
  verdict(end: EndOfRun): Finding;
}

export interface EndOfRun {
  readonly now: Nanos;
  /** Nothing moves any more: no work is left, or what the ledger still counts no broker holds. */
  readonly isQuiescent: boolean;
  /** Every queue is empty, and nobody waits for anything. */
  readonly isDrained: boolean;
  readonly healedAt: Nanos;
  readonly brokers: readonly Broker[];
}

export interface FoundWitness {
  readonly message: string;
  readonly summary: string;
  readonly at: Nanos;
}
export type Finding =
  | { readonly verdict: 'pass'; readonly reason?: string }
  | { readonly verdict: 'unknown'; readonly reason: string }
  | { readonly verdict: 'fail'; readonly reason: string; readonly witnesses: readonly FoundWitness[]; readonly violations: number;
      /** How many of them by the group that published. */
      readonly byPublisher: ReadonlyMap<string, number> };

const witnessesMax = 8;

/** Violations: all are counted, the first few are kept. */
export class Violations {
  count = 0;
  private readonly kept: FoundWitness[] = [];
  private readonly byPublisher = new Map<string, number>();
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  add(message: MessageId, summary: string, at: Nanos = this.world.sim.now): void {
    const name = this.world.nameOf(message);
    const group = name.slice(0, name.indexOf('.'));
    this.count++;
    this.byPublisher.set(group, (this.byPublisher.get(group) ?? 0) + 1);
    if (this.kept.length < witnessesMax) this.kept.push({ message: name, summary, at });
  }

  addWithoutMessage(what: string, summary: string): void {
    this.count++;
    if (this.kept.length < witnessesMax) this.kept.push({ message: what, summary, at: this.world.sim.now });
  }

  /** What the count is of: of one, and of several. */
  finding(one: string, many: string): Finding {
    return { verdict: 'fail', reason: `${this.count} ${this.count === 1 ? one : many}`, witnesses: this.kept, violations: this.count, byPublisher: this.byPublisher };
  }
}

/** What became of a message, in one clause, for a witness. */
export function fateOf(world: World, message: MessageId): string {
  const loss = world.ledger.lastLoss(message);
  if (loss !== undefined) return `it was lost to ${world.causes.text(loss.cause)} at ${seconds(loss.at)}`;
  if (world.ledger.has(message, flags.parked)) return 'it lies in a dead-letter queue';
  if (world.ledger.has(message, flags.stored)) return 'the broker holds it no longer, and nobody said why';
  return 'it was never stored';
}

export function seconds(time: Nanos): string {
  return `${(time / 1e9).toFixed(3)} s`;
}

/** Something happened that can lose, double or reorder messages; without it a pass would prove nothing. */
export function wasThreatened(world: World): boolean {
  const { totals, attemptsLost, queues } = world.ledger;
  if (totals.redelivered + totals.deliveriesLost + totals.deadLettered + totals.rewound + totals.leasesExpired > 0) return true;
  if (attemptsLost.size > 0 || queues.some((queue) => queue.dropped.size > 0)) return true;
  const { reachedPaths } = world.sim.trace;
  return threats.some((path) => (reachedPaths[path] ?? 0) > 0);
}

const threats = ['node.crashed.process', 'node.crashed.host', 'ledger.confirmLost', 'consumer.settlementLost', 'publisher.retried', 'session.lost'];

export const nothingHappened = 'nothing happened that could have broken it: no crash, loss, retry or redelivery';
