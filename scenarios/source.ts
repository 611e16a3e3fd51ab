/** Text that a person wrote, and places in it: what every message about a bad scenario points at. */

export class Source {
  readonly file: string;
  readonly text: string;
  private lineStarts: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** Line and column of an offset, both from 1. */
  positionOf(offset: number): { readonly line: number; readonly column: number } {
    const starts = this.starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.max(0, offset - starts[low]!) + 1 };
  }

  /** The other way round; past the end of a line is its end. */
  offsetOf(line: number, column: number): number {
    return this.starts()[line - 1]! + Math.min(column - 1, this.line(line).length);
  }

  get lineCount(): number {
    return this.starts().length;
  }

  /** A line without its end; lines count from 1. */
  line(number: number): string {
    const starts = this.starts();
    const end = number < starts.length ? starts[number]! - 1 : this.text.length;
    const text = this.text.slice(starts[number - 1], end);
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }

  private starts(): number[] {
    if (this.lineStarts === undefined) {
      this.lineStarts = [0];
      for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
    }
    return this.lineStarts;
  }
}

/** From `start` up to but without `end`, in characters. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export function startOf(source: Source): Place {
  return { source, start: 0, end: 0 };
}
