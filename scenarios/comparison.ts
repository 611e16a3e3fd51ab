/** What runs of one workload came to, measure by measure. */
import { type Comparison, type ComparisonCell, type ComparisonRow, comparisonSchema } from './comparison-result.ts';
import type { GroupResult, Latency, Num, RecoveryResult, RunResult } from './result.ts';

type Row = Omit<ComparisonRow, 'section'>;

/** @throws Error unless each result has a title */
export function compareResults(columns: readonly string[], results: readonly RunResult[], reproduce: string): Comparison {
  const [first] = results;
  if (first === undefined || columns.length !== results.length) throw new Error('a comparison wants at least one result, and a title for each');
  const sections: readonly (readonly [string, readonly Row[]])[] = [
    ['Claims', claimRows(results)],
    ['Objectives', objectiveRows(results)],
    ['Messages', messageRows(results)],
    ...namesOf(results, ({ groups }) => groups).map((name) => [name, groupRows(results.map(({ groups }) => groups[name]))] as const),
    ...namesOf(results, ({ producers }) => producers).map((name) => [name, confirmRows(results, name)] as const),
    ['Queues', queueRows(results)],
    ...recoverySections(results),
  ];
  const rows = sections.flatMap(([section, inside]) => inside.filter(saysSomething).map((row) => ({ section, ...row })));
  return { schema: comparisonSchema, version: first.version, scenario: first.scenario, about: first.about, reproduce: { command: reproduce }, columns, rows, results };
}

/** A row of zeros is about something that never happened, unless it was asked for. */
function saysSomething({ cells, unit }: Row): boolean {
  return unit === 'verdict' || cells.some((cell) => cell !== null && (cell.value !== 0 || cell.verdict !== undefined));
}

/** Over all results, in the order in which they come. */
function namesOf(results: readonly RunResult[], partsOf: (result: RunResult) => Record<string, unknown>): readonly string[] {
  return [...new Set(results.flatMap((result) => Object.keys(partsOf(result))))];
}

function claimRows(results: readonly RunResult[]): readonly Row[] {
  const ids = new Map(results.flatMap(({ verdicts }) => verdicts.map(({ id, claim }) => [id, claim] as const)));
  const overall: Row = { title: 'verdict', unit: 'verdict', cells: results.map(({ verdict }) => ({ value: null, verdict })) };
  const each = [...ids].map(([id, title]): Row => ({
    title,
    unit: 'verdict',
    cells: results.map(({ verdicts }) => {
      const found = verdicts.find((claim) => claim.id === id);
      return found === undefined ? null : { value: found.violations ?? null, verdict: found.verdict };
    }),
  }));
  return [overall, ...each];
}

function objectiveRows(results: readonly RunResult[]): readonly Row[] {
  const known = new Map(results.flatMap(({ objectives }) => objectives.map(({ objective, unit }) => [objective, unit] as const)));
  return [...known].map(([title, unit]) => ({
    title,
    unit,
    cells: results.map(({ objectives }) => {
      const found = objectives.find(({ objective }) => objective === title);
      if (found === undefined) return null;
      return { value: found.value, ...(found.interval !== null && { interval: found.interval }), verdict: found.met === null ? 'unknown' : found.met ? 'pass' : 'fail' };
    }),
  }));
}

function messageRows(results: readonly RunResult[]): readonly Row[] {
  const count = (title: string, of: (result: RunResult) => number): Row => ({ title, unit: '', cells: results.map((result) => ({ value: of(result) })) });
  return [
    count('published', ({ messages }) => messages.published),
    count('confirmed', ({ messages }) => messages.confirmed),
    count('refused', ({ messages }) => messages.refused),
    count('never answered', ({ messages }) => messages.unknown),
    count('handled', ({ messages }) => messages.handled),
    count('copies dropped', ({ messages }) => sum(Object.values(messages.dropped))),
    count('attempts lost', ({ attempts }) => sum(Object.values(attempts.lost))),
    count('dead-lettered', ({ messages }) => messages.deadLettered),
    count('effects beyond the first', ({ messages }) => messages.duplicates),
    count('effects held back', ({ messages }) => messages.deduplicated),
    count('redelivered', ({ deliveries }) => deliveries.redelivered),
    count('left at the end', ({ messages }) => messages.ready + messages.inFlight),
    { title: 'time to drain', unit: 's', cells: results.map(({ phases }) => ({ value: phases.drain })) },
  ];
}

function groupRows(groups: readonly (GroupResult | undefined)[]): readonly Row[] {
  const row = (title: string, unit: Row['unit'], of: (group: GroupResult) => ComparisonCell): Row => ({ title, unit, cells: groups.map((group) => (group === undefined ? null : of(group))) });
  const sojourn = (of: 'p50' | 'p99' | 'p999' | 'max') => (group: GroupResult) => ({ value: group.latency.sojourn[of] });
  return [
    row('throughput', '/s', ({ throughput, throughputInterval }) => withInterval(throughput, throughputInterval)),
    row('utilisation', 'share', ({ utilisation }) => ({ value: utilisation })),
    row('mean sojourn', 's', ({ latency: { sojourn: { mean, interval } } }) => withInterval(mean, interval)),
    row('p50 sojourn', 's', sojourn('p50')),
    row('p99 sojourn', 's', sojourn('p99')),
    row('p99.9 sojourn', 's', sojourn('p999')),
    row('longest sojourn', 's', sojourn('max')),
  ];
}

function confirmRows(results: readonly RunResult[], producer: string): readonly Row[] {
  const row = (title: string, of: (latency: Latency) => ComparisonCell): Row => ({
    title,
    unit: 's',
    cells: results.map(({ producers }) => {
      const latency = producers[producer]?.confirmLatency;
      return latency === undefined || latency.count === 0 ? null : of(latency);
    }),
  });
  const rows = [row('mean time to confirm', ({ mean, interval }) => withInterval(mean, interval)), row('p99 time to confirm', ({ p99 }) => ({ value: p99 }))];
  return rows.filter(({ cells }) => cells.some((cell) => cell !== null));
}

/** The first of each broker beside the first ones, and so on: the same fault has another number where there are others. */
function recoverySections(results: readonly RunResult[]): (readonly [string, readonly Row[]])[] {
  const brokers = new Set(results.flatMap(({ recoveries }) => recoveries.map(({ broker }) => broker)));
  return [...brokers].flatMap((broker) => {
    const each = results.map(({ recoveries }) => recoveries.filter((recovery) => recovery.broker === broker));
    const most = Math.max(...each.map(({ length }) => length));
    return Array.from({ length: most }, (_, nth) => [most === 1 ? `Recovery of ${broker}` : `Recovery ${nth + 1} of ${broker}`, recoveryRows(each.map((those) => those[nth]))] as const);
  });
}

function recoveryRows(recoveries: readonly (RecoveryResult | undefined)[]): readonly Row[] {
  const row = (title: string, unit: Row['unit'], of: (recovery: RecoveryResult) => Num): Row => ({
    title,
    unit,
    cells: recoveries.map((found) => (found === undefined ? null : { value: of(found) })),
  });
  return [
    row('recovery point', 's', ({ recoveryPoint }) => recoveryPoint),
    row('recovery time', 's', ({ recoveryTime }) => recoveryTime),
    row('messages lost', '', ({ messagesLost }) => messagesLost),
    row('copies brought back', '', ({ broughtBack }) => broughtBack),
  ];
}

function queueRows(results: readonly RunResult[]): readonly Row[] {
  return namesOf(results, ({ queues }) => queues).map((name) => ({
    title: `${name}, most ready`,
    unit: '',
    cells: results.map(({ queues }) => (queues[name] === undefined ? null : { value: queues[name].backlog.max })),
  }));
}

function withInterval(value: Num, interval: readonly [number, number] | null): ComparisonCell {
  return interval === null ? { value } : { value, interval };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
