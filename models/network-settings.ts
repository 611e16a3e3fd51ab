/** Links and connections: the settings. */
import { z } from 'zod';
import { bandwidth, durations, positiveDuration, duration, target } from './settings.ts';
import { limitedByAttempts } from './retry.ts';

const link = { latency: durations().optional(), bandwidth: bandwidth().optional() };

const reconnect = limitedByAttempts('connections');

/** A client's own rule, instead of the network's; `none` is one, too. */
export const ownReconnect = () => reconnect.transform((policy) => ({ policy })).optional()
  .describe('How long these clients wait before they connect again, or none; unless told as network.connection says.');

/** Who publishes has a moment at which a connection is wanted; who consumes only waits. */
export const publishersReconnect = () => z.union([reconnect, z.literal('on-demand')]).transform((policy) => ({ policy })).optional()
  .describe('How long these clients wait before they connect again, or none; on-demand: with the next publish; unless told as network.connection says.');

/** How a client keeps and regains its connection. */
export const connectionSchema = z.strictObject({
  heartbeat: positiveDuration().default(10e9)
    .describe('Peers say something at least this often; a side that heard nothing for two intervals takes the connection for lost.'),
  connectTimeout: positiveDuration().default(5e9).describe('How long a client waits for an answer to its first packet.'),
  reconnect: reconnect.prefault({ fixed: { delay: '1s' } }).describe('How long a client waits before it connects again.'),
  retransmit: duration().default(200e6)
    .describe('First retransmission of a packet that a cut link swallowed; doubled each time (RFC 6298: at least 1 s; Linux: 200 ms).'),
});
export type ConnectionSpec = z.output<typeof connectionSchema>;

export const networkSchema = z.strictObject({
  default: z.strictObject(link).default({}),
  links: z
    .array(
      z.union([
        z.strictObject({ from: target(), to: target(), ...link }).transform((one) => ({ ...one, direction: 'one' as const })),
        z
          .strictObject({ between: z.tuple([target(), target()]), ...link })
          .transform(({ between: [from, to], ...rest }) => ({ ...rest, from, to, direction: 'both' as const })),
      ]),
    )
    .default([]),
  connection: connectionSchema.prefault({}),
});
export type NetworkSpec = z.output<typeof networkSchema>;
