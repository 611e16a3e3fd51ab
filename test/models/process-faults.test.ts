/** Processes that die again and again, or one after another: whom it strikes, when, and what is left behind. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem } from './small-system.ts';

/** When nodes go and come, as `100 down workers.0`. */
function comings(faults: Fault[], parts: Parts = {}): { lines: string[]; struck: string[] } {
  const lines: string[] = [];
  const { system } = driveToQuiet(createScenario(smallSystem({ ...parts, faults })), {
    built: ({ world: { nodes, sim } }) => {
      const note = (what: string, node: Parameters<typeof nodes.name>[0]): void => void lines.push(`${sim.now / 1e6} ${what} ${nodes.name(node).replace('consumers.', '')}`);
      nodes.watchedBy({ crashed: (node) => note('down', node), restarted: (node) => note('up', node), paused: () => {} });
    },
  });
  return { lines, struck: system.faults.struck.map(({ key, begin, end, changed }) => `${key} ${begin / 1e6}–${end! / 1e6} ×${changed}`) };
}

const three: Parts = { consumer: { count: 3 } };

describe('a rolling restart', () => {
  const rolling = (more: object = {}): Fault => ({ kind: 'rolling-restart', target: 'consumers.workers', by: 'crash', at: '100ms', down: '50ms', gap: '30ms', ...more }) as Fault;

  it('takes one after another, and ends with the last', () => {
    expect(comings([rolling()], three)).toEqual({
      lines: ['100 down workers.0', '150 up workers.0', '180 down workers.1', '230 up workers.1', '260 down workers.2', '310 up workers.2'],
      struck: ['F1.1 100–310 ×3'],
    });
  });

  it('without a gap has the next go as the one before comes', () => {
    expect(comings([rolling({ gap: '0' })], three).lines.slice(0, 4)).toEqual(['100 down workers.0', '150 up workers.0', '150 down workers.1', '200 up workers.1']);
  });

  it('passes over who is down or stands still at its turn', () => {
    const others: Fault[] = [{ kind: 'crash', target: 'consumers.workers.0', at: '90ms', for: '20ms' }, { kind: 'pause', target: 'consumers.workers.1', at: '170ms', for: '20ms' }];
    expect(comings([rolling(), ...others], three)).toEqual({
      lines: ['90 down workers.0', '110 up workers.0', '260 down workers.2', '310 up workers.2'],
      struck: ['F2.1 90–110 ×1', 'F1.1 100–310 ×1', 'F3.1 170–190 ×1'],
    });
  });

  it('that is healed in the middle leaves everybody up, and goes no further', () => {
    expect(comings([rolling({ at: '9.9s', gap: '40ms' })], three)).toEqual({ lines: ['9900 down workers.0', '9950 up workers.0', '9990 down workers.1', '10000 up workers.1'], struck: ['F1.1 9900–10000 ×2'] });
  });

  it('comes again by a rate, each time after the one before', () => {
    const { struck } = comings([rolling({ at: undefined, rate: '2/s' })], three);
    expect(struck.length).toBeGreaterThan(4);
    const times = struck.map((strike) => / (\S+)–(\S+) /.exec(strike)!.slice(1).map(Number) as [number, number]);
    times.slice(1).forEach(([begin], index) => expect(begin).toBeGreaterThan(times[index]![1]));
  });

  it.each<[object, string]>([
    [{ target: 'mq', by: 'stop' }, 'faults.0.target: what mq does when it is told to stop is not modelled'],
    [{ target: 'producers.web', by: undefined }, 'faults.0.target: what producers.web does when it is told to stop is not modelled'],
    [{ drain: '1s' }, 'faults.0.drain: consumers.workers cannot be drained'],
    [{ for: '1s' }, 'faults.0.for: the key "for" is not known here'],
  ])('refuses %j', (more, message) => {
    expect(() => createScenario(smallSystem({ faults: [JSON.parse(JSON.stringify(rolling(more))) as Fault] }))).toThrow(message);
  });
});

describe('a crash loop', () => {
  const loop = (more: object = {}): Fault => ({ kind: 'crash-loop', target: 'consumers.workers', at: '100ms', count: 3, period: '20ms', restart: { fixed: { delay: '50ms' } }, ...more }) as Fault;

  it('kills so many times, and leaves it running', () => {
    expect(comings([loop()])).toEqual({
      lines: ['100 down workers.0', '150 up workers.0', '170 down workers.0', '220 up workers.0', '240 down workers.0', '290 up workers.0'],
      struck: ['F1.1 100–290 ×3'],
    });
  });

  it('has a supervisor that waits longer each time', () => {
    expect(comings([loop({ restart: { exponential: { initial: '10ms', max: '25ms' } } })]).lines).toEqual([
      '100 down workers.0', '110 up workers.0', '130 down workers.0', '150 up workers.0', '170 down workers.0', '195 up workers.0',
    ]);
  });

  it('has a supervisor that gives up, and nobody else starts it before all is healed (StartLimitBurst of systemd)', () => {
    expect(comings([loop({ restart: { fixed: { delay: '50ms' }, attempts: 1 } })])).toEqual({ lines: ['100 down workers.0', '150 up workers.0', '170 down workers.0', '10000 up workers.0'], struck: ['F1.1 100–10000 ×2'] });
    expect(comings([loop({ restart: 'none' })]).lines).toEqual(['100 down workers.0', '10000 up workers.0']);
  });

  it('has each of several die by its own draws, which no other fault changes', () => {
    const drawn = loop({ period: { exponential: { mean: '20ms' } } });
    const alone = comings([drawn], three).lines;
    expect(new Set(alone.filter((line) => line.includes('down')).map((line) => line.split(' ')[0])).size).toBe(7);
    const beside: Fault = { kind: 'crash-loop', target: 'producers.web', at: '90ms', count: 4, period: { exponential: { mean: '20ms' } }, restart: { fixed: { delay: '1ms' } } };
    expect(comings([beside, drawn], three).lines.filter((line) => line.includes('workers'))).toEqual(alone);
  });

  it('says in the result how often it killed', () => {
    expect(runScenario(createScenario(smallSystem({ faults: [loop()] }))).faults.map(({ effect }) => effect)).toEqual(['deaths: 3']);
  });
});
