/** Arrivals: whether anything ever arrives, and whether the states of a Markov chain exist. */
import type { ArrivalsSpec } from '../models/arrival-settings.ts';
import type { Findings } from './findings.ts';
import * as say from './messages.ts';
import type { Path } from './problem.ts';
import { nearest } from './suggest.ts';

export function checkArrivals(arrivals: ArrivalsSpec, at: Path, findings: Findings): void {
  const path = [...at, arrivals.kind];
  if (arrivals.kind === 'phases' && arrivals.steps.every((step) => step.from === 0 && step.to === 0)) findings.error([...path, 'steps'], say.nothingArrives());
  if (arrivals.kind === 'daily' && arrivals.low > arrivals.high) findings.error([...path, 'low'], say.lowAboveHigh());
  if (arrivals.kind === 'markovModulated') checkStates(arrivals, path, findings);
}

function checkStates(arrivals: Extract<ArrivalsSpec, { kind: 'markovModulated' }>, path: Path, findings: Findings): void {
  const known = Object.keys(arrivals.states);
  const check = (state: string, where: Path) => {
    if (!known.includes(state)) findings.error(where, say.unknownState(state, nearest(state, known), known));
  };
  if (known.length === 0) findings.error([...path, 'states'], say.noStates());
  else if (Object.values(arrivals.states).every((rate) => rate === 0)) findings.error([...path, 'states'], say.nothingArrives());
  for (const [from, to] of Object.entries(arrivals.rates)) {
    check(from, [...path, 'rates', from]);
    for (const next of Object.keys(to)) check(next, [...path, 'rates', from, next]);
  }
  if (arrivals.start !== undefined) check(arrivals.start, [...path, 'start']);
}
