/** What a guarantee is: a definition, and a judge that watches one run. */
import type { z } from 'zod';
import type { Nanos } from '../../sim/units.ts';
import { marks } from '../branches.ts';
import type { Broker } from '../broker.ts';
import type { Judge } from '../judge.ts';
import type { MessageId } from '../message.ts';
import type { LossLocation } from './loss-location.ts';
import type { World } from '../world.ts';

/** What a guarantee lets a scenario say of it, by name; nothing for most. */
export type Parameters = z.ZodRawShape;
type Settings<Fields extends Parameters> = z.output<z.ZodObject<Fields>>;

export interface Invariant<Name extends string = string, Fields extends Parameters = Parameters> {
  /** How a scenario claims it. */
  readonly claim: Name;
  /** Its number in the literature's list of invariants of message systems, as in D1. */
  readonly id: string;
  /** In words, for `list claims` and the report. */
  readonly means: string;
  /** Judged also when nobody claims it, and never vacuous. */
  readonly isAlways?: boolean;
  readonly parameters: Fields;
  judge(world: World, settings: Settings<Fields>): RunningJudge;
}

/** A guarantee whose judge knows its own parameters. */
export function invariant<const Name extends string, Fields extends Parameters = Record<never, never>>(
  definition: Omit<Invariant<Name, Fields>, 'parameters'> & { readonly parameters?: Fields },
): Invariant<Name, Fields> {
  return { parameters: {} as Fields, ...definition };
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
  /** Of every strike of a fault; Infinity where it lasted to the end of the run. */
  readonly strikes: readonly { readonly begin: Nanos; readonly end: Nanos }[];
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
      readonly byPublisher: ReadonlyMap<string, number>; readonly location?: LossLocation };

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
    if (this.kept.length < witnessesMax || name === this.world.watched) this.kept.push({ message: name, summary, at });
  }

  /** Adds a message with which something is wrong: once, on however many branches. True when it did. */
  judge(message: MessageId, wrongIn: WrongIn): boolean {
    const wrong = wrongWith(this.world, message, wrongIn);
    if (wrong !== undefined) this.add(message, wrong.summary, wrong.at);
    return wrong !== undefined;
  }

  addWithoutMessage(what: string, summary: string, at: Nanos = this.world.sim.now): void {
    this.count++;
    if (this.kept.length < witnessesMax) this.kept.push({ message: what, summary, at });
  }

  /** What the count is of: of one, and of several. */
  finding(one: string, many: string): Finding {
    return { verdict: 'fail', reason: `${this.count} ${this.count === 1 ? one : many}`, witnesses: this.kept, violations: this.count, byPublisher: this.byPublisher };
  }
}

export interface Wrong {
  readonly summary: string;
  readonly at?: Nanos;
}
/** What is wrong with one branch of a message. */
export type WrongIn = (message: MessageId, branch: number) => Wrong | undefined;

/** What is wrong with a message, a sentence for each branch with which something is; undefined when nothing is. */
export function wrongWith(world: World, message: MessageId, wrongIn: WrongIn): Wrong | undefined {
  const count = world.ledger.branches.count(message);
  let found = wrongIn(message, 0);
  for (let branch = 1; branch < count; branch++) {
    const wrong = wrongIn(message, branch);
    if (found === undefined) found = wrong;
    else if (wrong !== undefined) found = { ...found, summary: `${found.summary} ${wrong.summary}` };
  }
  return found;
}

/** Which branch a sentence is about: nothing where a message has only one. */
export function forBranch({ ledger }: World, message: MessageId, branch: number): string {
  if (ledger.branches.count(message) === 1) return '';
  const of = ledger.branches.queueOf(message, branch);
  return ` for ${ledger.branches.readerName(of) ?? ledger.queues[of]!.name}`;
}

/** It took no effect, and at the end no dead letter of it lies where such are kept. */
export function isUnhandled({ ledger }: World, message: MessageId, branch: number): boolean {
  return ledger.branches.effects(message, branch) === 0 && !ledger.branches.has(message, branch, marks.heldDead);
}

/** What became of a branch of a message, in one clause, for a witness. */
export function fateOf({ ledger, causes }: World, message: MessageId, branch: number): string {
  const loss = ledger.branches.lastLoss(message, branch);
  if (loss !== undefined) return `it was lost to ${causes.text(loss.cause)} at ${seconds(loss.at)}`;
  if (ledger.branches.has(message, branch, marks.deadLettered)) return 'it lies in a dead-letter queue';
  if (ledger.branches.has(message, branch, marks.stored)) return 'the broker holds it no longer, and nobody said why';
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

const threats = ['node.crashed.process', 'node.crashed.host', 'node.crashed.disk', 'ledger.confirmLost', 'consumer.settlementLost', 'consumer.stoppedBusy', 'raft.transferred', 'publisher.retried', 'producer.publishedTwice', 'session.lost'];

export const nothingHappened = 'nothing happened that could have broken it: no crash, loss, retry or redelivery';
