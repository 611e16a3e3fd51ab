/**
 * Regular expressions of policies: the part of PCRE that names of queues need. RegExp would do, but it backtracks, and a
 * pattern from a file could then keep a run busy for ever. Here all ways through the pattern are followed at once, so the
 * time is bounded by the size of the pattern times the length of the name.
 *
 * Known: characters, `.`, `\d \w \s` and their opposites, classes, `^ $ \A \z \Z \b \B`, groups, `|`, `* + ? {m,n}` (also
 * lazy, which changes nothing here), lookahead. What is not known is refused, never guessed: back references, lookbehind,
 * possessive and atomic parts, flags, named classes. A repetition counts as often as it repeats towards the largest size.
 */

export class PatternError extends Error {
  /** Where in the pattern, from 0. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = 'PatternError';
    this.at = at;
  }
}

export interface Pattern {
  /** Steps that it is made of: what a match costs, at most, for each character of a name. Lookaheads cost that again. */
  readonly size: number;
  /** Found anywhere in the name, as RabbitMQ does, unless the pattern is anchored. */
  matches(name: string): boolean;
}

const lengthMax = 1024;

/** @throws PatternError */
export function compilePattern(text: string): Pattern {
  if (text.length > lengthMax) throw new PatternError(`the pattern is longer than ${lengthMax} characters`, lengthMax);
  const reader = new PatternReader(text);
  const start = reader.read();
  const isAnchored = start.does.kind === 'place' && start.does.holds === isStart;
  return { size: reader.size, matches: (name) => new Search(name, reader.size).succeeds(start, 0, isAnchored ? 0 : name.length) };
}

interface Step {
  readonly id: number;
  readonly does:
    | { readonly kind: 'end' }
    | { readonly kind: 'character'; readonly fits: Test; readonly next: Step }
    | { readonly kind: 'place'; readonly holds: (name: string, at: number) => boolean; readonly next: Step }
    | { readonly kind: 'lookahead'; readonly inner: Step; readonly wanted: boolean; readonly next: Step }
    | { readonly kind: 'choice'; readonly ways: Step[] };
}
type Test = (character: string) => boolean;
/** A part of the pattern, which becomes steps once it is known what follows it. */
type Part = (next: Step) => Step;

class Search {
  private readonly name: string;
  private readonly size: number;
  /** What lookaheads found where: each is asked once for a place. */
  private readonly lookedAhead = new Map<number, boolean>();

  constructor(name: string, size: number) {
    this.name = name;
    this.size = size;
  }

  /** Whether a way from `start` to an end begins at any place from `first` to `last`; no step is taken twice at a place. */
  succeeds(start: Step, first: number, last: number): boolean {
    const seen = new Uint8Array(this.size * (this.name.length + 1));
    const [steps, places]: [Step[], number[]] = [[], []];
    const open = (step: Step, at: number): void => {
      const visit = this.visit(step, at);
      if (seen[visit] === 1) return;
      seen[visit] = 1;
      steps.push(step);
      places.push(at);
    };
    for (let place = first; place <= last; place++) {
      open(start, place);
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        const at = places.pop()!;
        const { does } = step;
        if (does.kind === 'end') return true;
        if (does.kind === 'choice') for (const way of does.ways) open(way, at);
        else if (does.kind === 'character') {
          if (at < this.name.length && does.fits(this.name[at]!)) open(does.next, at + 1);
        } else if (does.kind === 'place' ? does.holds(this.name, at) : this.looksAhead(step, does.inner, at) === does.wanted) open(does.next, at);
      }
    }
    return false;
  }

  private looksAhead(step: Step, inner: Step, at: number): boolean {
    const visit = this.visit(step, at);
    const known = this.lookedAhead.get(visit);
    if (known !== undefined) return known;
    const found = this.succeeds(inner, at, at);
    this.lookedAhead.set(visit, found);
    return found;
  }

  private visit(step: Step, at: number): number {
    return step.id * (this.name.length + 1) + at;
  }
}

/** Steps of a compiled pattern. */
const stepsMax = 2000;

const isDigit: Test = (character) => /[0-9]/.test(character);
const isWordCharacter: Test = (character) => /[A-Za-z0-9_]/.test(character);
const isSpace: Test = (character) => /[\t-\r ]/.test(character);
const not = (test: Test): Test => (character) => !test(character);
const sets: Readonly<Record<string, Test>> = { d: isDigit, D: not(isDigit), w: isWordCharacter, W: not(isWordCharacter), s: isSpace, S: not(isSpace) };

const isStart = (_: string, at: number): boolean => at === 0;
const isEnd = (name: string, at: number): boolean => at === name.length;
const isEdge = (name: string, at: number): boolean => isWordCharacter(name[at - 1] ?? ' ') !== isWordCharacter(name[at] ?? ' ');
const places: Readonly<Record<string, (name: string, at: number) => boolean>> = {
  A: isStart, z: isEnd, Z: isEnd, b: isEdge, B: (name, at) => !isEdge(name, at),
};

const counted = /\{(\d+)(,(\d*))?\}/y;

class PatternReader {
  private readonly text: string;
  private at = 0;
  private steps = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Steps made so far. */
  get size(): number {
    return this.steps;
  }

  read(): Step {
    const whole = this.readChoice();
    if (this.at < this.text.length) throw this.refuse('this bracket was never opened');
    return whole(this.step({ kind: 'end' }));
  }

  private readChoice(): Part {
    const ways = [this.readSequence()];
    while (this.take('|')) ways.push(this.readSequence());
    if (ways.length === 1) return ways[0]!;
    return (next) => this.step({ kind: 'choice', ways: ways.map((way) => way(next)) });
  }

  private readSequence(): Part {
    const parts: Part[] = [];
    while (this.at < this.text.length && this.text[this.at] !== '|' && this.text[this.at] !== ')') parts.push(this.readRepeated());
    return (next) => parts.reduceRight((following, part) => part(following), next);
  }

  private readRepeated(): Part {
    const part = this.readPart();
    const start = this.at;
    const counts = this.readCounts();
    if (counts === undefined) return part;
    if (this.take('+')) throw this.refuse('a possessive repetition is not supported', start);
    this.take('?');
    return this.repeat(part, ...counts, start);
  }

  /** How often at least and at most, or undefined where nothing is repeated. */
  private readCounts(): [number, number] | undefined {
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    // Other curly brackets stand for themselves.
    counted.lastIndex = this.at;
    const counts = counted.exec(this.text);
    if (counts === null) return undefined;
    const [all, least, comma, most] = counts;
    const [min, max] = [Number(least), comma === undefined ? Number(least) : most === '' ? Infinity : Number(most)];
    if (min > max) throw this.refuse('the counts are the wrong way round');
    if (Math.max(min, max === Infinity ? 0 : max) > stepsMax) throw this.refuse('the pattern repeats too often');
    this.at += all.length;
    return [min, max];
  }

  private repeat(part: Part, min: number, max: number, at: number): Part {
    return (next) => {
      let following = next;
      if (max === Infinity) {
        const ways: Step[] = [];
        following = this.step({ kind: 'choice', ways }, at);
        ways.push(part(following), next);
      }
      for (let count = max === Infinity ? min : max; count > 0; count--) {
        const once = part(following);
        following = this.step({ kind: 'choice', ways: count > min ? [once, next] : [once] }, at);
      }
      return following;
    };
  }

  private readPart(): Part {
    const start = this.at;
    const character = this.text[this.at++]!;
    if (character === '(') return this.readGroup(start);
    if (character === '[') return this.character(this.readClass(start));
    if (character === '\\') return this.readEscape(start);
    if (character === '^') return this.place(isStart);
    if (character === '$') return this.place(isEnd);
    if (character === '.') return this.character((each) => each !== '\n');
    if ('*+?'.includes(character)) throw this.refuse('there is nothing to repeat', start);
    return this.character((each) => each === character);
  }

  private readGroup(start: number): Part {
    const ahead = this.take('?=') ? true : this.take('?!') ? false : undefined;
    if (ahead === undefined && !this.take('?:') && '?*'.includes(this.text[this.at] ?? ' ')) throw this.refuse('this kind of group is not supported', start);
    const inner = this.readChoice();
    if (!this.take(')')) throw this.refuse('this bracket is never closed', start);
    if (ahead === undefined) return inner;
    return (next) => this.step({ kind: 'lookahead', inner: inner(this.step({ kind: 'end' })), wanted: ahead, next });
  }

  private readEscape(start: number): Part {
    const character = this.text[this.at++];
    if (character === undefined) throw this.refuse('a backslash needs a character after it', start);
    if (character in sets) return this.character(sets[character]!);
    if (character in places) return this.place(places[character]!);
    if (/[A-Za-z0-9]/.test(character)) throw this.refuse(`\\${character} is not supported`, start);
    return this.character((each) => each === character);
  }

  private readClass(start: number): Test {
    const isNegated = this.take('^');
    const tests: Test[] = [];
    // A closing bracket that comes first stands for itself.
    for (let first = true; first || this.text[this.at] !== ']'; first = false) {
      if (this.at >= this.text.length) throw this.refuse('this bracket is never closed', start);
      tests.push(this.readRange());
    }
    this.at++;
    const fits: Test = (character) => tests.some((test) => test(character));
    return isNegated ? not(fits) : fits;
  }

  private readRange(): Test {
    const start = this.at;
    const from = this.readMember();
    const isRange = this.text[this.at] === '-' && this.at + 1 < this.text.length && this.text[this.at + 1] !== ']';
    if (typeof from !== 'string') return from;
    if (!isRange) return (character) => character === from;
    this.at++;
    const to = this.readMember();
    if (typeof to !== 'string' || to < from) throw this.refuse('this is not a range of characters', start);
    return (character) => character >= from && character <= to;
  }

  /** One character of a class, or a set such as `\d`. */
  private readMember(): string | Test {
    const start = this.at;
    const character = this.text[this.at++]!;
    if (character === '[' && /[:.=]/.test(this.text[this.at] ?? '')) throw this.refuse('named classes are not supported', start);
    if (character !== '\\') return character;
    const escaped = this.text[this.at++];
    if (escaped !== undefined && escaped in sets) return sets[escaped]!;
    if (escaped === undefined || /[A-Za-z0-9]/.test(escaped)) throw this.refuse(`\\${escaped ?? ''} is not supported in a class`, start);
    return escaped;
  }

  private character(fits: Test): Part {
    return (next) => this.step({ kind: 'character', fits, next });
  }

  private place(holds: (name: string, at: number) => boolean): Part {
    return (next) => this.step({ kind: 'place', holds, next });
  }

  private step(does: Step['does'], at = 0): Step {
    if (this.steps >= stepsMax) throw this.refuse('the pattern is too large', at);
    return { id: this.steps++, does };
  }

  private take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private refuse(message: string, at = this.at): PatternError {
    return new PatternError(message, at);
  }
}
