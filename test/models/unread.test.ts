/** Connections that their server does not read: what waits, and what the server does not notice (rabbit_reader and rabbit_heartbeat at 4.2.9). */
import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../models/node.ts';
import { TinyNetwork } from './tiny-network.ts';

const heartbeat = 2;

/** Open at both ends from 2 ms on; the server reads no more from `second` on. */
function unreadFrom(second: number, beats = heartbeat) {
  const tiny = new TinyNetwork({ default: { latency: '1ms' }, connection: { reconnect: 'none' } });
  const [client, server] = [tiny.node('client'), tiny.node('server')] as [NodeId, NodeId];
  tiny.network.serve(server, { heartbeat: beats * 1e9, detection: 'ticks' });
  const id = tiny.network.connect(client, server);
  const said = tiny.sim.declare('said');
  const read = (_type: unknown, a: number): void => tiny.note(`read ${a}`);
  tiny.sim.handle(said, (a, b) => {
    if (!tiny.network.unread.holds(id, said, a, b)) tiny.note(`read ${a}`);
  });
  tiny.network.onDropped(said, (a) => tiny.note(`lost ${a}`));
  tiny.at(second, () => tiny.network.unread.stop(id));
  return { tiny, client, server, id, say: (what: number) => tiny.network.sendToServer(id, 64, said, what, 0), resume: () => tiny.network.unread.resume(id, read), read };
}

describe('a connection that is not read', () => {
  it('keeps what comes, in order, until it is read again', () => {
    const { tiny, say, resume } = unreadFrom(1);
    for (const each of [1, 2, 3]) say(each);
    tiny.at(2, resume);
    say(4);
    expect(tiny.until(3)).toEqual(['2.001 read 4']);
    expect(tiny.told.slice(-4)).toEqual(['2 read 1', '2 read 2', '2 read 3', '2.001 read 4']);
  });

  it('keeps the rest where what is read makes it stop again', () => {
    const { tiny, id, say } = unreadFrom(1);
    for (const each of [1, 2, 3]) say(each);
    const read = (_type: unknown, a: number): void => {
      tiny.note(`read ${a}`);
      if (a === 2) tiny.network.unread.stop(id);
    };
    tiny.at(2, () => tiny.network.unread.resume(id, read)).at(3, () => tiny.network.unread.resume(id, read));
    expect(tiny.told.slice(-3)).toEqual(['2 read 1', '2 read 2', '3 read 3']);
  });

  it('is not missed by its server, which looks again from when it reads: three intervals later', () => {
    const { tiny, client, server, resume } = unreadFrom(1);
    tiny.at(1.5, () => tiny.cut('there', client, server));
    expect(tiny.until(100)).toEqual([]);
    resume();
    expect(tiny.until(200)).toEqual([`${100 + 3 * heartbeat} server disconnected`, `${100 + 3 * heartbeat + 0.001} client disconnected`]);
  });

  it('is missed by its client, which hears nothing', () => {
    const { tiny, client, server } = unreadFrom(1);
    tiny.at(3.1, () => tiny.cutBoth(client, server));
    expect(tiny.until(100)).toEqual(['8.002 client disconnected']);
  });

  it.each([[3.2, 5.001], [3.9, 5.001], [4.5, 6.001]])('whose client dies at %s s is found dead at %s s, when the second heartbeat of its server is due', (died, found) => {
    const { tiny, client, say } = unreadFrom(1);
    say(1);
    tiny.at(died, () => tiny.crash(client));
    expect(tiny.until(100)).toEqual([`${found} lost 1`, `${found} server disconnected`]);
    expect(tiny.sim.trace.reachedPaths['network.heartbeatNotSent']).toBe(1);
  });

  it('whose client dies is found dead only by reading where there are no heartbeats, after all that came before', () => {
    const { tiny, client, say, resume } = unreadFrom(1, 0);
    say(1);
    tiny.at(3, () => tiny.crash(client));
    expect(tiny.until(1000)).toEqual([]);
    resume();
    expect(tiny.told.slice(-2)).toEqual(['1000 read 1', '1000 server disconnected']);
  });

  it('loses what was not read when its server dies', () => {
    const { tiny, server, say } = unreadFrom(1);
    say(1);
    tiny.at(2, () => tiny.crash(server));
    expect(tiny.until(3)).toEqual(['2.001 client disconnected']);
    expect(tiny.told).toContain('2 lost 1');
  });
});

