import { factor, target } from '../settings.ts';
import { faultSchema } from './fault.ts';

/** Messages come `factor` times as fast to these producers. */
export const burstSchema = faultSchema('burst', { target: target(), factor: factor() });
