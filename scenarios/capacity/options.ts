/** What may be asked of a capacity study, and what is taken when it is not said. */
import { refuse, refuseDescribed, requireWhole } from '../../models/theory/checks.ts';
import { parseDuration, type Nanos, UnitError } from '../../sim/units.ts';
import type { CapacityResult } from '../capacity-result.ts';
import type { CapacityProgress } from './laboratory.ts';
import { oneByOne, type Runner } from './replication.ts';

export interface CapacityOptions {
  /** For each point, from 5 to 10,000; ten unless told. */
  readonly replications?: number;
  /** A multiple of the scenario's load that everything is asked for, from 0.001 to 1000; 1 unless told. */
  readonly load?: number;
  /** Length of the outages that are simulated, a millisecond or more: nanoseconds, or a duration as in `5m`; a minute unless told. */
  readonly outage?: Nanos | string;
  readonly runner?: Runner;
  readonly onProgress?: (progress: CapacityProgress) => void;
  readonly reproduce?: CapacityResult['reproduce'];
}

/** Fewer replications say too little about their own spread. */
export const replicationsAllowed = { min: 5, max: 10_000 } as const;
export const loadsAllowed = { min: 0.001, max: 1000 } as const;
export const outageMin: Nanos = 1e6;

type Asked = Required<Omit<CapacityOptions, 'outage'>> & { readonly outage: Nanos };

/** @throws ImpossibleParameters */
export function readOptions({ replications = 10, load = 1, outage = 60e9, runner = oneByOne, onProgress = () => {}, reproduce = { file: '', set: [], command: '' } }: CapacityOptions): Asked {
  requireWhole('replications', replications, replicationsAllowed.min, replicationsAllowed.max);
  if (!(load >= loadsAllowed.min && load <= loadsAllowed.max)) refuse('load', load, `a multiple of the scenario's load from ${loadsAllowed.min} to ${loadsAllowed.max}`);
  return { replications, load, outage: lengthOf(outage), runner, onProgress, reproduce };
}

function lengthOf(outage: Nanos | string): Nanos {
  try {
    const length = typeof outage === 'string' ? parseDuration(outage) : outage;
    if (Number.isSafeInteger(length) && length >= outageMin) return length;
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
  }
  return refuseDescribed('outage', JSON.stringify(outage), 'a duration of a millisecond or more, as nanoseconds or as in 5m,');
}
