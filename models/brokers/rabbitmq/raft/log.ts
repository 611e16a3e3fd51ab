/** One member's log: commands by index, from the first that is kept to the last. Indices begin at 1 and are never used for another place. */
import type { CommandId, Commands } from './commands.ts';

export class Log {
  /** Index of the last entry; of the last that was there once, when nothing is kept. */
  last = 0;
  /** Entries up to this one are not kept any more: all members have them, or a snapshot stands for them. */
  base = 0;
  private entries = new Int32Array(64);
  /** Term of each entry as it was appended: a command that was sent again is in the log under another term. */
  private terms = new Int32Array(64);
  private baseTerm = 0;
  private readonly commands: Commands;

  constructor(commands: Commands) {
    this.commands = commands;
  }

  at(index: number): CommandId {
    return this.entries[index & (this.entries.length - 1)] as CommandId;
  }

  termAt(index: number): number {
    return index <= this.base ? this.baseTerm : this.terms[index & (this.terms.length - 1)]!;
  }

  get lastTerm(): number {
    return this.termAt(this.last);
  }

  push(command: CommandId, term: number): void {
    if (this.last - this.base === this.entries.length) this.grow();
    this.commands.hold(command);
    this.last++;
    this.entries[this.last & (this.entries.length - 1)] = command;
    this.terms[this.last & (this.terms.length - 1)] = term;
  }

  /** What comes after is gone. */
  truncateAfter(index: number): void {
    while (this.last > index) this.commands.release(this.at(this.last--));
  }

  /** What comes before is not kept. */
  forgetUpTo(index: number): void {
    while (this.base < index) {
      this.baseTerm = this.termAt(this.base + 1);
      this.commands.release(this.at(++this.base));
    }
  }

  /** A snapshot up to there takes the place of everything. */
  reset(index: number, term: number): void {
    this.truncateAfter(this.base);
    this.base = index;
    this.last = index;
    this.baseTerm = term;
  }

  private grow(): void {
    const length = this.entries.length * 2;
    const [entries, terms] = [new Int32Array(length), new Int32Array(length)];
    for (let index = this.base + 1; index <= this.last; index++) {
      entries[index & (length - 1)] = this.at(index);
      terms[index & (length - 1)] = this.termAt(index);
    }
    this.entries = entries;
    this.terms = terms;
  }
}

/** The last index at which both have the same entry. Raft finds it by asking; here both can be looked at. */
export function agreement(one: Log, other: Log): number {
  const base = Math.max(one.base, other.base);
  let index = Math.min(one.last, other.last);
  // Of what is not kept the term is known, which is enough: a term has one entry at an index.
  while (index >= base && (one.termAt(index) !== other.termAt(index) || (index > base && one.at(index) !== other.at(index)))) index--;
  return index;
}
