/** What is wrong with faults of brokers. */
import type { Finding } from './problem.ts';

export const cannotBePurged = (queue: string): Finding => ({
  message: `${queue} is a stream, which cannot be purged`, hint: 'what is in a stream goes by retention: x-max-length-bytes, x-max-age',
});

export const withoutTls = (target: string): Finding => ({ message: `${target} speaks no TLS, and has no certificate that could run out`, hint: "give its broker tls: '1.3', which RabbitMQ has" });
