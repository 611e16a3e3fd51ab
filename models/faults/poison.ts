import { target } from '../settings.ts';
import { selectorSchema } from '../selector.ts';
import { faultSchema } from './fault.ts';

/** What these producers publish meanwhile, or those of it that `messages` selects, fails at every handling. */
export const poisonSchema = faultSchema('poison', { target: target(), messages: selectorSchema.optional() });
