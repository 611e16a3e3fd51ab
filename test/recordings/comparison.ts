/** What was recorded beside what is simulated: one line for each figure. */

export interface Line {
  readonly what: string;
  readonly recorded: string;
  readonly simulated: string;
  readonly difference: string;
  /** The rule, in words. */
  readonly allowed: string;
  /** Undefined when it was not compared; `allowed` says why. */
  readonly ok: boolean | undefined;
}

/** How far apart two figures may be: a share of the recorded one, or so much. */
export interface Allowed {
  readonly share?: number;
  readonly amount?: number;
}

export function near(what: string, recorded: number, simulated: number, { share = 0, amount = 0 }: Allowed, unit = ''): Line {
  const difference = simulated - recorded;
  const isOfShare = share > 0;
  return {
    what,
    recorded: figure(recorded, unit),
    simulated: figure(simulated, unit),
    difference: isOfShare ? `${signed((difference / recorded) * 100)} %` : signed(difference),
    allowed: isOfShare ? `${rounded(share * 100)} %` : `${rounded(amount)}${unit && ` ${unit}`}`,
    ok: Math.abs(difference) <= (isOfShare ? share * Math.abs(recorded) : amount),
  };
}

/** Figures that have to agree as they are; lists are compared item by item. */
export function same(what: string, recorded: unknown, simulated: unknown): Line {
  const [left, right] = [text(recorded), text(simulated)];
  return { what, recorded: shortened(left), simulated: shortened(right), difference: left === right ? '0' : 'differs', allowed: 'the same', ok: left === right };
}

/** Long lists that have to agree: how many of their places do not. */
export function sameOrder(what: string, recorded: readonly unknown[], simulated: readonly unknown[]): Line {
  const places = Math.max(recorded.length, simulated.length);
  let differing = 0;
  for (let place = 0; place < places; place++) if (text(recorded[place]) !== text(simulated[place])) differing++;
  return { what, recorded: `${recorded.length} in order`, simulated: `${simulated.length} in order`, difference: `${differing} places`, allowed: 'the same', ok: differing === 0 };
}

/** A condition on the simulated figure. */
export function holds(what: string, recorded: string, simulated: string, allowed: string, ok: boolean): Line {
  return { what, recorded, simulated, difference: '', allowed, ok };
}

export function notReplayed(what: string, why: string): Line {
  return { what, recorded: '', simulated: '', difference: '', allowed: `not replayed: ${why}`, ok: undefined };
}

/** Three digits, or whole numbers as they are. */
export function figure(value: number, unit = ''): string {
  if (!Number.isFinite(value)) return 'none';
  return `${rounded(value)}${unit && ` ${unit}`}`;
}

function rounded(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return value.toFixed(0);
  return Number(value.toPrecision(3)).toString();
}

function signed(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value > 0 ? '+' : ''}${value.toFixed(digits)}`;
}

function text(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return Array.isArray(value) ? value.map(text).join(' ') : String(value);
}

function shortened(long: string): string {
  return long.length <= 24 ? long : `${long.slice(0, 23)}…`;
}
