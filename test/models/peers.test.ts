import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../models/node.ts';
import { Scope } from '../../models/paths.ts';
import { Peers, type PeerSettings } from '../../models/peers.ts';
import type { EventType, SimulationOptions } from '../../sim/simulation.ts';
import { TinyNetwork } from './tiny-network.ts';

/** Three nodes; a frame takes a millisecond, silence is looked for every second, a link is tried again every 100 ms. */
class Cluster extends TinyNetwork {
  readonly members: readonly NodeId[];
  readonly peers: Peers;
  /** `1.5 a b`: a has heard nothing of b since. */
  readonly silences: string[] = [];
  private readonly frame: EventType<number, NodeId>;

  constructor(options: Partial<SimulationOptions> = {}, { tick = 4e9, reconnect, latency = '1ms' }: Partial<PeerSettings> & { latency?: string | object } = {}) {
    super({ default: { latency: latency as string }, connection: { retransmit: '10ms' } }, options);
    this.members = ['a', 'b', 'c'].map((name) => this.node(name));
    this.frame = this.sim.declare('frame');
    this.sim.handle(this.frame, (number, to) => this.note(`${this.nodes.name(to)} frame ${number}`));
    const named = (what: string) => (node: NodeId, peer: NodeId) => this.note(`${this.nodes.name(node)} ${what} ${this.nodes.name(peer)}`);
    this.peers = new Peers(this, this.members, { name: 'cluster', tick, reconnect }, {
      peerLost: named('lost'),
      silenceBegan: (node, peer) => this.silences.push(`${this.sim.now / 1e9} ${this.nodes.name(node)} ${this.nodes.name(peer)}`),
      peerFound: named('found'),
      dropped: (type, number, _to, from, to) => {
        expect(type).toBe(this.frame);
        this.note(`dropped ${this.nodes.name(from)}${this.nodes.name(to)} ${number}`);
      },
    });
  }

  send(from: NodeId, to: NodeId, ...numbers: number[]): void {
    for (const number of numbers) this.peers.send(from, to, 100, this.frame, number, to);
  }
}

function cluster(options: Partial<SimulationOptions> = {}, settings: ConstructorParameters<typeof Cluster>[1] = {}): { it: Cluster; a: NodeId; b: NodeId; c: NodeId } {
  const it = new Cluster(options, { reconnect: 100e6, ...settings });
  const [a, b, c] = it.members as [NodeId, NodeId, NodeId];
  return { it, a, b, c };
}

describe('a frame between nodes of a cluster', () => {
  it('comes after its latency, in order with the others of its direction', () => {
    const { it, a, b, c } = cluster();
    it.at(1, () => it.send(a, b, 1, 2)).at(1.0005, () => it.send(b, a, 3)).at(1.0006, () => it.send(c, b, 4));
    expect(it.until(2)).toEqual(['1.001 b frame 1', '1.001 b frame 2', '1.0015 a frame 3', '1.0016 b frame 4']);
  });

  it('of a node to itself comes at the same instant, after what was there before', () => {
    const { it, a } = cluster();
    it.at(1, () => it.send(a, a, 1, 2));
    expect(it.told).toEqual([]);
    expect(it.until(1)).toEqual(['1 a frame 1', '1 a frame 2']);
    it.at(2, () => it.send(a, a, 3)).at(2, () => it.nodes.pause(a, 3e9));
    expect(it.until(4)).toEqual([]);
    it.send(a, a, 4);
    expect(it.until(4)).toEqual(['4 a frame 4']);
  });

  it('never overtakes another, whatever the latency, a fault or chance within an instant', () => {
    const property = fc.property(
      fc.nat(1_000_000), fc.constantFrom('scheduled' as const, 'shuffled' as const), fc.constantFrom('1ms', '0', { lognormal: { mean: '2ms', scv: 4 } }), fc.constantFrom('none', 'cut', 'delay', 'pause'),
      (seed, ties, latency, fault) => {
        const { it, a, b } = cluster({ seed, ties }, { latency });
        for (let number = 0; number < 40; number++) {
          it.at(number / 1000, () => it.send(a, b, number));
          if (number === 10 && fault === 'cut') it.cut('cut', a, b);
          if (number === 20 && fault === 'cut') it.network.paths.mend('cut');
          if (number === 10 && fault === 'delay') it.network.paths.delay('delay', 'F1', new Scope([a], [b]), { kind: 'exponential', mean: 5e6 });
          if (number === 20) it.network.paths.turnBack('delay');
          if (number === 10 && fault === 'pause') it.nodes.pause(b, 20e6);
        }
        it.until(1);
        expect(it.told.map((line) => Number(line.split(' ')[3]))).toEqual(Array.from({ length: 40 }, (_, number) => number));
      },
    );
    fc.assert(property, { numRuns: 100, seed: 1 });
  });

  it('takes longer while a fault adds to it, and is counted among what the fault concerns', () => {
    const { it, a, b, c } = cluster();
    expect(it.network.paths.delay('delay', 'F1', new Scope([a], [b, c]), { kind: 'constant', value: 5e6 })).toBe(2);
    it.at(1, () => it.send(a, b, 1)).at(1, () => it.send(b, a, 2));
    expect(it.until(2)).toEqual(['1.001 a frame 2', '1.006 b frame 1']);
    it.network.paths.turnBack('delay');
    it.send(a, b, 3);
    expect(it.until(3)).toEqual(['2.001 b frame 3']);
    expect(it.cut('cut', a, b)).toBe(1);
  });

  it('waits for a node that stands still', () => {
    const { it, a, b } = cluster();
    it.at(1, () => it.send(a, b, 1)).at(1.0005, () => it.nodes.pause(b, 2e9)).at(1.5, () => it.send(a, b, 2));
    expect(it.until(3)).toEqual(['2 b frame 1', '2 b frame 2']);
    it.send(a, b, 3);
    expect(it.until(4)).toEqual(['3.001 b frame 3']);
  });

  it('waits for a cut way, if it is mended before the net tick', () => {
    const { it, a, b } = cluster();
    it.at(1, () => it.send(a, b, 1)).at(1.0005, () => it.cutBoth(a, b)).at(1.002, () => it.send(a, b, 2, 3)).at(1.02, () => it.send(b, a, 4));
    // Tried again 10, 30, 70 … ms after the first that waited was sent.
    it.at(1.05, () => it.mendBoth());
    expect(it.told).toEqual(['1.001 b frame 1']);
    expect(it.until(20)).toEqual(['1.051 a frame 4', '1.073 b frame 2', '1.073 b frame 3']);
  });
});

describe('a cut between nodes of a cluster', () => {
  it('is told when it begins, once, to who hears nothing', () => {
    const { it, a, b, c } = cluster();
    const hears = (): boolean[] => [it.peers.hears(a, b), it.peers.hears(b, a), it.peers.hears(a, c)];
    it.at(1, () => it.cut('one', a, b)).at(1.5, () => it.cut('other', a, b));
    expect(hears()).toEqual([true, false, true]);
    it.at(2, () => it.network.paths.mend('one')).at(2, () => it.network.paths.mend('other'));
    expect(hears()).toEqual([true, true, true]);
    it.at(3, () => it.nodes.pause(c, 3.5e9)).at(4, () => it.cut('again', b, a));
    expect(it.silences).toEqual(['1 b a', '3 a c', '3 b c', '4 a b']);
    it.until(20);
    expect(hears()).toEqual([false, false, true]);
  });

  it('ends with the last cut of that way', () => {
    const { it, a, b } = cluster();
    it.at(1, () => it.cut('one', a, b)).at(1, () => it.cut('other', a, b)).at(1, () => it.send(a, b, 1)).at(2, () => it.network.paths.mend('one'));
    expect(it.until(3)).toEqual([]);
    it.network.paths.mend('other');
    expect(it.until(6, 'frame')).toHaveLength(1);
  });

  /** How long each side needed to notice. */
  function noticed(seed: number, cutAt: number): number[] {
    const { it, a, b } = cluster({ seed });
    it.at(cutAt, () => it.cutBoth(a, b));
    const lines = it.until(cutAt + 20);
    expect(lines.map((line) => line.slice(line.indexOf(' ') + 1)).sort()).toEqual(['a lost b', 'b lost a']);
    return lines.map(Number.parseFloat);
  }

  it('is noticed by each side at a check, 0.75 to 1.25 ticks after it began', () => {
    const times: number[] = [];
    const property = fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 9999 }), (seed, cutAt) => {
      for (const at of noticed(seed, cutAt / 1000)) {
        expect(at % 1).toBe(0);
        times.push(at - cutAt / 1000);
      }
    });
    fc.assert(property, { numRuns: 200, seed: 1 });
    expect(Math.min(...times)).toBeGreaterThanOrEqual(3);
    expect(Math.min(...times)).toBeLessThan(3.2);
    expect(Math.max(...times)).toBeLessThanOrEqual(5.01);
    expect(Math.max(...times)).toBeGreaterThan(4.8);
    expect(times.reduce((sum, time) => sum + time) / times.length).toBeCloseTo(4, 0);
  });

  it('loses what waits, and what is sent until it is mended; then the link opens again', () => {
    const { it, a, b, c } = cluster();
    it.at(1, () => it.cutBoth(a, b)).at(2, () => it.send(a, b, 1)).at(2, () => it.send(b, a, 2)).at(2, () => it.send(a, c, 3));
    const lines = it.until(10);
    expect(lines[0]).toBe('2.001 c frame 3');
    // What the first to notice had not got out is lost in both directions.
    expect(lines.slice(1, 4).map((line) => line.replace(/^\S+ /, ''))).toEqual(expect.arrayContaining(['dropped ab 1', 'dropped ba 2', expect.stringMatching(/^(a lost b|b lost a)$/)]));
    expect(lines).toHaveLength(5);
    expect([it.peers.isConnected(a, b), it.peers.isConnected(b, a), it.peers.isConnected(a, c), it.peers.isConnected(a, a)]).toEqual([false, false, true, true]);
    it.send(a, b, 4);
    expect(it.told.at(-1)).toBe('10 dropped ab 4');
    it.at(10.05, () => it.mendBoth());
    expect(it.until(20)).toEqual(['10.102 a found b', '10.102 b found a']);
    it.send(a, b, 5);
    expect(it.until(30)).toEqual(['20.001 b frame 5']);
    // The checks of the new link have a grid of their own.
    it.cutBoth(a, b);
    expect(it.until(40).map((line) => line.replace(/^\d+/, '')).sort()).toEqual(['.102 a lost b', '.102 b lost a']);
  });

  it('that is mended when one side has noticed is told the other at once', () => {
    // Seeds differ in which side is earlier; here they notice a second apart.
    const { it, a, b } = cluster({ seed: 2 });
    it.at(1.5, () => it.cutBoth(a, b));
    const [first] = it.until(20);
    const again = cluster({ seed: 2 });
    const at = Number.parseFloat(first!);
    again.it.at(1.5, () => again.it.cutBoth(a, b)).at(at + 0.5, () => again.it.mendBoth());
    expect(again.it.told).toEqual([first]);
    const other = first!.includes('a lost b') ? 'b lost a' : 'a lost b';
    const lines = again.it.until(20);
    expect(lines[0]).toBe(`${at + 0.501} ${other}`);
    expect(lines.slice(1).map((line) => line.replace(/^\S+ /, ''))).toEqual(['a found b', 'b found a']);
  });

  it('in one direction is noticed by who hears nothing, who tells the other', () => {
    for (const [there, back] of [[0, 1], [1, 0]] as const) {
      const { it, a, b } = cluster();
      const [from, to] = [[a, b][there]!, [a, b][back]!];
      it.at(1.5, () => it.cut('cut', from, to)).at(2, () => it.send(from, to, 1)).at(2, () => it.send(to, from, 2));
      const lines = it.until(20);
      const name = it.nodes.name.bind(it.nodes);
      const at = Number.parseFloat(lines.at(-2)!);
      expect(lines).toEqual([`2.001 ${name(from)} frame 2`, `${at} dropped ${name(from)}${name(to)} 1`, `${at} ${name(to)} lost ${name(from)}`, `${at + 0.001} ${name(from)} lost ${name(to)}`]);
      it.network.paths.mend('cut');
      expect(it.until(30, 'found')).toHaveLength(2);
    }
  });

  it('is the end for who noticed it, also while the other does not know', () => {
    const { it, a, b } = cluster();
    it.at(1.5, () => it.cut('cut', a, b));
    const at = Number.parseFloat(it.until(20)[0]!);
    const again = cluster();
    again.it.at(1.5, () => again.it.cut('cut', a, b)).at(at + 0.0005, () => again.it.send(a, b, 1)).at(at + 0.0005, () => again.it.send(b, a, 2));
    expect(again.it.until(20)).toEqual([`${at + 0.001} a lost b`]);
    expect(again.it.told.slice(0, 3)).toEqual([`${at} b lost a`, `${at + 0.0005} dropped ab 1`, `${at + 0.0005} dropped ba 2`]);
  });

  it('that comes and goes is none the worse: each silence counts for itself', () => {
    const { it, a, b } = cluster();
    for (const second of [1, 4, 7]) it.at(second, () => it.cutBoth(a, b)).at(second + 2.9, () => it.mendBoth());
    expect(it.until(30)).toEqual([]);
  });

  it('while a link is about to open puts that off', () => {
    const { it, a, b } = cluster();
    it.at(1, () => it.crash(b)).at(1.05, () => it.nodes.restart(b, 'test')).at(1.1015, () => it.cut('cut', b, a)).at(1.15, () => it.network.paths.mend('cut'));
    // Missed at 1.001, tried at 1.101, and that answer is cut; b, which comes before c, tried c at 1.1.
    expect(it.told.slice(-2)).toEqual(['1.102 b found c', '1.102 c found b']);
    expect(it.until(10)).toEqual(['1.203 a found b', '1.203 b found a']);
  });
});

describe('a node of a cluster', () => {
  it('that dies is missed after what it had sent; what was on its way to it is lost', () => {
    const { it, a, b } = cluster();
    it.at(1, () => it.send(b, a, 1)).at(1, () => it.send(a, b, 2)).at(1.0005, () => it.crash(b)).at(1.0007, () => it.send(a, b, 3));
    expect(it.told).toEqual(['1.0005 dropped ab 2', '1.0005 b crashed', '1.0007 dropped ab 3']);
    expect(it.until(10)).toEqual(['1.001 a frame 1', '1.0015 a lost b', '1.0015 c lost b']);
    it.nodes.restart(b, 'test');
    // Tried every 100 ms: b with c since b died, for b comes first, and a with b since a missed it.
    expect(it.until(20)).toEqual(['10.0025 b found c', '10.0025 c found b', '10.0035 a found b', '10.0035 b found a']);
    it.send(a, b, 4);
    it.send(b, a, 5);
    expect(it.until(30)).toEqual(['20.001 b frame 4', '20.001 a frame 5']);
  });

  it('whose host dies is missed by the net tick', () => {
    const { it, a, b } = cluster();
    it.at(1.5, () => it.crash(b, 'host')).at(2, () => it.send(a, b, 1));
    expect(it.told).toEqual(['1.5 b crashed', '2 dropped ab 1']);
    const lines = it.until(20);
    expect(lines.map((line) => line.replace(/^\S+ /, '')).sort()).toEqual(['a lost b', 'c lost b']);
    expect(lines.every((line) => [5, 6].includes(Number.parseFloat(line)))).toBe(true);
    it.nodes.restart(b, 'test');
    expect(it.until(30, 'found')).toHaveLength(4);
  });

  it('whose host is back before that is missed then, and found again', () => {
    const { it, b } = cluster();
    it.at(1.5, () => it.crash(b, 'host')).at(3.05, () => it.nodes.restart(b, 'test'));
    expect(it.until(30)).toEqual(['3.051 a lost b', '3.051 c lost b', '3.102 b found c', '3.102 c found b', '3.153 a found b', '3.153 b found a']);
  });

  it('that dies behind a cut is missed when that is mended', () => {
    const { it, a, b } = cluster();
    it.at(1.5, () => it.cutBoth(a, b)).at(2, () => it.crash(b)).at(3, () => it.mendBoth());
    expect(it.told).toEqual(['2 b crashed', '2.001 c lost b']);
    expect(it.until(30)).toEqual(['3.001 a lost b']);
  });

  it('that stands still for long is missed, and hears of that when it goes on', () => {
    const { it, a, b } = cluster();
    it.at(1.5, () => it.nodes.pause(b, 20e9)).at(2, () => it.send(a, b, 1));
    const lost = it.until(19.9);
    expect(lost.map((line) => line.replace(/^\S+ /, '')).sort()).toEqual(['a lost b', 'c lost b']);
    // What was sent to it before it was given up is there, and then it finds the links closed.
    expect(it.until(20)).toEqual(['20 b frame 1', '20 b lost a', '20 b lost c']);
    expect(it.until(30)).toHaveLength(4);
  });

  it('that stands still for less is none the worse', () => {
    const { it, a, b } = cluster();
    it.at(1.5, () => it.nodes.pause(b, 4.4e9)).at(2, () => it.send(b, a, 1));
    expect(it.until(30)).toEqual(['2.001 a frame 1']);
    const again = cluster();
    again.it.at(1.5, () => again.it.nodes.pause(b, 20e9));
    const at = Number.parseFloat(again.it.until(20)[0]!);
    // Until just before the first of the others would notice, or until then; and silent again a moment later.
    for (const end of [at - 0.5, at]) {
      const brief = cluster();
      brief.it.at(1.5, () => brief.it.nodes.pause(b, end * 1e9)).at(end + 0.1, () => brief.it.cut('cut', b, a));
      expect(brief.it.until(end + 3)).toEqual([]);
      expect(brief.it.until(end + 6)).toHaveLength(2);
    }
  });

  it('is tried each second unless told', () => {
    const { it, a, b } = cluster({}, { reconnect: undefined });
    it.at(1, () => it.crash(b)).at(1.1, () => it.nodes.restart(b, 'test')).at(3, () => it.crash(a));
    expect(it.told).toContain('2.003 a found b');
  });

  it('that stands still and is killed stands still no more', () => {
    const { it, a, b } = cluster();
    it.at(1, () => it.nodes.pause(b, 100e9)).at(2, () => it.crash(b)).at(3, () => it.nodes.restart(b, 'test')).at(4, () => it.send(a, b, 1));
    expect(it.until(5)).toEqual(['4.001 b frame 1']);
  });

  it('that dies before a link has opened again is not found', () => {
    const { it, a, b } = cluster();
    it.at(1, () => it.cutBoth(a, b)).at(10, () => it.mendBoth()).at(10.05, () => it.crash(b));
    expect(it.until(20, 'found', 'a lost')).toEqual([]);
  });

  it('whose host is dead does not answer when a cut is mended', () => {
    const { it, a, b } = cluster();
    it.at(1.5, () => it.crash(b, 'host')).at(2, () => it.cutBoth(a, b)).at(2.5, () => it.mendBoth());
    expect(it.until(4.4)).toEqual([]);
    expect(it.until(10)).toHaveLength(2);
  });

  it('whose farewell is slow is lost and found at once when it is back before', () => {
    const { it, a, b } = cluster();
    it.network.paths.delay('delay', 'F1', new Scope([a], [b]), { kind: 'constant', value: 10e9 });
    it.at(1, () => it.crash(a)).at(1.01, () => it.network.paths.turnBack('delay')).at(1.02, () => it.nodes.restart(a, 'test'));
    expect(it.until(30, 'b')).toEqual(['1.102 b lost a', '1.102 a found b', '1.102 b found a']);
  });

  it('that was given up as it stood still, and dies, says no farewell to a link that opens after', () => {
    const { it, a, b } = cluster();
    it.at(1.5, () => it.nodes.pause(b, 100e9)).at(8, () => it.network.paths.delay('delay', 'F1', new Scope([b], [a]), { kind: 'constant', value: 10e9 }));
    it.at(8, () => it.crash(b)).at(8, () => it.network.paths.turnBack('delay')).at(8.01, () => it.nodes.restart(b, 'test'));
    expect(it.until(30, 'a found b', 'b found a', 'lost')).toEqual(['8.102 a found b', '8.102 b found a']);
  });
});
