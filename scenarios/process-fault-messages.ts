/** Sentences about faults of processes. */
import type { Finding } from './problem.ts';

export const noDrain = (target: string): Finding => ({ message: `${target} cannot be drained`, hint: 'only nodes of brokers of kind rabbitmq can; leave drain out' });
