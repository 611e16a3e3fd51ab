import { describe, expect, it } from 'vitest';
import { AssertionFailure } from '../../sim/assert.ts';
import { type EventType, Simulation } from '../../sim/simulation.ts';
import { nanosMax } from '../../sim/units.ts';

/** A simulation with two events, ping and pong, that write down when they came and with what. */
function noted(ties: 'scheduled' | 'shuffled' = 'scheduled') {
  const sim = new Simulation({ seed: 1, ties });
  const log: string[] = [];
  const ping = sim.declare('ping');
  const pong = sim.declare('pong');
  sim.handle(ping, (a, b) => log.push(`${sim.now} ping ${a} ${b}`));
  sim.handle(pong, (a, b) => log.push(`${sim.now} pong ${a} ${b}`));
  return { sim, log, ping, pong };
}

describe('an event', () => {
  it('comes at its time, with its operands', () => {
    const { sim, log, ping, pong } = noted();
    sim.after(20, ping, 1, -2_147_483_648);
    sim.after(10, pong, 2_147_483_647, 0);
    expect(sim.nextTime).toBe(10);
    expect([sim.step(), sim.step(), sim.step()]).toEqual([true, true, false]);
    expect(log).toEqual(['10 pong 2147483647 0', '20 ping 1 -2147483648']);
    expect([sim.count, sim.pending, sim.nextTime, sim.now]).toEqual([2, 0, Infinity, 20]);
  });

  it('is declared once', () => {
    const { sim } = noted();
    expect(() => sim.declare('ping')).toThrow('the event ping is declared twice');
  });

  it('that nobody handles is an error that names it', () => {
    const sim = new Simulation({ seed: 1 });
    sim.after(1, sim.declare('orphan'), 0, 0);
    expect(() => sim.runUntil(10)).toThrow('nobody handles the event orphan');
  });

  it('lies in the future, at a time that is a number', () => {
    const { sim, ping } = noted();
    expect(() => sim.after(-1, ping, 0, 0)).toThrow('the event ping is scheduled -1 ns from now');
    expect(() => sim.after(Number.NaN, ping, 0, 0)).toThrow('NaN');
    expect(() => sim.post(-1, ping, 0, 0, sim.createOwner())).toThrow('scheduled');
  });

  it('beyond the end of time never comes', () => {
    const { sim, log, ping } = noted();
    sim.after(Infinity, ping, 1, 0);
    sim.runUntil(nanosMax - 1);
    sim.after(2, ping, 2, 0);
    expect(sim.runUntil(nanosMax - 1)).toBe(true);
    expect(log).toEqual([]);
    expect(sim.nextTime).toBe(nanosMax);
  });

  it('can be cancelled until it comes', () => {
    const { sim, log, ping, pong } = noted();
    const first = sim.after(10, ping, 1, 0);
    const second = sim.after(20, pong, 2, 0);
    expect([sim.cancel(second), sim.cancel(second), sim.isPending(first), sim.isPending(second)]).toEqual([true, false, true, false]);
    sim.runUntil(100);
    expect([log, sim.cancel(first)]).toEqual([['10 ping 1 0'], false]);
  });
});

describe('an owner', () => {
  it('loses all its events at once, in the order in which they would have come', () => {
    const { sim, log, ping, pong } = noted();
    const [mine, other] = [sim.createOwner(), sim.createOwner()];
    const lane = sim.lane(15);
    sim.after(20, ping, 1, 0, mine);
    sim.afterLane(lane, pong, 2, 0, mine);
    sim.after(15, ping, 3, 0, mine);
    sim.after(15, ping, 4, 0, other);
    sim.post(1, ping, 5, 0, mine);
    sim.postLane(lane, ping, 6, 0, mine);
    const cancelled: string[] = [];
    expect(sim.cancelOwned(mine, (type, a) => cancelled.push(`${sim.nameOf(type)} ${a}`))).toBe(5);
    expect(cancelled).toEqual(['ping 5', 'pong 2', 'ping 3', 'ping 6', 'ping 1']);
    sim.runUntil(100);
    expect(log).toEqual(['15 ping 4 0']);
    expect(sim.cancelOwned(mine)).toBe(0);
  });

  it('may schedule anew while it is told of what it lost', () => {
    const { sim, log, ping } = noted();
    const mine = sim.createOwner();
    sim.after(20, ping, 1, 0, mine);
    sim.after(30, ping, 2, 0, mine);
    sim.cancelOwned(mine, (type, a, b) => void sim.after(5, type, a + 10, b, mine));
    sim.runUntil(100);
    expect(log).toEqual(['5 ping 11 0', '5 ping 12 0']);
  });

  it.each(['scheduled', 'shuffled'] as const)('has what is due before the end of its pause due then, in the same order (%s)', (ties) => {
    const { sim, log, ping } = noted(ties);
    const mine = sim.createOwner();
    const lane = sim.lane(4);
    sim.after(5, ping, 3, 0, mine);
    sim.after(2, ping, 1, 0, mine);
    sim.afterLane(lane, ping, 2, 0, mine);
    sim.after(50, ping, 5, 0, mine);
    sim.after(49, ping, 4, 0, mine);
    sim.after(5, ping, 0, 0);
    expect(sim.postponeOwned(mine, 50)).toBeGreaterThanOrEqual(4);
    sim.runUntil(100);
    expect(log.map((line) => line.split(' ')[2])).toEqual(ties === 'scheduled' ? ['0', '5', '1', '2', '3', '4'] : ['0', '1', '2', '3', '4', '5']);
  });
});

describe('runUntil', () => {
  it('handles what is due up to and including its time, and sets the clock to it', () => {
    const { sim, log, ping } = noted();
    sim.after(10, ping, 1, 0);
    sim.after(20, ping, 2, 0);
    sim.after(21, ping, 3, 0);
    expect(sim.runUntil(20)).toBe(true);
    expect([log.length, sim.now]).toEqual([2, 20]);
    sim.after(0, ping, 4, 0);
    expect(sim.runUntil(20)).toBe(true);
    expect(log.at(-1)).toBe('20 ping 4 0');
    expect(sim.runUntil(1000)).toBe(true);
    expect(sim.now).toBe(1000);
  });

  it('does not turn the clock back', () => {
    const { sim } = noted();
    sim.runUntil(20);
    expect(sim.runUntil(10)).toBe(true);
    expect(sim.now).toBe(20);
  });

  it('stops at the event limit, and goes on when it is raised', () => {
    const { sim, log, ping } = noted();
    for (let at = 1; at <= 5; at++) sim.after(at, ping, at, 0);
    expect(sim.runUntil(100, 3)).toBe(false);
    expect([log.length, sim.now, sim.count]).toEqual([3, 3, 3]);
    expect(sim.runUntil(100, 3)).toBe(false);
    expect(sim.count).toBe(3);
    expect(sim.runUntil(100, 5)).toBe(true);
    expect([log.length, sim.now]).toEqual([5, 100]);
  });

  it('stops at the limit also where time stands still', () => {
    const sim = new Simulation({ seed: 1 });
    const again: EventType = sim.declare('again');
    sim.handle(again, () => void sim.after(0, again, 0, 0));
    sim.after(0, again, 0, 0);
    expect(sim.runUntil(1, 1000)).toBe(false);
    expect([sim.now, sim.count]).toEqual([0, 1000]);
  });

  it('stops when somebody says so, after the present event', () => {
    const { sim, log, ping, pong } = noted();
    sim.handle(pong, () => sim.stop());
    sim.after(1, ping, 1, 0);
    sim.after(2, pong, 0, 0);
    sim.after(2, ping, 2, 0);
    expect(sim.runUntil(10)).toBe(false);
    expect([log.length, sim.now]).toEqual([1, 2]);
    expect(sim.runUntil(10)).toBe(true);
    expect(log.length).toBe(2);
  });

  it('tells of an assertion that failed when it was, after how many events, and what came last', () => {
    const { sim, ping, pong } = noted();
    sim.handle(pong, () => {
      throw new AssertionFailure('this cannot be');
    });
    for (let at = 1; at <= 30; at++) sim.after(at * 1_000_000, ping, at, -at);
    sim.after(31_500_000, pong, 7, 8);
    let failure: AssertionFailure | undefined;
    try {
      sim.runUntil(1e9);
    } catch (error) {
      failure = error as AssertionFailure;
    }
    expect(failure!.message).toBe('this cannot be');
    const lines = failure!.situation.split('\n');
    expect(lines[0]).toBe('at 31.5 ms simulated, after 31 events; the last ones:');
    expect(lines).toHaveLength(21);
    expect(lines[1]).toBe('         0.012000000  ping(12, -12)');
    expect(lines.at(-1)).toBe('         0.031500000  pong(7, 8)');
  });

  it('lets other errors pass as they are', () => {
    const { sim, pong } = noted();
    sim.handle(pong, () => {
      throw new TypeError('something else');
    });
    sim.after(1, pong, 0, 0);
    expect(() => sim.runUntil(10)).toThrow(new TypeError('something else'));
  });
});

describe('a watcher', () => {
  it('sees each event of its type before or after it is handled, until it is taken off', () => {
    const { sim, log, ping, pong } = noted();
    const offBefore = sim.watch(ping, 'before', (_type, a) => log.push(`${sim.now} before ${a}`));
    const offAfter = sim.watch(ping, 'after', (_type, a) => log.push(`${sim.now} after ${a}`));
    sim.after(1, ping, 1, 0);
    sim.after(2, pong, 2, 0);
    sim.after(3, ping, 3, 0);
    sim.runUntil(3);
    expect(log).toEqual(['1 before 1', '1 ping 1 0', '1 after 1', '2 pong 2 0', '3 before 3', '3 ping 3 0', '3 after 3']);
    offBefore();
    offBefore();
    sim.after(1, ping, 4, 0);
    sim.runUntil(4);
    offAfter();
    sim.after(1, ping, 5, 0);
    sim.runUntil(5);
    expect(log.slice(7)).toEqual(['4 ping 4 0', '4 after 4', '5 ping 5 0']);
  });

  it('may take itself off, while others watch the same', () => {
    const { sim, log, ping } = noted();
    const off = sim.watch(ping, 'before', () => {
      log.push('once');
      off();
    });
    sim.watch(ping, 'before', () => log.push('always'));
    sim.after(1, ping, 1, 0);
    sim.after(2, ping, 2, 0);
    sim.runUntil(10);
    expect(log).toEqual(['once', 'always', '1 ping 1 0', 'always', '2 ping 2 0']);
  });

  it('that cancels the event before it comes keeps it from coming, and from being counted', () => {
    const { sim, log, ping, pong } = noted();
    const mine = sim.createOwner();
    sim.watch(ping, 'before', (_type, a) => a === 2 && sim.cancelOwned(mine, (_cancelled, b) => log.push(`${sim.now} cancelled ${b}`)));
    sim.after(1, ping, 1, 0, mine);
    sim.after(2, ping, 2, 0, mine);
    sim.after(3, ping, 3, 0, mine);
    sim.after(4, pong, 4, 0);
    sim.runUntil(10);
    expect(log).toEqual(['1 ping 1 0', '2 cancelled 2', '2 cancelled 3', '4 pong 4 0']);
    expect(sim.count).toBe(2);
  });

  it('that postpones the event sees it once', () => {
    const { sim, log, ping } = noted();
    const mine = sim.createOwner();
    const seen: number[] = [];
    sim.watch(ping, 'before', (_type, a) => {
      seen.push(a);
      if (a === 1) sim.postponeOwned(mine, 50);
    });
    sim.after(1, ping, 1, 0, mine);
    sim.after(2, ping, 2, 0);
    sim.runUntil(100);
    expect(seen).toEqual([1, 2]);
    expect(log).toEqual(['2 ping 2 0', '50 ping 1 0']);
  });

  it('changes nothing by watching', () => {
    const run = (isWatched: boolean): string => {
      const { sim, ping, pong } = noted();
      if (isWatched) sim.watch(ping, 'before', () => {});
      for (let at = 0; at < 50; at++) sim.after(at % 7, at % 2 === 0 ? ping : pong, at, 0);
      sim.runUntil(100);
      return sim.fingerprint.value;
    };
    expect(run(true)).toBe(run(false));
  });
});

it('shuffles the events of one instant by the seed, the same each time', () => {
  const order = (seed: number, ties: 'scheduled' | 'shuffled'): number[] => {
    const sim = new Simulation({ seed, ties });
    const seen: number[] = [];
    const event = sim.declare('event');
    sim.handle(event, (a) => seen.push(a));
    for (let a = 0; a < 20; a++) sim.after(5, event, a, 0);
    sim.runUntil(5);
    return seen;
  };
  expect(order(1, 'shuffled')).toEqual(order(1, 'shuffled'));
  expect(order(1, 'shuffled')).not.toEqual(order(2, 'shuffled'));
  expect(order(1, 'shuffled')).not.toEqual(order(1, 'scheduled'));
  expect(order(1, 'shuffled').toSorted((one, other) => one - other)).toEqual(order(1, 'scheduled'));
});
