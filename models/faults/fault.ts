/** What every fault has in common: when it strikes, how long it lasts, and the knobs it turns. */
import { z } from 'zod';
import type { Nanos } from '../../sim/units.ts';
import { momentNames } from '../moments.ts';
import type { Consumers } from '../consumers.ts';
import type { Producers } from '../producers.ts';
import type { Sessions } from '../sessions.ts';
import type { NodeId } from '../node.ts';
import { count, duration, positiveDuration, positiveRate, target } from '../settings.ts';
import type { World } from '../world.ts';
import type { FaultSteps } from './steps.ts';

/** `message: 17` is the 17th message that comes to that moment; `web.0-17` is the 17th message of producer web.0. */
const which = { message: z.union([count(1, Number.MAX_SAFE_INTEGER), z.string().regex(/^[\w.-]+-\d+$/)]), delay: duration().default(0) };

/** At a time, by a rate drawn from the seed, or on an event; exactly one of the three. */
export const triggerFields = {
  at: duration().optional(),
  rate: positiveRate().optional(),
  on: z
    .union([
      z.strictObject({ before: z.enum(momentNames), ...which }).transform(({ before, ...rest }) => ({ side: 'before' as const, moment: before, ...rest })),
      z.strictObject({ after: z.enum(momentNames), ...which }).transform(({ after, ...rest }) => ({ side: 'after' as const, moment: after, ...rest })),
    ])
    .optional(),
  for: z.union([z.literal('forever').transform(() => Infinity), positiveDuration()]).default(Infinity)
    .describe('Until it is healed at the end of the measured phase when absent.'),
};
const { at, rate, on } = triggerFields;
export type Trigger = z.output<z.ZodObject<typeof triggerFields>>;

/** A fault's settings: its own fields beside those of the trigger. `about` is what lists and editors show. */
export function faultSchema<Kind extends string, Fields extends z.ZodRawShape>(kind: Kind, about: string, fields: Fields) {
  return z.strictObject({ kind: z.literal(kind), ...fields, ...triggerFields }).describe(about);
}

/** The same for a kind that ends by itself. */
export function selfTimedSchema<Kind extends string, Fields extends z.ZodRawShape>(kind: Kind, about: string, fields: Fields) {
  return z.strictObject({ kind: z.literal(kind), ...fields, at, rate, on }).describe(about);
}

/** What a fault can reach. */
export interface Site {
  readonly world: World;
  readonly producers: Producers;
  readonly consumers: Consumers;
  readonly sessions: Sessions;
  /** What a strike does between its begin and its end. */
  readonly steps: FaultSteps;
}

/** One time that a fault strikes. */
export interface Strike {
  /** The fault: F1, F2, … */
  readonly id: string;
  /** This strike of it, as in F1.2: what knobs are turned under. */
  readonly key: string;
  /** What its streams are named after: its kind, its target and which strike, so that another fault more or less changes no draw. */
  readonly draws: string;
  /** When it will end. */
  readonly until: Nanos;
  /** How much it changed so far. */
  changed: number;
  /** The nodes that a target names, or whose disk (`orders-mq.0.disk`), the same ones from the strike's begin to its end. */
  nodesOf(target: string): readonly NodeId[];
}

/** A target of a fault, of which `strike.nodesOf` tells the nodes. */
export const struck = target;

/** What a target can name: `producers.web`, `consumers.payments.3`, `orders-mq.0`, `orders-mq.0.disk`. */
export type TargetKind = 'producers' | 'consumers' | 'broker' | 'disk';
/** Whatever runs on a node. */
export const anybody: readonly TargetKind[] = ['producers', 'consumers', 'broker'];

export interface FaultModel<Spec> {
  readonly schema: z.ZodType<Spec>;
  /** What of the targets that it names it can strike; whoever names none is checked apart. */
  readonly strikes: readonly TargetKind[];
  /** What it does, in a few words, for the report's bands. */
  label(spec: Spec): string;
  /** What or whom it hits. */
  target(spec: Spec): string;
  /** What is counted in `changed`, as in "processes killed". */
  readonly counts: string;
  /** Turns the knob. */
  begin(site: Site, spec: Spec, strike: Strike): void;
  /** Turns it back. */
  end(site: Site, spec: Spec, strike: Strike): void;
  /** How long what has begun takes by itself; where it is not there, `for` says so. */
  lasts?(site: Site, spec: Spec, strike: Strike): Nanos;
}
