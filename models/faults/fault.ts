/** What every fault has in common: when it strikes, how long it lasts, and the knobs it turns. */
import { z } from 'zod';
import type { Nanos } from '../../sim/units.ts';
import type { Consumers } from '../consumers.ts';
import type { Producers } from '../producers.ts';
import type { Sessions } from '../sessions.ts';
import type { NodeId } from '../node.ts';
import type { World } from '../world.ts';
import type { FaultSteps } from './steps.ts';
import { triggerFields } from './trigger-settings.ts';

const { at, rate, on } = triggerFields;
export { struck } from './trigger-settings.ts';

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
  /** The nodes that a target names, that have the role it tells of, or whose disk it names: the same ones from the strike's begin to its end. */
  nodesOf(target: string): readonly NodeId[];
}

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
  /** It acts on when it will end: nothing that happens meanwhile can end it. */
  readonly knowsItsEnd?: true;
  /** How long what has begun takes by itself; where it is not there, `for` says so. */
  lasts?(site: Site, spec: Spec, strike: Strike): Nanos;
}
