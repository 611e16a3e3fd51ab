/** The shape of a scenario: what a file may say, after parameters, `extends` and `--set` were worked in. */
import { z } from 'zod';
import { brokerSpecSchema } from '../models/brokers/index.ts';
import { consumerSchema } from '../models/consumer-settings.ts';
import { faultSpecSchema } from '../models/faults/index.ts';
import { claimSchema } from '../models/invariants/claims.ts';
import { networkSchema } from '../models/network-settings.ts';
import { producerSchema } from '../models/producer-settings.ts';
import { duration, name, positiveDuration } from '../models/settings.ts';
import { objectiveSchema } from './objective.ts';

export const scenarioSchema = z.strictObject({
  faultline: z.literal(1),
  name: z.string().min(1).max(200),
  about: z.string().max(10_000).default(''),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
  params: z.record(name(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  phases: z.strictObject({
    warmUp: duration().default(0),
    measure: positiveDuration().default(60e9),
    /** The longest time to wait for the queues to empty once producers stopped and faults were healed. */
    drain: duration().default(60e9),
  }).prefault({}),
  /** How events at the same instant follow each other: in the order they were scheduled, or drawn from the seed. */
  ties: z.enum(['scheduled', 'shuffled']).default('scheduled'),
  network: networkSchema.prefault({}),
  brokers: z.record(name(), brokerSpecSchema),
  producers: z.record(name(), producerSchema).default({}),
  consumers: z.record(name(), consumerSchema).default({}),
  faults: z.array(faultSpecSchema).max(10_000).default([]),
  claims: z.array(claimSchema).max(100).default([]),
  objectives: z.array(objectiveSchema).max(1000).default([]),
});
export type Scenario = z.output<typeof scenarioSchema>;
