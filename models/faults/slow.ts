import { factor, target } from '../settings.ts';
import { faultSchema } from './fault.ts';

/** Service times of consumers, processing times of a broker, or (`orders-mq.0.disk`) writes and syncs take `factor` times as long. */
export const slowSchema = faultSchema('slow', { target: target(), factor: factor() });
