/** What one configuration costs beside another, in the terms of who pays: time to be handled, time to a confirm, throughput. */
import type { Change, WhatIf } from './check-result.ts';
import type { RunResult } from './result.ts';

export function costsOf(before: RunResult | undefined, after: RunResult | undefined): WhatIf['cost'] {
  return { sojourn: change(before, after, sojournOf), confirm: change(before, after, confirmOf), throughput: change(before, after, throughputOf) };
}

function change(before: RunResult | undefined, after: RunResult | undefined, of: (result: RunResult) => number | null): Change {
  return { before: before === undefined ? null : of(before), after: after === undefined ? null : of(after) };
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
const sojournOf = ({ groups }: RunResult): number | null => mean(Object.values(groups).map(({ latency }) => latency.sojourn.mean as number | null));
const confirmOf = ({ producers }: RunResult): number | null => mean(Object.values(producers).map(({ confirmLatency }) => confirmLatency.mean as number | null));
/** Each message once. */
const throughputOf = ({ messages, simulatedSeconds }: RunResult): number => messages.handled / simulatedSeconds;
