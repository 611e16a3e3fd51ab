/**
 * How old a persistent message must be to survive when the broker's process is killed: some are published at once so long before,
 * nobody reads them, and in some cases others keep coming. Every case has a queue of its own.
 */
import { type Line, same } from './comparison.ts';
import { has, type Recording } from './recording.ts';
import { type Model, type Parts, recordedArrivals, type Replay, replay } from './replay.ts';
import { median } from './statistics.ts';

interface Case {
  readonly confirm: boolean;
  readonly mode: string;
  readonly age_s: number;
  readonly published: number;
  readonly confirmed: number;
  readonly survived: number;
}

/** At first so many at once; the others evenly until the kill. */
const atOnce = 50;

export function isUnconfirmedAge({ summary }: Recording): boolean {
  return has(summary, 'results') && Array.isArray(summary.results) && has(summary.results[0], 'age_s', 'survived', 'mode', 'confirm');
}

export function compareUnconfirmedAge({ summary }: Recording, model: Model): Line[] {
  const runs = groupsBy(summary.results as readonly Case[], ({ confirm, mode, age_s }) => `${confirm}/${mode}/${age_s}`);
  const cases = runs.map(([first]) => first!);
  const killedAt = 1000 * (1 + Math.max(...cases.map(({ age_s }) => age_s)));
  const run = replay(partsOf(cases, killedAt), model);
  const counted = runs.map((all, index) => ({ ...all[0]!, all, simulated: countsOf(run, index) }));
  return groupsBy(counted, ({ confirm, mode }) => `${confirm}/${mode}`).map((group) => (group[0]!.confirm ? compareConfirmed(group) : compareSurvival(group)));
}

type Counted = Case & { readonly all: readonly Case[]; readonly simulated: ReturnType<typeof countsOf> };

/** By age, the youngest first. */
function compareSurvival(group: readonly Counted[]): Line {
  const share = ({ survived, published }: { survived: number; published: number }) => Math.round((100 * survived) / published);
  const recorded = group.map(({ all }) => median(all.map(share)));
  const simulated = group.map((one) => share(one.simulated));
  const differences = recorded.map((before, index) => Math.abs(simulated[index]! - before));
  return {
    what: `no confirms, ${group[0]!.mode}: survived at ${group.map(({ age_s }) => age_s).join(' ')} s, %`,
    recorded: recorded.join(' '), simulated: simulated.join(' '), difference: `${Math.max(...differences)}`, allowed: '5', ok: differences.every((difference) => difference <= 5),
  };
}

function compareConfirmed(group: readonly Counted[]): Line {
  const lost = (one: { confirmed: number; survived: number }) => Math.max(0, one.confirmed - one.survived);
  return same(`confirms, ${group[0]!.mode}: confirmed and lost`, group.map(({ all }) => Math.max(...all.map(lost))), group.map(({ simulated }) => lost(simulated)));
}

function groupsBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

function partsOf(cases: readonly Case[], killedAt: number): Parts {
  const each = <T>(of: (one: Case) => T) => Object.fromEntries(cases.map((one, index) => [`c${index}`, of(one)]));
  return {
    broker: { queues: each(() => ({})) },
    lasts: killedAt + 1,
    producers: Object.fromEntries(cases.map(({ confirm }, index) => [`c${index}`, { publish: `mq/c${index}`, arrivals: recordedArrivals, size: '100B', ...(confirm && { confirm: {} }) }])),
    faults: [{ kind: 'crash', target: 'mq', at: `${killedAt}ms` }],
    times: { arrivals: each((one) => timesOf(one, killedAt)) },
  };
}

function timesOf({ age_s, published }: Case, killedAt: number): number[] {
  const from = killedAt - 1000 * age_s;
  const more = published - atOnce;
  return Array.from({ length: published }, (_, nth) => (nth < atOnce ? from : from + ((nth - atOnce + 0.5) / more) * 1000 * age_s));
}

function countsOf({ told }: Replay, index: number) {
  const count = (event: string) => told.filter(({ producer, what }) => producer === `c${index}.0` && what === event).length;
  return { published: count('published'), confirmed: count('confirm-received'), survived: count('stored') - count('dropped') };
}
