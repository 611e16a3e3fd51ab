/** Markov life cycles: named states of a component, the rates between them, and what each state does. Data only. */
import { z } from 'zod';
import { factor, name, positiveRate } from './settings.ts';

const state = z.strictObject({
  serviceFactor: factor().optional().describe('Service or processing times are multiplied by it.'),
  refusesConnections: z.boolean().optional().describe('New connections are refused; open ones stay.'),
  down: z.boolean().optional().describe('The process is down: entering crashes it, leaving starts it again.'),
  paused: z.boolean().optional().describe('The process stands still, as in a long garbage collection.'),
});

/** Every individual (each worker, each node) has a chain and a random stream of its own. */
export const lifecycleSchema = z
  .strictObject({
    states: z.record(name(), state),
    rates: z.record(name(), z.record(name(), positiveRate())).describe('rates[from][to]: how often the one state turns into the other.'),
    start: name().optional(),
  })
  .superRefine((spec, context) => {
    const known = Object.keys(spec.states);
    if (known.length === 0) context.addIssue({ code: 'custom', message: 'a life cycle needs a state', path: ['states'] });
    const check = (state: string, path: string[]) => {
      if (!Object.hasOwn(spec.states, state)) {
        context.addIssue({ code: 'custom', message: `no state is called "${state}"`, path, params: { hint: `the states are ${known.join(', ')}`, among: known, found: state } });
      }
    };
    for (const [from, to] of Object.entries(spec.rates)) {
      check(from, ['rates', from]);
      for (const next of Object.keys(to)) check(next, ['rates', from, next]);
    }
    if (spec.start !== undefined) check(spec.start, ['start']);
  });
export type LifecycleSpec = z.output<typeof lifecycleSchema>;
