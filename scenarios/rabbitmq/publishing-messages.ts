/** Every sentence about publishes that RabbitMQ refuses, drops, or takes otherwise than they are written. */
import type { Finding } from '../problem.ts';

export const tooLarge = (most: string): Finding => ({ message: `messages are larger than max_message_size, ${most}`, hint: 'RabbitMQ closes the channel at each of them (PRECONDITION_FAILED, 406)' });
export const routedNowhere = (exchange: string, key: string, mandatory: boolean): Finding => ({
  message: `no queue is bound to ${exchange} for ${key === '' ? 'an empty routing key' : `the routing key "${key}"`}`,
  hint: mandatory ? 'each publish is returned (NO_ROUTE)' : 'each publish is confirmed, and dropped; mandatory has it returned',
});
export const keptAllTheSame = (queue: string): Finding => ({ message: `this changes nothing: ${queue} keeps every message on disk`, hint: 'quorum queues and streams know no transient messages' });
