/**
 * What it takes to open a connection to a node, besides TCP. Read in rabbit_reader, rabbit_networking and tcp_listener_sup at v4.3.5
 * and in deps/rabbit/Makefile; the defaults of the two timeouts have been the same since 3.10.
 *
 * Every connection is a process of its own, which the acceptors only hand the socket to: what many of them wait for is the
 * processor, so here a node works on one after another, and `num_acceptors` decides nothing.
 */
import type { Nanos } from '../../../sim/units.ts';
import type { CauseId } from '../../causes.ts';
import type { ConnectionPolicy } from '../../connection.ts';
import type { ConnectionId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { World } from '../../world.ts';
import { sampler } from './sampler.ts';
import type { RabbitmqSpec } from './settings.ts';

/** Header and start; start-ok and tune; tune-ok with open and open-ok; channel.open and its open-ok (AMQP 0-9-1, 2.2.4). */
const amqpRounds = 4;
/** Round trips that are left when the client's start-ok comes, which holds its credential, and when its open comes. */
export const loginAt = 2;
export const openingAt = 1;
/** A full handshake: RFC 5246, 7.3; RFC 8446, 2. */
const tlsRounds = { none: 0, '1.2': 2, '1.3': 1 } as const;
/** env of the rabbit application. */
const tlsTimeout: Nanos = 5e9;

type Admit = (connection: ConnectionId, roundsLeft: number) => CauseId | undefined;

export function connectionPolicy({ sim, nodes }: World, node: NodeId, { config, tls, timing }: RabbitmqSpec, admit?: Admit): Partial<ConnectionPolicy> {
  const name = nodes.name(node);
  const work = [...(isNothing(timing.login) ? [] : [timing.login]), ...(tls === 'none' || isNothing(timing.tls) ? [] : [timing.tls])];
  return {
    heartbeat: config.heartbeat,
    detection: 'ticks',
    roundTrips: amqpRounds + tlsRounds[tls],
    accept: work.length === 0 ? undefined : sampler(sim, `${name}/connections`, ...work),
    acceptTimeout: tls === 'none' ? undefined : (config.ssl_handshake_timeout ?? tlsTimeout),
    handshakeTimeout: config.handshake_timeout,
    admit,
  };
}

function isNothing(spec: RabbitmqSpec['timing']['login']): boolean {
  return spec.kind === 'constant' && spec.value === 0;
}
