/** Names of RabbitMQ, which may be any text, as names of a scenario. */
/** What everything is called now. */
export interface Renamed {
  readonly queues: Names;
  readonly exchanges: Names;
}

const lengthMax = 80;

/** Names of one kind of thing; whoever may not share a name with it shares the same `taken`. */
export class Names {
  private readonly given = new Map<string, string>();
  private readonly taken: Set<string>;
  private readonly fits: (name: string) => boolean;
  /** Where counting goes on for a name that several come to. */
  private readonly counts = new Map<string, number>();

  /** Names that fit stay as they are, so they are given first. */
  constructor(originals: readonly string[], fits: (name: string) => boolean, kind: string, taken: Set<string>) {
    this.fits = fits;
    this.taken = taken;
    const stays = (name: string): boolean => fits(name) && !(name in Object.prototype) && !taken.has(name);
    const [staying, others] = [originals.filter(stays), originals.filter((name) => !stays(name))];
    for (const name of staying) this.give(name, name);
    for (const name of others) this.give(name, this.free(this.allowed(name, kind), kind));
  }

  has(original: string): boolean {
    return this.given.has(original);
  }

  /** What it is called now; what is not known keeps its name. */
  of(original: string): string {
    return this.given.get(original) ?? original;
  }

  /** Those with another name than before. */
  changed(): [original: string, name: string][] {
    return [...this.given].filter(([original, name]) => original !== name);
  }

  private give(original: string, name: string): void {
    this.given.set(original, name);
    this.taken.add(name);
  }

  private allowed(original: string, kind: string): string {
    const plain = original.slice(0, lengthMax).replace(/[^\w.-]/g, '-');
    const whole = /^[A-Za-z_]/.test(plain) ? plain : `${kind}-${plain}`.slice(0, lengthMax);
    return this.fits(whole) ? whole : whole.replaceAll('.', '-');
  }

  private free(name: string, kind: string): string {
    if (this.isFree(name)) return name;
    const beside = `${name.slice(0, lengthMax - 20)}-${kind}`;
    if (this.isFree(beside)) return beside;
    let count = this.counts.get(beside) ?? 2;
    while (!this.isFree(`${beside}-${count}`)) count++;
    this.counts.set(beside, count + 1);
    return `${beside}-${count}`;
  }

  private isFree(name: string): boolean {
    return !this.taken.has(name) && !(name in Object.prototype);
  }
}
