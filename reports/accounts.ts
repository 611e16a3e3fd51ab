/** The books of a run: what was published, tried, stored, and what became of it. */
import type { RunResult } from '../scenarios/result.ts';
import { plural } from './numbers.ts';

export interface Part {
  readonly name: string;
  readonly amount: number;
  readonly colour: string;
}
export interface Account {
  readonly name: string;
  readonly total: number;
  /** They are exactly the whole. */
  readonly parts: readonly Part[];
}

/** Dark enough for white text on the large ones, and told apart from each other on black and on white. */
const colours = { good: '#23805f', waiting: '#3b82c4', moving: '#2a94a8', unsure: '#8f63cf', refused: '#c8701a', aside: '#8c7a30', gone: '#cc3f50' } as const;
const causesMax = 6;

export function accounts(result: RunResult): readonly Account[] {
  const { messages, attempts, copies } = result;
  return [
    {
      name: 'Messages, as their producers know', total: messages.published,
      parts: [part('confirmed', messages.confirmed, colours.good), part('refused', messages.refused, colours.refused), part('unknown', messages.unknown, colours.unsure)],
    },
    {
      name: 'Messages, by what came of them', total: messages.published,
      parts: [part('handled', messages.handled, colours.good), part('not handled', messages.published - messages.handled, colours.gone)],
    },
    {
      name: 'Publish attempts', total: attempts.sent,
      parts: [
        part('stored', attempts.stored, colours.good), part('refused', attempts.refused, colours.refused), ...lost('lost by', attempts.lost),
        part('in transit', attempts.inTransit, colours.moving),
      ],
    },
    {
      name: 'Copies stored', total: copies.stored,
      parts: [
        part('acknowledged', copies.acknowledged, colours.good), ...lost('dropped by', copies.dropped), part('dead-lettered', copies.deadLettered, colours.aside),
        part('in flight', copies.inFlight, colours.moving), part('ready', copies.ready, colours.waiting),
      ],
    },
  ];
}

function part(name: string, amount: number, colour: string): Part {
  return { name, amount, colour };
}

/** The causes that took most, and the others together. */
function lost(how: string, causes: Readonly<Record<string, number>>): readonly Part[] {
  const sorted = Object.entries(causes).sort(([, a], [, b]) => b - a);
  const shown = sorted.length > causesMax ? sorted.slice(0, causesMax - 1) : sorted;
  const others = sorted.slice(shown.length);
  const rest = others.reduce((sum, [, amount]) => sum + amount, 0);
  return [
    ...shown.map(([cause, amount]) => part(`${how} ${cause}`, amount, colours.gone)),
    ...(others.length > 0 ? [part(`${how} ${plural(others.length, 'other cause')}`, rest, colours.gone)] : []),
  ];
}
