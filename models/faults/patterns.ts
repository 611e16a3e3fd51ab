/**
 * Patterns that have a name of their own: a word in a scenario, which stands for a fault with settings. Results speak of the fault.
 */
import { z } from 'zod';
import { factor, positiveDuration, queuePath } from '../settings.ts';
import type { burst } from './burst.ts';
import type { clockSkew } from './clock-skew.ts';
import type { crash } from './crash.ts';
import type { dependencyOutage } from './dependency-outage.ts';
import type { diskFull } from './disk-full.ts';
import { selfTimedSchema, struck } from './fault.ts';
import type { partition } from './partition.ts';
import type { pause } from './pause.ts';
import type { poison } from './poison.ts';
import type { rollingRestart } from './rolling-restart.ts';
import type { slow } from './slow.ts';
import { triggerFields } from './trigger-settings.ts';

type SpecOf<Model extends { readonly schema: z.ZodType }> = z.output<Model['schema']>;

/** How long it lasts unless told. */
const lasting = (duration: string) => ({ for: triggerFields.for.removeDefault().prefault(duration), until: triggerFields.until });
const queue = { queue: queuePath() };
const target = { target: struck() };

const crashAll = selfTimedSchema('crash-all', 'All nodes lose their power at once: a host crash of every one of them.', { ...target, ...lasting('30s') })
  .transform((spec): SpecOf<typeof crash> => ({ ...spec, kind: 'crash', scope: 'host' }));

const isolateLeader = selfTimedSchema('isolate-leader-then-heal', 'Who leads a queue sees none of the other nodes, and then it does again; clients see all.', { ...queue, ...lasting('2m') })
  .transform(({ queue: path, ...spec }): SpecOf<typeof partition> => ({ ...spec, kind: 'partition', between: [[`leader(${path})`], [`others(leader(${path}))`]], direction: 'both' }));

const pauseLeader = selfTimedSchema('pause-then-resume-old-leader', 'Who leads a queue stands still for so long that another takes over, and then goes on.', { ...queue, ...lasting('2m') })
  .transform(({ queue: path, ...spec }): SpecOf<typeof pause> => ({ ...spec, kind: 'pause', target: `leader(${path})` }));

const deployWave = selfTimedSchema('deploy-wave', 'Consumers or producers are replaced one by one.', {
  ...target, down: positiveDuration().prefault('5s').describe('From the end of one to the start of its successor.'),
  gap: positiveDuration().prefault('5s').describe('From the start of one to the end of the next.'),
  by: z.enum(['stop', 'crash']).default('crash').describe('stop: consumers handle what they have before they end; crash: each is killed.'),
}).transform((spec): SpecOf<typeof rollingRestart> => ({ ...spec, kind: 'rolling-restart' }));

const poisonBurst = selfTimedSchema('poison-burst', 'All that these producers publish for a while fails at every handling.', { ...target, ...lasting('1s') })
  .transform((spec): SpecOf<typeof poison> => ({ ...spec, kind: 'poison', does: 'fails' }));

const burst10 = selfTimedSchema('burst-10x-for-60s', 'Messages come ten times as fast for a minute.', { ...target, ...lasting('60s') })
  .transform((spec): SpecOf<typeof burst> => ({ ...spec, kind: 'burst', factor: 10 }));

const slowConsumer = selfTimedSchema('slow-consumer-then-recover', 'Handlers take many times as long, and then as long as before: a backlog builds up and drains.', {
  ...target, factor: factor().default(10), ...lasting('1m'),
}).transform((spec): SpecOf<typeof slow> => ({ ...spec, kind: 'slow' }));

const retryStorm = selfTimedSchema('retry-storm', 'What handlers call does not answer: each waits for its timeout and fails, and all retries come at once.', {
  ...target, timeout: positiveDuration().prefault('1s').describe('How long a handler waits before it fails.'), ...lasting('30s'),
}).transform((spec): SpecOf<typeof dependencyOutage> => ({ ...spec, kind: 'dependency-outage' }));

const diskFullFreed = selfTimedSchema('disk-full-then-freed', 'Something else fills a disk, and goes again.', { ...target, ...lasting('1m') })
  .transform((spec): SpecOf<typeof diskFull> => ({ ...spec, kind: 'disk-full', leaves: 0 }));

const clockJump = selfTimedSchema('clock-jump', 'The wall clock of a node of RabbitMQ jumps ahead, and is set right later.', {
  ...target, jump: positiveDuration().prefault('1h'), ...lasting('10m'),
}).transform((spec): SpecOf<typeof clockSkew> => ({ ...spec, kind: 'clock-skew', direction: 'forward', drift: 0 }));

export const patternSchemas = [crashAll, isolateLeader, pauseLeader, deployWave, poisonBurst, burst10, slowConsumer, retryStorm, diskFullFreed, clockJump] as const;

export const patternNames: readonly string[] = patternSchemas.map((schema) => schema.in.shape.kind.value);
