import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import type { HistoryLine } from '../../scenarios/history.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { countError, zMax } from '../sim/statistics.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

const soon = { reconnect: { fixed: { delay: '1ms' } } } as const;

describe('an idempotency store', () => {
  /** The confirm of message 1 is held up, so it is published again at 35 ms; 2 and 3 are handled before that copy. */
  const repeated = (idempotency: object | undefined): string[] => {
    const mute: Fault = { kind: 'partition', between: ['mq', 'producers.web'], direction: 'one', at: '5ms', for: '7500us' };
    const producer = { messages: 3, confirm: { timeout: '20ms' }, retry: { fixed: { delay: '5ms' }, attempts: 2 } } as const;
    return told({ producer, consumer: { idempotency } as Parts['consumer'], faults: [mute], connection: { heartbeat: '1h' } }, 'effect', 'duplicate-effect', 'deduplicated').filter((line) => / 1 /.test(line));
  };

  it('is what keeps a message that came twice from taking effect twice', () => {
    expect(repeated(undefined)).toEqual(['17 effect 1 workers.0', '44 duplicate-effect 1 workers.0']);
    expect(repeated({})).toEqual(['17 effect 1 workers.0', '39 deduplicated 1 workers.0']);
  });

  it('remembers for its window', () => {
    // Asked at 39 ms for what was entered at 17.
    expect(repeated({ window: '22ms' })).toContain('39 deduplicated 1 workers.0');
    expect(repeated({ window: '21ms' })).toContain('44 duplicate-effect 1 workers.0');
  });

  it('remembers as many as it has entries for', () => {
    // Two came after it.
    expect(repeated({ entries: 3 })).toContain('39 deduplicated 1 workers.0');
    expect(repeated({ entries: 2 })).toContain('44 duplicate-effect 1 workers.0');
  });

  it('of one entry knows the last', () => {
    const lines = told({ jobs: { deliveryLimit: 2 }, producer: { messages: 1 }, connection: soon, consumer: { idempotency: { entries: 1 }, crashes: [{ point: 'after-effect', messages: { nth: 1 }, restart: '1ms' }] } }, 'effect', 'duplicate-effect', 'deduplicated');
    expect(lines).toEqual(['17 effect 1 workers.0', expect.stringContaining('deduplicated 1 #2')]);
  });

  it('belongs to its group', () => {
    const consumers = { one: { subscribe: 'mq/jobs', service: '5ms', idempotency: {} }, two: { subscribe: 'mq/jobs', service: '5ms', idempotency: {} } };
    const producer = { messages: 1, confirm: { timeout: '20ms' }, retry: { fixed: { delay: '5ms' }, attempts: 2 } } as const;
    const mute: Fault = { kind: 'partition', between: ['mq', 'producers.web'], direction: 'one', at: '5ms', for: '45ms' };
    expect(told({ consumers, producer, faults: [mute], connection: { heartbeat: '1h' } }, 'effect', 'duplicate-effect')).toEqual(['17 effect 1 one.0', '42 duplicate-effect 1 two.0']);
  });

  it('that two workers ask at once holds back the later one, if its record is one step with the effect', () => {
    const parts = (atomic: boolean): Parts => ({ jobs: { lease: '5ms', deliveryLimit: 2 }, producer: { messages: 1 }, consumer: { count: 2, service: '20ms', idempotency: { atomic } } });
    const events = ['effect', 'duplicate-effect', 'deduplicated'] as const;
    expect(told(parts(true), ...events)).toEqual(['32 effect 1 workers.0', '37 deduplicated 1 #2 workers.1']);
    expect(told(parts(false), ...events)).toEqual(['32 effect 1 workers.0', '37 duplicate-effect 1 #2 workers.1']);
  });
});

describe('a crash point', () => {
  /** Message 1 kills its worker at every delivery, of which there are two. */
  const dying = (point: 'before-work' | 'during-work' | 'after-effect', idempotency?: object, ties: 'scheduled' | 'shuffled' = 'scheduled') =>
    told({
      ties, jobs: { deliveryLimit: 2 }, producer: { messages: 2 }, connection: soon,
      consumer: { crashes: [{ point, messages: { nth: 1 }, restart: '20ms' }, { point: 'before-work', messages: { nth: 99 }, restart: '1h' }], idempotency } as Parts['consumer'],
    }, 'work-started', 'worker-crashed', 'effect', 'duplicate-effect', 'deduplicated', 'acknowledged', 'dropped').filter((line) => / 1( |$)/.test(line));

  it('before the work: no effect', () => {
    expect(dying('before-work')).toEqual([
      '12 work-started 1 workers.0', '12 worker-crashed 1 workers.0 (crash(handler))', '36 work-started 1 #2 workers.0', '36 worker-crashed 1 #2 workers.0 (crash(handler))', '37 dropped 1 (delivery-limit)',
    ]);
  });

  it('during the work: no effect, at a moment drawn from the seed', () => {
    const lines = dying('during-work');
    expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'work-started 1 workers.0', 'worker-crashed 1 workers.0 (crash(handler))', 'work-started 1 #2 workers.0', 'worker-crashed 1 #2 workers.0 (crash(handler))', 'dropped 1 (delivery-limit)',
    ]);
    expect(Number.parseFloat(lines[1]!)).toBeGreaterThan(12);
    expect(Number.parseFloat(lines[1]!)).toBeLessThan(17);
  });

  it('after the effect: the effect is there, and its settlement is not', () => {
    expect(dying('after-effect').slice(0, 4)).toEqual(['12 work-started 1 workers.0', '17 effect 1 workers.0', '17 worker-crashed 1 workers.0 (crash(handler))', '41 work-started 1 #2 workers.0']);
    expect(dying('after-effect')).toContain('46 duplicate-effect 1 #2 workers.0');
  });

  it('after the effect, with a store: the record is there only if it is one step with the effect', () => {
    expect(dying('after-effect', { atomic: true }).slice(-2)).toEqual(['41 deduplicated 1 #2 workers.0', '42 acknowledged 1']);
    expect(dying('after-effect', { atomic: false })).toContain('46 duplicate-effect 1 #2 workers.0');
  });

  it('is where it says it is, in whichever order events of one instant go', () => {
    const what = (lines: string[]) => lines.map((line) => line.split(' ')[1]);
    for (const point of ['before-work', 'after-effect'] as const) expect(what(dying(point, undefined, 'shuffled'))).toEqual(what(dying(point)));
  });

  it('takes all that the worker has in hand', () => {
    const consumer = { prefetch: 4, concurrency: 2, service: '50ms', crashes: [{ point: 'during-work' as const, messages: { nth: 2 }, restart: '1h' }] };
    const lines = told({ producer: { messages: 4, arrivals: { constant: { rate: '1000/s' } } }, consumer, jobs: { deliveryLimit: 1 } }, 'worker-crashed', 'delivery-lost');
    expect(lines.map((line) => line.split(' ').slice(1, 3).join(' ')).sort()).toEqual(['delivery-lost 3', 'delivery-lost 4', 'worker-crashed 1', 'worker-crashed 2']);
  });

  it('comes as often as its chance says', () => {
    const consumer = { count: 20, service: '1ms', crashes: [{ point: 'before-work' as const, probability: 0.1, restart: '0' }] };
    const lines = told({ producer: { messages: 4000, arrivals: { constant: { rate: '1000/s' } } }, connection: soon, consumer }, 'work-started', 'worker-crashed');
    const crashed = lines.filter((line) => line.includes('crashed')).length;
    expect(Math.abs(countError(crashed, 0.1, lines.length - crashed))).toBeLessThan(zMax);
  });
});

describe('a failing handler', () => {
  it('fails as often as its chance says, and has the message again', () => {
    const lines = told({ producer: { messages: 4000, arrivals: { constant: { rate: '1000/s' } } }, consumer: { count: 20, service: '1ms', failure: { probability: 0.2 } } }, 'work-started', 'work-failed', 'acknowledged', 'effect');
    const count = (word: string) => lines.filter((line) => line.includes(word)).length;
    expect(Math.abs(countError(count('work-failed'), 0.2, count('work-started')))).toBeLessThan(zMax);
    expect([count('effect'), count('acknowledged')]).toEqual([4000, 4000]);
  });
});

describe('recorded service times', () => {
  it('go with the messages, whoever handles them, and begin anew when they are used up', () => {
    const lines: HistoryLine[] = [];
    const scenario = createScenario(smallSystem({ producer: { messages: 5 }, consumer: { count: 2 } }));
    const recorded = { kind: 'recorded', file: '', columns: {}, values: [1e6, 20e6, 3e6] } as unknown as Scenario['consumers'][string]['service'];
    driveToQuiet({ ...scenario, consumers: { workers: { ...scenario.consumers.workers!, service: recorded } } }, { history: lines });
    const at = (what: string) => new Map(lines.filter((line) => line.what === what).map((line) => [line.message, line.at * 1000]));
    const [started, done] = [at('work-started'), at('effect')];
    expect([...started].map(([message, time]) => Math.round(done.get(message)! - time))).toEqual([1, 20, 3, 1, 20]);
  });
});

describe('publishing onward', () => {
  const pipeline = (publish: object, more: Parts = {}): Parts => ({
    broker: { storage: { durable: false } }, queues: { next: {} }, producer: { messages: 2, key: { fixed: 7 }, priority: 3 },
    consumers: { workers: { subscribe: 'mq/jobs', service: '5ms', publish: [{ to: 'mq/next', ...publish }] }, last: { subscribe: 'mq/next', service: '1ms' } }, ...more,
  });
  const events = ['sent', 'effect', 'acknowledged', 'requeued', 'work-failed', 'duplicate-effect'] as const;

  it('without a confirm settles at once', () => {
    expect(told(pipeline({}, { producer: { messages: 1 } }), ...events)).toEqual(['10 sent 1', '17 effect 1 workers.0', '17 sent workers.0-1', '18 acknowledged 1', '20 effect workers.0-1 last.0 in next', '21 acknowledged workers.0-1 in next']);
  });

  it('with a confirm settles when it has come, and takes no other message meanwhile', () => {
    // Arrived at 18, synced at 28, confirmed at 29, settled at 30. The second, arrived at 37, finds a sync that runs till 38.
    const parts = pipeline({ confirm: { timeout: '1s' } }, { broker: { storage: { sync: '10ms' } }, jobs: { durable: false } });
    expect(told(parts, 'sent', 'effect', 'acknowledged').filter((line) => !line.includes('next'))).toEqual([
      '10 sent 1', '17 effect 1 workers.0', '17 sent workers.0-1', '20 sent 2', '30 acknowledged 1', '36 effect 2 workers.0', '36 sent workers.0-2', '50 acknowledged 2',
    ]);
  });

  it('that is not confirmed has the message handled again', () => {
    // Nobody reads the next queue, which is full with the first.
    const workers = { subscribe: 'mq/jobs', service: '5ms', publish: [{ to: 'mq/next', confirm: { timeout: '20ms' }, retry: 'none' as const }] };
    expect(told({ producer: { messages: 2 }, queues: { next: { maxLength: 1, overflow: 'reject' } }, jobs: { deliveryLimit: 2 }, consumers: { workers } }, 'acknowledged', 'requeued', 'dropped', 'refusal-received')).toEqual([
      '20 acknowledged 1', '29 refusal-received workers.0-2 (full)', '30 requeued 2 (requeued)', '38 refusal-received workers.0-3 (full)', '39 dropped 2 (delivery-limit)',
    ]);
  });

  it('that finds no room in its buffer is refused at once: a handler cannot stand still', () => {
    // The other broker cannot be reached: the first message of each worker waits in the buffer, the second finds it full.
    const publish = { to: 'other/next', confirm: { timeout: '1s' }, buffer: { capacity: 1, overflow: 'block' as const } };
    const parts: Parts = {
      brokers: { mq: { kind: 'work-queue', storage: { durable: false }, queues: { jobs: { deliveryLimit: 1 } } }, other: { kind: 'work-queue', queues: { next: {} } } },
      consumers: { workers: { subscribe: 'mq/jobs', service: '5ms', prefetch: 2, concurrency: 2, publish: [publish] } }, producer: { messages: 2 }, faults: [{ kind: 'crash', target: 'other', at: '0s', for: '1s' }],
    };
    expect(told(parts, 'effect', 'abandoned', 'dropped')).toEqual(['17 effect 1 workers.0', '27 effect 2 workers.0', '27 abandoned workers.0-2 (producer-buffer-full)', '28 dropped 2 (delivery-limit)']);
  });

  it('hands on key and priority, unless told not to', () => {
    const drawn = (publish: object) => {
      const seen: string[] = [];
      driveToQuiet(createScenario(smallSystem(pipeline(publish))), {
        built: ({ world }) => {
          world.ledger.history = (what, message) => what === 'published' && world.nameOf(message).startsWith('workers') && seen.push(`${world.messages.key[message]} ${world.messages.priority[message]} ${world.messages.size[message]}`);
        },
      });
      return seen;
    };
    expect(drawn({ size: '3kB' })).toEqual(['7 3 3000', '7 3 3000']);
    expect(drawn({ key: 'none' })).toEqual(['-1 3 1000', '-1 3 1000']);
  });

  it('happens as often as its chance says', () => {
    const parts = pipeline({ probability: 0.3 }, { producer: { messages: 2000, arrivals: { constant: { rate: '200/s' } } } });
    const onward = told({ ...parts, phases: { measure: '100s' } }, 'sent').filter((line) => line.includes('workers')).length;
    expect(Math.abs(countError(onward, 0.3, 2000))).toBeLessThan(zMax);
  });

  it('to another broker goes over a connection of its own, and waits while that broker is down', () => {
    const parts: Parts = {
      brokers: { mq: { kind: 'work-queue', storage: { durable: false }, queues: { jobs: {} } }, other: { kind: 'work-queue', storage: { durable: false }, recovery: '1ms', queues: { next: {} } } }, producer: { messages: 1 }, connection: soon,
      consumers: { workers: { subscribe: 'mq/jobs', service: '5ms', publish: [{ to: 'other/next', confirm: { timeout: '1s' } }] }, last: { subscribe: 'other/next', service: '1ms' } },
      faults: [{ kind: 'crash', target: 'other', at: '5ms', for: '50ms' }],
    };
    const lines = told(parts, 'sent', 'effect', 'acknowledged');
    expect(lines.slice(0, 2)).toEqual(['10 sent 1', '17 effect 1 workers.0']);
    expect(lines.filter((line) => line.endsWith('acknowledged 1')).map(Number.parseFloat)[0]).toBeGreaterThan(56);
  });

  it('of a worker that dies is forgotten with it, and the message handled again', () => {
    const parts = pipeline({ confirm: { timeout: '1s' } }, { broker: { storage: { sync: '50ms' } }, jobs: { durable: false }, producer: { messages: 1 }, connection: soon, faults: [{ kind: 'crash', target: 'consumers.workers', at: '30ms', for: '10ms' }] });
    expect(told(parts, 'effect', 'outcome-unknown', 'requeued', 'duplicate-effect', 'acknowledged').filter((line) => !line.includes('next'))).toEqual([
      '17 effect 1 workers.0', '30 outcome-unknown workers.0-1 (crash(F1))', '31 requeued 1 (crash(F1))', '49 duplicate-effect 1 #2 workers.0', expect.stringMatching(/acknowledged 1$/),
    ]);
  });
});

describe('a life cycle', () => {
  const share = (lifecycle: object, isIn: (world: ReturnType<typeof driveToQuiet>['system']['world'], node: never) => boolean, target = 'consumers.workers.0'): number => {
    let since: number | undefined;
    let total = 0;
    const parts: Parts = { phases: { measure: '2000s' }, producer: { messages: 1 }, ...(target === 'mq.0' ? { broker: { lifecycle } as Parts['broker'] } : { consumer: { lifecycle } as Parts['consumer'] }) };
    driveToQuiet(createScenario(smallSystem(parts)), {
      afterEvent: ({ world }) => {
        const now = isIn(world, world.nodes.resolve(target)[0] as never);
        if (now && since === undefined) since = world.sim.now;
        if (!now && since !== undefined) {
          total += world.sim.now - since;
          since = undefined;
        }
      },
    });
    expect(since).toBeUndefined();
    return total / 2000e9;
  };
  // A quarter of the time; about 1500 rounds, whose standard error is under 0.01.
  const rates = { well: { ill: '1/s' }, ill: { well: '3/s' } };

  it('is in each state for its share of the time, and goes home at the heal', () => {
    expect(Math.abs(share({ states: { well: {}, ill: { down: true } }, rates }, (world, node) => !world.nodes.isUp(node)) - 0.25)).toBeLessThan(0.05);
    expect(Math.abs(share({ states: { well: {}, ill: { serviceFactor: 3 } }, rates }, (world, node) => world.nodes.slowness(node) === 3) - 0.25)).toBeLessThan(0.05);
    expect(Math.abs(share({ states: { well: {}, ill: { paused: true } }, rates }, (world, node) => world.nodes.pausedUntil(node) > world.sim.now) - 0.25)).toBeLessThan(0.05);
    expect(Math.abs(share({ states: { well: {}, ill: { refusesConnections: true } }, rates }, (world, node) => !world.nodes.acceptsConnections(node), 'mq.0') - 0.25)).toBeLessThan(0.05);
  });

  it('starts where it is told to', () => {
    const consumer = { lifecycle: { states: { well: {}, ill: { serviceFactor: 3 } }, rates: { ill: { well: '0.001/s' } }, start: 'ill' } };
    expect(told({ seed: 2, consumer, producer: { messages: 1 } }, 'work-started', 'effect')).toEqual(['12 work-started 1 workers.0', '27 effect 1 workers.0']);
  });

  it('of each individual is its own', () => {
    const up = new Set<string>();
    const consumer = { count: 3, lifecycle: { states: { well: {}, ill: { down: true } }, rates } };
    driveToQuiet(createScenario(smallSystem({ consumer })), { afterEvent: ({ world }) => up.add(world.nodes.resolve('consumers.workers').map((node) => Number(world.nodes.isUp(node))).join('')) });
    expect(up.size).toBe(8);
  });
});
