/** The shape of a scenario: what a file may say, after parameters, `extends` and `--set` were worked in. */
import { z } from 'zod';
import { brokerSpecSchema } from '../models/brokers/index.ts';
import { consumerSchema } from '../models/consumer-settings.ts';
import { faultSpecSchema } from '../models/faults/index.ts';
import { claimSchema, type ClaimSpec } from '../models/invariants/claims.ts';
import { networkSchema } from '../models/network-settings.ts';
import { producerSchema } from '../models/producer-settings.ts';
import { duration, name, positiveDuration } from '../models/settings.ts';
import { objectiveSchema } from './objective.ts';

/** Free text, since it is what a comparison is headed with; `as written` heads the scenario without a variant. */
const variantName = z.string().min(1).max(60).regex(/^(?!as written$)[^\u0000-\u001f\u007f]*$/, 'is another name than "as written", without control characters');

export const scenarioSchema = z.strictObject({
  faultline: z.literal(1).describe('Version of the format.'),
  name: z.string().min(1).max(200).describe('Short; reports carry it.'),
  about: z.string().max(10_000).default('').describe('The question that this scenario asks.'),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(1).describe('The same seed gives the same run.'),
  params: z.record(name(), z.union([z.string(), z.number(), z.boolean()])).default({})
    .describe('Values with a name, used as $name; --set params.name=value changes one.'),
  variants: z.record(variantName, z.record(z.string().max(1000), z.unknown())).refine((all) => Object.keys(all).length <= 50, 'at most 50 variants').default({})
    .describe('The same workload with other settings, by name: each sets values by path, as --set does. `faultline compare` runs them side by side.'),
  vary: z.record(z.string().min(1).max(1000), z.array(z.unknown()).min(1).max(50)).refine((all) => Object.keys(all).length <= 20, 'at most 20 settings').default({})
    .describe('Settings that `faultline check` draws besides faults: for each path the values that it may have instead of its own.'),
  phases: z.strictObject({
    warmUp: duration().default(0).describe('Before anything is measured.'),
    measure: positiveDuration().default(60e9).describe('Under load and faults; ends with the faults healed.'),
    drain: duration().default(60e9).describe('The longest time to wait for the queues to empty once producers stopped and faults were healed.'),
  }).prefault({}),
  ties: z.enum(['scheduled', 'shuffled']).default('scheduled')
    .describe('How events at the same instant follow each other: in the order they were scheduled, or drawn from the seed.'),
  late: z.enum(['never', 'sometimes']).default('never')
    .describe('sometimes: at some places, drawn from the seed, what takes its time (a sync, a handling, a wait before an election) takes up to five times as long, now and then.'),
  network: networkSchema.prefault({}).describe('Links between the parties; without settings they cost no time.'),
  brokers: z.record(name(), brokerSpecSchema).describe('By name; queues are then called broker/queue.'),
  producers: z.record(name(), producerSchema).default({}).describe('Who publishes, by name.'),
  consumers: z.record(name(), consumerSchema).default({}).describe('Groups of workers, by name.'),
  faults: z.array(faultSpecSchema).max(10_000).default([]).describe('What goes wrong, and when.'),
  claims: z.array(claimSchema).max(100).superRefine(onceEach).default([]).describe('Guarantees that must hold; each is judged.'),
  objectives: z.array(objectiveSchema).max(1000).default([]).describe('Numbers that must be met, as in p99(payments.sojourn) < 45s.'),
});
export type Scenario = z.output<typeof scenarioSchema>;
/** What a scenario file may say, as a value: quantities are text with their unit, as in '5ms'. */
/** What a claim is called, with or without its parameters. */
export function claimName(claim: NonNullable<ScenarioSettings['claims']>[number]): string {
  return typeof claim === 'string' ? claim : Object.keys(claim)[0]!;
}

export type ScenarioSettings = z.input<typeof scenarioSchema>;

function onceEach(claims: readonly ClaimSpec[], context: z.RefinementCtx<readonly ClaimSpec[]>): void {
  claims.forEach(({ claim }, index) => {
    if (claims.findIndex((other) => other.claim === claim) === index) return;
    context.addIssue({ code: 'custom', message: `"${claim}" is claimed twice`, path: [index], params: { hint: 'keep the one whose parameters you mean' } });
  });
}
