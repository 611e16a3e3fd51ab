import { describe, expect, it } from 'vitest';
import type { ConnectionPolicy } from '../../models/connection.ts';
import type { NodeId } from '../../models/node.ts';
import { TinyNetwork } from './tiny-network.ts';

const milliseconds = 1e6;
const tenMilliseconds = () => 10 * milliseconds;

interface Storm {
  readonly tiny: TinyNetwork;
  readonly server: NodeId;
  readonly clients: readonly NodeId[];
}

/** Clients that connect all at once; a frame takes a millisecond. */
function storm(count: number, policy: Partial<ConnectionPolicy>, options = {}): Storm {
  const tiny = new TinyNetwork({ default: { latency: '1ms' }, connection: { connectTimeout: '30ms', heartbeat: '1h', retransmit: '5ms' } }, options);
  const server = tiny.node('server');
  tiny.network.serve(server, policy);
  const clients = Array.from({ length: count }, (_, index) => tiny.node(`client${index}`));
  for (const client of clients) tiny.network.connect(client, server);
  return { tiny, server, clients };
}

describe('a handshake', () => {
  it('of no work and no round trips is TCP\'s', () => {
    expect(storm(1, {}).tiny.until(100)).toEqual(['0.001 server connected', '0.002 client0 connected']);
  });

  it('takes the answer of TCP, the node\'s work and a round trip for each round', () => {
    expect(storm(1, { accept: tenMilliseconds }).tiny.until(100)).toEqual(['0.011 server connected', '0.012 client0 connected']);
    expect(storm(1, { roundTrips: 3 }).tiny.until(100)).toEqual(['0.007 server connected', '0.008 client0 connected']);
    expect(storm(1, { accept: tenMilliseconds, roundTrips: 3 }).tiny.until(100)).toEqual(['0.017 server connected', '0.018 client0 connected']);
  });

  it.each(['scheduled', 'shuffled'] as const)('makes a hundred clients that come at once wait a second for the last (%s)', (ties) => {
    const { tiny, clients } = storm(100, { accept: tenMilliseconds }, { ties });
    const served = tiny.until(100, 'client');
    expect(served).toHaveLength(clients.length);
    expect(served[49]).toMatch(/^0\.502\d* client\d+ connected$/);
    expect(served[99]).toMatch(/^1\.002\d* client\d+ connected$/);
    expect(ties === 'shuffled' || served[0] === '0.012 client0 connected').toBe(true);
  });

  it('takes a slow node longer, from the next connection on', () => {
    const { tiny, server } = storm(3, { accept: tenMilliseconds });
    tiny.at(0.005, () => tiny.nodes.slow(server, 3));
    expect(tiny.until(100, 'client')).toEqual(['0.012 client0 connected', '0.042 client1 connected', '0.072 client2 connected']);
  });

  it('goes on after a pause of the node', () => {
    const { tiny, server } = storm(2, { accept: tenMilliseconds, roundTrips: 1 });
    tiny.at(0.005, () => tiny.nodes.pause(server, 100 * milliseconds));
    expect(tiny.until(100, 'client')).toEqual(['0.103 client0 connected', '0.113 client1 connected']);
  });

  it('goes on after a cut, with the retransmission of what was sent meanwhile', () => {
    const { tiny, server, clients } = storm(1, { roundTrips: 2 });
    // The client's words of 2 ms are under way; the server's of 3 ms wait, and are tried at 8 and 18.
    tiny.at(0.0025, () => tiny.cutBoth(server, clients[0]!)).at(0.015, () => tiny.mendBoth());
    expect(tiny.until(100)).toEqual(['0.02 server connected', '0.021 client0 connected']);
  });

  it('dies with the node, which forgets who waits; they hear a reset', () => {
    const { tiny, server, clients } = storm(3, { accept: tenMilliseconds });
    tiny.at(0.025, () => tiny.crash(server));
    expect(tiny.told).toEqual(['0.011 server connected', '0.012 client0 connected', '0.021 server connected', '0.022 client1 connected', '0.025 server crashed']);
    expect(tiny.until(5)).toEqual(['0.026 client0 disconnected', '0.026 client1 disconnected', '0.026 client2 refused']);
    tiny.nodes.restart(server, 'test');
    tiny.network.connect(clients[2]!, server);
    expect(tiny.until(10)).toEqual(['5.011 server connected', '5.012 client2 connected']);
  });

  it('with a host that dies is given up after its time, or when the host is back', () => {
    const policy = { accept: tenMilliseconds, handshakeTimeout: 50 * milliseconds };
    const dead = storm(1, policy);
    dead.tiny.at(0.005, () => dead.tiny.crash(dead.server, 'host'));
    expect(dead.tiny.until(100)).toEqual(['0.052 client0 refused']);
    const speaking = storm(1, { roundTrips: 2, handshakeTimeout: 50 * milliseconds });
    speaking.tiny.at(0.0015, () => speaking.tiny.crash(speaking.server, 'host'));
    expect(speaking.tiny.until(100)).toEqual(['0.052 client0 refused']);
    const back = storm(1, policy);
    back.tiny.at(0.005, () => back.tiny.crash(back.server, 'host')).at(0.02, () => back.tiny.nodes.restart(back.server, 'test'));
    expect(back.tiny.until(100)).toEqual(['0.021 client0 refused']);
  });

  it('is given up by a client that waits too long, on whom no more work is spent', () => {
    // TCP answers at 2 ms. Whoever would be the fourth or later has to wait longer than 33.
    const { tiny, server } = storm(6, { accept: tenMilliseconds, handshakeTimeout: 33 * milliseconds });
    expect(tiny.until(0.1, 'client')).toEqual([
      '0.012 client0 connected', '0.022 client1 connected', '0.032 client2 connected',
      '0.035 client3 refused', '0.035 client4 refused', '0.035 client5 refused',
    ]);
    // Those who come again stand at the end, once.
    const late = tiny.node('late');
    tiny.network.connect(late, server);
    expect(tiny.until(100)).toEqual(['0.111 server connected', '0.112 late connected']);
  });

  it('may have a time of its own until the work is done, and the whole time from then on', () => {
    // The third is worked on when its 25 ms are over. The first two have their 10 ms, and then 40 more for the rounds.
    const { tiny } = storm(4, { accept: tenMilliseconds, roundTrips: 10, acceptTimeout: 25 * milliseconds, handshakeTimeout: 40 * milliseconds });
    expect(tiny.until(100, 'client')).toEqual(['0.027 client2 refused', '0.027 client3 refused', '0.032 client0 connected', '0.042 client1 connected']);
    const slow = storm(1, { accept: tenMilliseconds, roundTrips: 10, acceptTimeout: 25 * milliseconds, handshakeTimeout: 15 * milliseconds });
    expect(slow.tiny.until(100)).toEqual(['0.027 client0 refused']);
    // Without work there is nothing to wait for apart from the rest.
    expect(storm(1, { roundTrips: 10, acceptTimeout: 5 * milliseconds, handshakeTimeout: 40 * milliseconds }).tiny.until(100, 'client')).toEqual(['0.022 client0 connected']);
  });

  it('is begun anew at the end of the line by who gave up and came again', () => {
    const { tiny, server, clients } = storm(4, { accept: tenMilliseconds, handshakeTimeout: 25 * milliseconds });
    // The server gives clients 2 and 3 up at 26 ms, while client 2 is worked on; they know at 27.
    tiny.at(0.0275, () => tiny.network.connect(tiny.node('other'), server)).at(0.0276, () => tiny.network.connect(clients[3]!, server));
    expect(tiny.until(100, 'other', 'client')).toEqual(['0.042 other connected', '0.052 client3 connected']);
  });

  it('is given up by a server whose client is silent', () => {
    const { tiny, server, clients } = storm(2, { roundTrips: 2, accept: tenMilliseconds, handshakeTimeout: 100 * milliseconds });
    tiny.at(0.005, () => tiny.cutBoth(server, clients[0]!)).at(0.15, () => tiny.mendBoth());
    // Both have given up by then, and the client's next try is a connection of its own.
    expect(tiny.told).toEqual(['0.025 server connected', '0.026 client1 connected', '0.102 client0 refused']);
    tiny.network.connect(clients[0]!, server);
    expect(tiny.until(100)).toEqual(['0.165 server connected', '0.166 client0 connected']);
  });

  it('is not begun by a node that refuses, or does not answer', () => {
    const refusing = storm(1, { accept: tenMilliseconds });
    refusing.tiny.nodes.refuse(refusing.server);
    expect(refusing.tiny.until(100)).toEqual(['0.002 client0 refused']);
    const cut = storm(1, { accept: tenMilliseconds });
    cut.tiny.cut('back', cut.server, cut.clients[0]!);
    // It waits as long for TCP as any client, and then the server learns of it.
    expect(cut.tiny.until(100)).toEqual(['0.011 server connected', '0.03 client0 refused', '0.031 server disconnected']);
  });

  it('ends where its client dies', () => {
    const { tiny, clients } = storm(4, { accept: tenMilliseconds });
    tiny.at(0.005, () => tiny.crash(clients[1]!)).at(0.005, () => tiny.crash(clients[2]!, 'host'));
    // The first that died is known to be gone when its turn comes; of the second, whose host says nothing, nobody knows.
    expect(tiny.until(100)).toEqual(['0.011 server connected', '0.012 client0 connected', '0.031 server connected', '0.032 client3 connected']);
    const behind = storm(4, { accept: tenMilliseconds });
    behind.tiny.at(0.005, () => behind.tiny.cutBoth(behind.clients[2]!, behind.server)).at(0.006, () => behind.tiny.crash(behind.clients[2]!));
    behind.tiny.at(0.015, () => behind.tiny.mendBoth());
    expect(behind.tiny.until(100, 'client3')).toEqual(['0.032 client3 connected']);
  });
});
