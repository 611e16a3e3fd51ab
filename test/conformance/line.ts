/** The order that a queue promises, kept beside it: who is next, and where what comes back stands. */
import type { CopyId } from '../../models/message.ts';
import type { Levels, Place } from './subjects.ts';

interface Waiting {
  readonly copy: CopyId;
  readonly level: number;
  /** Its turn among those that came, whatever happened to it since. */
  readonly rank: number;
}

export class Line {
  private readonly known = new Map<CopyId, Waiting>();
  /** What came back and is served before everything else. */
  private readonly returned: Waiting[] = [];
  private readonly waiting: Waiting[][];
  private readonly levels: Levels;
  private ranks = 0;

  constructor(levels: Levels) {
    this.levels = levels;
    this.waiting = Array.from({ length: levels.count }, () => []);
  }

  came(copy: CopyId, priority: number): void {
    const entry = { copy, level: this.levels.of(priority), rank: ++this.ranks };
    this.known.set(copy, entry);
    this.waiting[entry.level]!.push(entry);
  }

  cameBack(copy: CopyId, place: Place): void {
    const entry = this.known.get(copy)!;
    const level = this.waiting[entry.level]!;
    if (place === 'first') this.returned.push(entry);
    else if (place === 'last') level.push(entry);
    else level.splice(level.findIndex(({ rank }) => rank > entry.rank) >>> 0, 0, entry);
  }

  /** It leaves the line. Whether it was its turn. */
  left(copy: CopyId): boolean {
    const entry = this.known.get(copy)!;
    const isNext = this.returned.length > 0 ? this.returned[0] === entry : this.isHead(entry);
    for (const list of [this.returned, ...this.waiting]) if (list.includes(entry)) list.splice(list.indexOf(entry), 1);
    return isNext;
  }

  /** Levels that share are each in order; of strict ones the highest goes first. */
  private isHead(entry: Waiting): boolean {
    const isHigherEmpty = this.waiting.every((list, level) => level <= entry.level || list.length === 0);
    return this.waiting[entry.level]![0] === entry && (!this.levels.isStrict || isHigherEmpty);
  }
}
