/** Names of faults and guarantees that are known, and refused with a reason. */
import { refusedFaults } from '../models/faults/refused.ts';
import { refusedClaims } from '../models/invariants/refused.ts';
import type { Path } from './problem.ts';

/** Why what stands there is not modelled, or what stands for it; undefined where nothing is known of it. */
export function refusalOf(path: Path, written: unknown): string | undefined {
  if (typeof written !== 'string') return undefined;
  const [section, , key, ...more] = path;
  if (section === 'faults' && key === 'kind' && more.length === 0) return reasonIn(refusedFaults, written);
  // Claimed by its name, or as the only key of a map.
  if (section === 'claims' && (key === undefined || key === written) && more.length === 0) return reasonIn(refusedClaims, written);
  return undefined;
}

/** Faults are written isrShrink elsewhere, or ISR_SHRINK. */
function reasonIn(table: Readonly<Record<string, string>>, written: string): string | undefined {
  const name = written.replaceAll(/([a-z])([A-Z])/g, '$1-$2').replaceAll('_', '-').toLowerCase();
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
