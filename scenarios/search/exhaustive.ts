/** Every single fault, or every pair, at every causally distinct moment of a small workload: what it does not find is not there, within these bounds. */
import { momentNames } from '../../models/moments.ts';
import type { FaultSettings, Plan } from './plan.ts';
import type { Parts } from './vocabulary.ts';

/** Faults that differ in kind and target, each without its moment. */
function knobs({ nodes, producers, consumers, brokers }: Parts): Record<string, unknown>[] {
  const each = <Of>(names: readonly string[], make: (name: string) => Of): Of[] => names.map(make);
  return [
    ...each([...nodes, ...producers.map((name) => `${name}.0`), ...consumers.map((name) => `${name}.0`)], (target) => ({ kind: 'crash', target, for: '1s' })),
    ...each(nodes, (target) => ({ kind: 'crash', target, scope: 'host', for: '1s' })),
    ...each([...nodes, ...consumers.map((name) => `${name}.0`)], (target) => ({ kind: 'pause', target, for: '30s' })),
    ...brokers.flatMap((broker) => each([...producers, ...consumers], (client) => ({ kind: 'partition', between: [client, broker], for: '30s' }))),
    ...(nodes.length > 1 ? each(nodes, (node) => ({ kind: 'partition', between: [node, `others(${node})`], for: '30s' })) : []),
    ...brokers.flatMap((broker) => each([...producers, ...consumers], (client) => ({ kind: 'reset', between: [client, broker] }))),
  ];
}

export function* everySingle(whole: Plan, parts: Parts): Generator<Plan> {
  for (const fault of everyFault(parts)) yield { ...whole, faults: [fault] };
}

export function* everyPair(whole: Plan, parts: Parts): Generator<Plan> {
  const all = [...everyFault(parts)];
  for (const [index, one] of all.entries()) for (const other of all.slice(index + 1)) yield { ...whole, faults: [one, other] };
}

function* everyFault(parts: Parts): Generator<FaultSettings> {
  for (const message of parts.messages) {
    for (const moment of momentNames) {
      for (const when of ['before', 'after']) for (const knob of knobs(parts)) yield { ...knob, on: { [when]: moment, message } } as unknown as FaultSettings;
    }
  }
}
