/** What is wrong with faults of brokers. */
import type { QueueOrder } from '../models/brokers/broker-view.ts';
import type { Finding } from './problem.ts';

const orderHints: Readonly<Record<QueueOrder, string>> = {
  purge: 'what is in a stream goes by retention: x-max-length-bytes, x-max-age',
  'queue-change': 'only work queues are changed so; limits of RabbitMQ come from policies: kind: policy-change',
  'queue-delete': 'only classic and quorum queues of RabbitMQ can be deleted here; others are there from the beginning to the end',
  'leadership-transfer': 'only quorum queues of RabbitMQ have a leader that hands over: x-queue-type: quorum',
};
const orderWords: Readonly<Record<QueueOrder, string>> = { purge: 'cannot be purged', 'queue-change': 'cannot be changed while it is in use', 'queue-delete': 'cannot be deleted', 'leadership-transfer': 'has no leadership to transfer' };
export const cannotBeOrdered = (order: QueueOrder, queue: string): Finding => ({ message: `${queue} ${orderWords[order]}`, hint: orderHints[order] });

export const hasNoPolicies = (target: string): Finding => ({ message: `${target} has no policies`, hint: 'settings of a work queue are changed queue by queue: kind: queue-change' });
export const policyOfSome = (target: string): Finding => ({ message: 'a policy is of a whole broker', found: target, wanted: `a broker: ${target.split('.')[0]}` });
export const badPattern = (why: string): Finding => ({ message: `the pattern of the policy cannot be read: ${why}` });

export const readsNoClock = (target: string): Finding => ({ message: `${target} reads no wall clock`, hint: 'leases and times to live of a work queue are counted by the time that passes' });
export const skewsNothing = (): Finding => ({ message: 'the clock is as right as before', wanted: 'a jump, a drift, or both', hint: 'write jump: 1h, or drift: 200 (parts per million)' });

export const withoutTls = (target: string): Finding => ({ message: `${target} speaks no TLS, and has no certificate that could run out`, hint: "give its broker tls: '1.3', which RabbitMQ has" });
