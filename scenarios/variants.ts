/** `variants`: one workload on several brokers or settings. Each is a name, and what it sets differently, by path as in --set. */
import type { LocatedMap } from './located.ts';
import * as say from './messages.ts';
import { type Applied, applySettings } from './overrides.ts';
import { errorAt } from './problem.ts';
import { Source } from './source.ts';
import { nearest } from './suggest.ts';

/** What a comparison calls the scenario without any of its variants. */
export const asWritten = 'as written';

export function applyVariant(root: LocatedMap, name: string): Applied {
  const variants = root.entries.get('variants')?.value;
  const known = variants?.kind === 'map' ? variants.entries : new Map<string, never>();
  const found = known.get(name);
  if (found === undefined) {
    const place = { source: new Source('--variant', name), start: 0, end: name.length };
    return { root, problems: [errorAt(place, [], say.unknownVariant(name, nearest(name, known.keys()), [...known.keys()]))] };
  }
  // What is no map is refused by the schema, at its own place.
  return found.value.kind === 'map' ? applySettings(root, found.value) : { root, problems: [] };
}
