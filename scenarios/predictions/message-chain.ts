/**
 * The life of a message in one queue as an absorbing Markov chain: published, ready, delivered once, ready again, delivered
 * twice, …, until it is acknowledged, dead-lettered, lost or refused.
 *
 * It is there twice: with the probabilities that the settings imply while nothing goes wrong, and with those estimated from
 * the moves that the ledger counted. A run over the whole of which was counted, so warm-up and drain are in it.
 */
import { absorption } from '../../models/theory/markov/absorption.ts';
import { proportionInterval } from '../../sim/confidence.ts';
import type { ChainFate, ChainTransition, MessageChain } from '../prediction-result.ts';
import type { Scenario } from '../scenario.ts';
import { countedMoves, type Moves } from './counted-moves.ts';
import { type ImpliedMoves, impliedMoves } from './implied-moves.ts';
import { level } from './intervals.ts';
import type { Simulated } from './simulated.ts';

const endings = ['acknowledged', 'dead-lettered', 'lost', 'refused', 'unfinished'] as const;

export function messageChains(scenario: Scenario, simulated: Simulated): MessageChain[] {
  return Object.keys(simulated.queues).flatMap((queue) => {
    const counted = countedMoves(queue, simulated.system);
    return counted.size === 0 ? [] : [chainOf(queue, counted, impliedMoves(scenario, queue))];
  });
}

function chainOf(queue: string, counted: Moves, { moves: implied, unpredicted }: ImpliedMoves): MessageChain {
  const states = statesOf(counted, implied);
  const transitions = transitionsOf(states, counted, implied);
  const estimated = solved(states, (from, to) => transitions.find((each) => each.from === from && each.to === to)?.probability ?? 0);
  const isImplied = unpredicted.length === 0;
  const predicted = isImplied ? solved(states, (from, to) => implied.get(from)?.get(to) ?? 0) : undefined;
  const observed = shareOfEndings(counted);
  const fates = endings.filter((state) => states.includes(state)).map((state): ChainFate => ({
    state, predicted: predicted?.fates.get(state) ?? null, estimated: estimated?.fates.get(state) ?? null, observed: observed.get(state) ?? null,
  }));
  return {
    queue, states, absorbing: endings.filter((state) => states.includes(state)), transitions, fates, unpredicted,
    meanDeliveries: { predicted: predicted?.deliveries ?? null, estimated: estimated?.deliveries ?? null },
  };
}

/** In the order of a life; endings last. */
function statesOf(counted: Moves, implied: Moves): string[] {
  const passing = [...new Set([...counted.keys(), ...[...implied.keys()].filter((state) => reaches(implied, state))])];
  const reached = new Set([...counted.values(), ...implied.values()].flatMap((row) => [...row].filter(([, weight]) => weight > 0).map(([state]) => state)));
  return [...passing.sort((one, other) => orderOf(one) - orderOf(other)), ...endings.filter((state) => reached.has(state))];
}

/** States that the settings imply only in principle, as a fifth delivery of one in a million, are left out. */
const leastReached = 1e-6;

function reaches(implied: Moves, state: string): boolean {
  let chance = 1;
  for (const each of [...implied.keys()].sort((one, other) => orderOf(one) - orderOf(other))) {
    if (each === state) return chance > leastReached;
    if (each.startsWith('delivery')) chance *= [...implied.get(each)!].filter(([to]) => to.startsWith('ready')).reduce((sum, [, probability]) => sum + probability, 0);
  }
  return false;
}

function orderOf(state: string): number {
  if (state === 'published') return -1;
  const round = Number(/\d+/.exec(state)?.[0] ?? 0);
  return state.startsWith('ready') ? 2 * round + 1 : 2 * round;
}

function transitionsOf(states: readonly string[], counted: Moves, implied: Moves): ChainTransition[] {
  return states.flatMap((from) => {
    const row = counted.get(from) ?? new Map<string, number>();
    const left = [...row.values()].reduce((sum, count) => sum + count, 0);
    // What was still under way says nothing of where it would have gone.
    const ended = left - (row.get('unfinished') ?? 0);
    const expected = implied.get(from);
    return states.flatMap((to): ChainTransition[] => {
      const count = row.get(to) ?? 0;
      const predicted = expected === undefined ? null : (expected.get(to) ?? 0);
      if (count === 0 && !(predicted! > 0)) return [];
      const interval = proportionInterval(count, to === 'unfinished' ? left : ended, level);
      const agrees = interval === null || predicted === null || to === 'unfinished' ? null : predicted >= interval[0] && predicted <= interval[1];
      return [{ from, to, count, probability: left === 0 ? 0 : count / left, interval, predicted, agrees }];
    });
  });
}

/** Where the chain ends, and how many deliveries that takes; undefined when some state that it comes to has no way on. */
function solved(states: readonly string[], probability: (from: string, to: string) => number): { fates: Map<string, number>; deliveries: number } | undefined {
  const absorbing = states.flatMap((state, index) => ((endings as readonly string[]).includes(state) ? [index] : []));
  const rows = states.map((from, index) => {
    const row = states.map((to) => probability(from, to));
    const sum = row.reduce((total, each) => total + each, 0);
    // What nothing is known of stays where it is.
    return absorbing.includes(index) || !(sum > 0) ? states.map((_, to) => (to === index ? 1 : 0)) : row.map((each) => each / sum);
  });
  if (absorbing.length === 0) return undefined;
  const { probabilities, expectedTimes } = absorption({ probabilities: rows, start: 0, absorbing });
  const deliveries = states.reduce((sum, state, index) => (state.startsWith('delivery') ? sum + expectedTimes[index]! : sum), 0);
  if (!Number.isFinite(deliveries)) return undefined;
  return { fates: new Map(absorbing.map((state, index) => [states[state]!, probabilities[index]!])), deliveries };
}

/** By what came to each ending, whatever way it took. */
function shareOfEndings(counted: Moves): Map<string, number> {
  const totals = new Map<string, number>();
  for (const row of counted.values()) {
    for (const [to, count] of row) if ((endings as readonly string[]).includes(to)) totals.set(to, (totals.get(to) ?? 0) + count);
  }
  const all = [...totals.values()].reduce((sum, count) => sum + count, 0);
  return new Map([...totals].map(([state, count]) => [state, count / all]));
}
