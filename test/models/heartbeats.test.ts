import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionPolicy } from '../../models/connection.ts';
import { noticedAt } from '../../models/heartbeats.ts';
import type { NodeId } from '../../models/node.ts';
import { TinyNetwork } from './tiny-network.ts';

interface Pair {
  readonly tiny: TinyNetwork;
  readonly client: NodeId;
  readonly server: NodeId;
}

/** A client whose connection is open at 2 ms, and at its server a millisecond earlier. */
function connected(policy: Partial<ConnectionPolicy>, latency = '1ms'): Pair {
  const tiny = new TinyNetwork({ default: { latency }, connection: { reconnect: 'none' } });
  const client = tiny.node('client');
  const server = tiny.node('server');
  tiny.network.serve(server, policy);
  tiny.network.connect(client, server);
  return { tiny, client, server };
}

const seconds = 1e9;
const ticks = (heartbeat: number): Partial<ConnectionPolicy> => ({ heartbeat: heartbeat * seconds, detection: 'ticks' });

function cutFrom(second: number, policy: Partial<ConnectionPolicy>): string[] {
  const { tiny, client, server } = connected(policy);
  tiny.at(second, () => tiny.cutBoth(client, server));
  return tiny.until(1000);
}

describe('checks at whole heartbeats', () => {
  it.each([
    [2, 3.1, 8],
    [5, 7, 20],
    // In the first interval the opening itself was heard.
    [5, 0.0025, 15],
    [5, 0.5, 15],
    [5, 4.9, 15],
    [5, 5.5, 20],
  ])('with one every %s s notice at both sides, when cut at %s s, at %s s of the connection', (heartbeat, cutAt, noticed) => {
    expect(cutFrom(cutAt, ticks(heartbeat))).toEqual([`${noticed + 0.001} server disconnected`, `${noticed + 0.002} client disconnected`]);
  });

  it('come one interval earlier where the cut swallows the byte that was due', () => {
    // The server's 10th second is 10.001: its byte of that age comes at 10.002, that for the client at 10.003.
    expect(cutFrom(10.0015, ticks(5))).toEqual(['20.001 server disconnected', '20.002 client disconnected']);
    expect(cutFrom(10.002, ticks(5))).toEqual(['20.001 server disconnected', '20.002 client disconnected']);
    expect(cutFrom(10.0025, ticks(5))).toEqual(['20.002 client disconnected', '25.001 server disconnected']);
    expect(cutFrom(10.0035, ticks(5))).toEqual(['25.001 server disconnected', '25.002 client disconnected']);
  });

  it('notice nothing when silence ends before them', () => {
    const { tiny, client, server } = connected(ticks(2));
    tiny.at(3.1, () => tiny.cutBoth(client, server)).at(8, () => tiny.mendBoth());
    expect(tiny.until(1000)).toEqual([]);
  });

  it('of the side that hears nothing end the connection for both', () => {
    const towards = connected(ticks(2));
    towards.tiny.at(3.1, () => towards.tiny.cut('there', towards.client, towards.server));
    expect(towards.tiny.until(1000)).toEqual(['8.001 server disconnected', '8.002 client disconnected']);
    const back = connected(ticks(2));
    back.tiny.at(3.1, () => back.tiny.cut('back', back.server, back.client));
    expect(back.tiny.until(1000)).toEqual(['8.002 client disconnected', '8.003 server disconnected']);
  });

  it('notice a dead host and a process that stands still', () => {
    const dead = connected(ticks(2));
    dead.tiny.at(3.1, () => dead.tiny.crash(dead.server, 'host'));
    expect(dead.tiny.until(1000)).toEqual(['8.002 client disconnected']);
    const still = connected(ticks(2));
    still.tiny.at(3.1, () => still.tiny.nodes.pause(still.client, 20 * seconds));
    expect(still.tiny.until(1000)).toEqual(['8.001 server disconnected', '20 client disconnected']);
    const cutMeanwhile = connected(ticks(2));
    cutMeanwhile.tiny.at(3.1, () => cutMeanwhile.tiny.nodes.pause(cutMeanwhile.client, 20 * seconds)).at(4, () => cutMeanwhile.tiny.cutBoth(cutMeanwhile.client, cutMeanwhile.server));
    expect(cutMeanwhile.tiny.until(1000)).toEqual(['8.001 server disconnected', '20 client disconnected']);
    const brief = connected(ticks(2));
    brief.tiny.at(3.1, () => brief.tiny.nodes.pause(brief.client, 8 * seconds));
    expect(brief.tiny.until(1000)).toEqual([]);
  });

  it('fall between one and a half and three intervals after silence began, on the grid, whatever the latency', () => {
    const property = fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 100_000 }), fc.nat(3000), (heartbeat, age, latency) => {
      const noticed = noticedAt(age, { every: 2 * heartbeat, misses: 2, byteEvery: heartbeat, byteAt: latency });
      expect(noticed % (2 * heartbeat)).toBe(0);
      expect(noticed - age).toBeGreaterThanOrEqual(3 * heartbeat);
      expect(noticed - age).toBeLessThanOrEqual(6 * heartbeat);
    });
    fc.assert(property, { numRuns: 500, seed: 1 });
  });
});

describe('a broker\'s policy', () => {
  it('of no heartbeat never notices silence; only who comes back resets', () => {
    const { tiny, client, server } = connected({ heartbeat: 0, detection: 'ticks' });
    tiny.at(3, () => tiny.cutBoth(client, server)).at(5000, () => tiny.mendBoth()).at(6000, () => tiny.crash(server, 'host'));
    expect(tiny.until(90_000)).toEqual([]);
    tiny.nodes.restart(server, 'test');
    expect(tiny.until(90_001)).toEqual(['90000.001 client disconnected']);
  });

  it('follows the network\'s settings in what it does not say', () => {
    expect(cutFrom(3.1, {})).toEqual(['23.1 server disconnected', '23.1 client disconnected']);
    expect(cutFrom(3.1, { heartbeat: 2 * seconds })).toEqual(['7.1 server disconnected', '7.1 client disconnected']);
  });
});
