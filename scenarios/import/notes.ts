/** What an import did not take over as it was, so that nothing is lost in silence. */

export type NoteKind = 'left-out' | 'changed' | 'to-mend';

export interface Note {
  readonly kind: NoteKind;
  readonly what: string;
  /** Of what it was left out, or what became what. */
  readonly of: readonly string[];
}

export class Notes {
  private readonly notes = new Map<string, { readonly kind: NoteKind; readonly what: string; readonly of: string[] }>();

  leaveOut(what: string, of?: string): void {
    this.add('left-out', what, of);
  }

  change(what: string, of?: string): void {
    this.add('changed', what, of);
  }

  mend(what: string): void {
    this.add('to-mend', what);
  }

  /** Those of a kind, in the order in which they came up. */
  list(): readonly Note[] {
    return [...this.notes.values()];
  }

  /** The same about several names is one note. */
  private add(kind: NoteKind, what: string, of?: string): void {
    const key = `${kind} ${what}`;
    const note = this.notes.get(key) ?? { kind, what, of: [] };
    if (of !== undefined) note.of.push(of);
    this.notes.set(key, note);
  }
}

const shownMax = 40;

export function formatNote({ what, of }: Note): string {
  if (of.length === 0) return what;
  const more = of.length > shownMax ? ` and ${of.length - shownMax} more` : '';
  return `${what}: ${of.slice(0, shownMax).join(', ')}${more}`;
}
