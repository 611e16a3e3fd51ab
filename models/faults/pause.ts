import { target } from '../settings.ts';
import { faultSchema } from './fault.ts';

/** The process stands still: nothing is handled, what arrives waits, and timers are all due when it goes on. */
export const pauseSchema = faultSchema('pause', { target: target() });
