/** Why something was lost: a word, and the fault behind it where there is one, as in `crash(F1)`. */
import type { Id } from '../sim/units.ts';

export type CauseId = Id<'cause'>;

export class Causes {
  private readonly texts: string[] = [];
  private readonly ofFaults: (boolean | undefined)[] = [];
  private readonly byText = new Map<string, CauseId>();

  /** @param by the fault's id (`F1`), or what did it without being a fault (`handler`, `lifecycle`) */
  of(what: string, by = ''): CauseId {
    const text = by === '' ? what : `${what}(${by})`;
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const cause = (this.texts.push(text) - 1) as CauseId;
    this.byText.set(text, cause);
    return cause;
  }

  /** Why a loss happened that follows from something, and the fault behind that. */
  because(what: string, cause: CauseId): CauseId {
    return this.of(what, this.by(cause));
  }

  text(cause: CauseId): string {
    return this.texts[cause]!;
  }

  /** The fault (or other doer) behind a cause; empty when there is none. */
  by(cause: CauseId): string {
    return /\((.*)\)$/.exec(this.texts[cause]!)?.[1] ?? '';
  }

  /** A fault is behind it. */
  isOfFault(cause: CauseId): boolean {
    return (this.ofFaults[cause] ??= /^F\d/.test(this.by(cause)));
  }

  /** The word without the fault. */
  what(cause: CauseId): string {
    return this.texts[cause]!.replace(/\(.*\)$/, '');
  }
}

export function countOne(counts: Map<CauseId, number>, cause: CauseId): void {
  counts.set(cause, (counts.get(cause) ?? 0) + 1);
}
