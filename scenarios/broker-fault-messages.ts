/** What is wrong with faults of brokers. */
import type { QueueOrder } from '../models/brokers/broker-view.ts';
import type { Finding } from './problem.ts';

const orderHints: Readonly<Record<QueueOrder, string>> = {
  purge: 'what is in a stream goes by retention: x-max-length-bytes, x-max-age',
  'queue-delete': 'only classic and quorum queues of RabbitMQ can be deleted here; others are there from the beginning to the end',
  'leadership-transfer': 'only quorum queues of RabbitMQ have a leader that hands over: x-queue-type: quorum',
};
const orderWords: Readonly<Record<QueueOrder, string>> = { purge: 'cannot be purged', 'queue-delete': 'cannot be deleted', 'leadership-transfer': 'has no leadership to transfer' };
export const cannotBeOrdered = (order: QueueOrder, queue: string): Finding => ({ message: `${queue} ${orderWords[order]}`, hint: orderHints[order] });

export const withoutTls = (target: string): Finding => ({ message: `${target} speaks no TLS, and has no certificate that could run out`, hint: "give its broker tls: '1.3', which RabbitMQ has" });
