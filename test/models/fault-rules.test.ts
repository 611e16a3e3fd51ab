import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

function struck(faults: Fault[], parts: Parts = {}): string[] {
  const { system } = driveToQuiet(createScenario(smallSystem({ ...parts, faults })));
  return system.faults.struck.map(({ key, kind, begin, end, changed }) => `${key} ${kind} ${begin / 1e6}–${end! / 1e6} ×${changed}`);
}

describe('a fault', () => {
  const pause = { kind: 'pause', target: 'mq' } as const;

  it('strikes at its time and ends after its duration, or when all are healed', () => {
    expect(struck([{ ...pause, at: '100ms', for: '50ms' }, { ...pause, at: '200ms' }, { ...pause, at: '9s', for: '10s' }, { ...pause, at: '10001ms' }])).toEqual([
      'F1.1 pause 100–150 ×1', 'F2.1 pause 200–10000 ×1', 'F3.1 pause 9000–10000 ×1',
    ]);
  });

  it('that is not to be healed stays to the end of the run, unless it ends by itself', () => {
    expect(struck([{ ...pause, at: '9s', heal: false, for: '4s' }, { kind: 'crash', target: 'consumers.workers', at: '9s', heal: false, for: '5s' }], { producer: { messages: 1 } })).toEqual(['F1.1 pause 9000–13000 ×1', 'F2.1 crash 9000–14000 ×1']);
    const parts: Parts = { producer: { messages: 3, arrivals: { constant: { rate: '0.25/s' } } }, phases: { measure: '10s', drain: '20s' }, claims: ['drained'] };
    const ended = (heal: boolean) => runScenario(createScenario(smallSystem({ ...parts, faults: [{ kind: 'crash', target: 'consumers.workers', at: '9s', ...(heal ? {} : { heal: false }) }] })));
    expect(ended(false).faults[0]).toMatchObject({ end: null });
    expect(ended(true).faults[0]).toMatchObject({ end: 10 });
    expect(runScenario(createScenario(smallSystem({ ...parts, producer: { messages: 900 }, faults: [{ kind: 'crash', target: 'consumers.workers', at: '5s', heal: false }] }))).verdicts.find(({ claim }) => claim === 'drained')!.verdict).toBe('fail');
  });

  it('that comes by a rate strikes again and again, each time after the one before', () => {
    const strikes = struck([{ ...pause, rate: '5/s', for: '100ms' }]);
    expect(strikes.length).toBeGreaterThan(20);
    expect(strikes.length).toBeLessThan(50);
    const times = strikes.map((strike) => /pause (\S+)–(\S+) /.exec(strike)!.slice(1).map(Number) as [number, number]);
    times.slice(1).forEach(([begin], index) => expect(begin).toBeGreaterThan(times[index]![1]));
  });

  it('says in the result what it changed, and what it could not', () => {
    const faults: Fault[] = [
      { kind: 'crash', target: 'producers.web', at: '100ms', for: '10ms' }, { kind: 'crash', target: 'producers.web', at: '105ms', for: '10ms' },
      { kind: 'poison', target: 'producers.web', messages: { nth: 2 }, at: '0s', for: '1s' }, { kind: 'burst', target: 'producers.web', factor: 2, at: '1s', for: '1s' },
      { kind: 'crash', target: 'mq', on: { after: 'arrived', message: 99 } },
    ];
    const result = runScenario(createScenario(smallSystem({ producer: { count: 2 }, faults })));
    expect(result.faults.map(({ id, effect }) => `${id} ${effect}`)).toEqual(['F3 messages poisoned: 2', 'F1 processes killed: 2', 'F2 processes killed: 2', 'F4 producers sped up: 2']);
    expect(result.warnings).toEqual(['F5 never struck']);
  });
});

describe('a fault on an event', () => {
  const crash = (on: Fault['on']): Fault => ({ kind: 'crash', target: 'mq', on, for: '10ms' });
  const durable: Parts = { broker: { storage: { write: '2ms', sync: '5ms' }, recovery: '1ms' }, producer: { messages: 3, confirm: { timeout: '1s' }, retry: 'none' }, consumer: 'none' };
  const lines = (on: Fault['on'], parts: Parts = durable) => told({ ...parts, faults: [crash(on)] }, 'publish-lost', 'stored', 'confirmed', 'confirm-lost', 'confirm-received', 'dropped');
  const first = ['13 stored 1', '18 confirmed 1', '19 confirm-received 1'];

  it('just before the arrival: the publish is lost with the connection', () => {
    // The producer hears of it at 22 ms, waits a second and connects in 2 ms.
    expect(lines({ before: 'arrived', message: 2 })).toEqual([...first, '21 publish-lost 2 (crash(F1))', '1027 stored 3', '1032 confirmed 3', '1033 confirm-received 3']);
  });

  it('just before the append: nothing is stored', () => {
    expect(lines({ before: 'appended', message: 2 }).slice(0, 4)).toEqual([...first, '23 publish-lost 2 (crash(F1))']);
  });

  it('just after the append, before the confirm: stored, and its producer does not know', () => {
    expect(lines({ after: 'appended', message: 2 }).slice(0, 5)).toEqual([...first, '23 stored 2', '23 confirm-lost 2 (crash(F1))']);
    expect(lines({ before: 'confirmed', message: 2 }).slice(0, 5)).toEqual([...first, '23 stored 2', '28 confirm-lost 2 (crash(F1))']);
  });

  it('just after the confirm: on its way, and it arrives', () => {
    expect(lines({ after: 'confirmed', message: 2 }).slice(3, 6)).toEqual(['23 stored 2', '28 confirmed 2', '29 confirm-received 2']);
  });

  it('names a message as well as counting it, and waits if told to', () => {
    expect(lines({ before: 'appended', message: 'web.0-2' })).toEqual(lines({ before: 'appended', message: 2 }));
    expect(lines({ after: 'appended', message: 2, delay: '3ms' }).slice(3, 5)).toEqual(['23 stored 2', '26 confirm-lost 2 (crash(F1))']);
  });

  it('kills a worker before its effect, after it, or before it settles', () => {
    const worker = (on: Fault['on']): Parts => ({ producer: { messages: 1 }, faults: [{ kind: 'crash', target: 'consumers.workers', on, for: '10ms' }], connection: { reconnect: { fixed: { delay: '1ms' } } } });
    const events = ['effect', 'duplicate-effect', 'worker-crashed', 'acknowledged', 'delivery-lost'] as const;
    const again = (line: string) => [`17 worker-crashed 1 workers.0 (crash(F1))`, `36 ${line} 1 #2 workers.0`, '37 acknowledged 1'];
    expect(told(worker({ before: 'effect', message: 1 }), ...events)).toEqual(again('effect'));
    expect(told(worker({ after: 'effect', message: 1 }), ...events)).toEqual(['17 effect 1 workers.0', ...again('duplicate-effect')]);
    expect(told(worker({ before: 'settled', message: 1 }), ...events)).toEqual(['17 effect 1 workers.0', ...again('duplicate-effect')]);
    expect(told(worker({ before: 'delivered', message: 1 }), ...events).slice(0, 1)).toEqual(['12 delivery-lost 1 workers.0 (crash(F1))']);
    expect(told(worker({ after: 'settled', message: 1 }), ...events)).toEqual(['17 effect 1 workers.0', '18 acknowledged 1']);
  });

  it('makes a paused node wait with that very event', () => {
    const faults: Fault[] = [{ kind: 'pause', target: 'mq', on: { before: 'appended', message: 2 }, for: '100ms' }];
    expect(told({ ...durable, faults }, 'stored')).toEqual(['13 stored 1', '123 stored 2', '125 stored 3']);
  });

  it('is found by two faults alike, and once by each', () => {
    const on = { after: 'appended', message: 2 } as const;
    const faults: Fault[] = [{ kind: 'pause', target: 'mq', on: { before: 'appended', message: 2 }, for: '100ms' }, { kind: 'slow', target: 'mq.0.disk', factor: 2, on, for: '1s' }];
    const { system } = driveToQuiet(createScenario(smallSystem({ ...durable, faults })));
    expect(system.faults.struck.map(({ key, begin }) => `${key} ${begin / 1e6}`)).toEqual(['F1.1 23', 'F2.1 123']);
  });

  it('strikes once', () => {
    expect(struck([crash({ after: 'appended', message: 1 })], durable)).toEqual(['F1.1 crash 13–23 ×1']);
  });
});

describe('a crash', () => {
  it('takes what a producer had in memory: buffer, waits for a retry, open attempts', () => {
    const parts: Parts = {
      producer: { messages: 4, confirm: { timeout: '15ms' }, retry: { fixed: { delay: '100ms' } }, maxUnconfirmed: 2 }, consumer: 'none',
      broker: { storage: { sync: '1s' } }, faults: [{ kind: 'crash', target: 'producers.web', at: '45ms', for: '10ms' }],
    };
    // 1 and 2 wait for their retries, so 3 and 4 are in the buffer.
    expect(told(parts, 'sent', 'outcome-unknown', 'abandoned')).toEqual([
      '10 sent 1', '20 sent 2', '25 outcome-unknown 1 (timeout)', '35 outcome-unknown 2 (timeout)', '45 abandoned 3 (crash(F1))', '45 abandoned 4 (crash(F1))',
    ]);
  });

  it('of a node that is down already keeps it down until both are over', () => {
    const crash = (at: string, lasting: string): Fault => ({ kind: 'crash', target: 'producers.web', at, for: lasting });
    expect(told({ producer: { messages: 5 }, consumer: 'none', faults: [crash('15ms', '50ms'), crash('25ms', '100ms')] }, 'published').slice(0, 3)).toEqual(['10 published 1', '130 published 2', '140 published 3']);
  });
});

describe('slow', () => {
  it('stretches the handling that begins meanwhile', () => {
    const faults: Fault[] = [{ kind: 'slow', target: 'consumers.workers', factor: 4, at: '15ms', for: '10ms' }];
    expect(told({ faults, producer: { messages: 3 }, consumer: { service: '4ms' } }, 'work-started', 'effect')).toEqual([
      '12 work-started 1 workers.0', '16 effect 1 workers.0', '22 work-started 2 workers.0', '38 effect 2 workers.0', '40 work-started 3 workers.0', '44 effect 3 workers.0',
    ]);
  });

  it('multiplies where several overlap, and leaves nothing behind', () => {
    const slow = (factor: number, at: string, lasting: string): Fault => ({ kind: 'slow', target: 'consumers.workers', factor, at, for: lasting });
    const faults = [slow(3, '11ms', '15ms'), slow(7, '21ms', '10ms')];
    expect(told({ faults, producer: { messages: 4 }, consumer: { count: 4, service: '1ms' } }, 'work-started', 'effect')).toEqual([
      '12 work-started 1 workers.0', '15 effect 1 workers.0', '22 work-started 2 workers.1', '32 work-started 3 workers.2', '33 effect 3 workers.2', '42 work-started 4 workers.3', '43 effect 2 workers.1', '43 effect 4 workers.3',
    ]);
  });

  it('stretches what a broker does for each publish', () => {
    const faults: Fault[] = [{ kind: 'slow', target: 'mq', factor: 5, at: '15ms', for: '10ms' }];
    expect(told({ faults, broker: { processing: '2ms' }, consumer: 'none' }, 'stored')).toEqual(['13 stored 1', '31 stored 2', '33 stored 3']);
  });
});

describe('poison', () => {
  const poison = (more: object): Fault => ({ kind: 'poison', target: 'producers.web', at: '15ms', for: '40ms', ...more });
  const failing = (faults: Fault[]) => told({ jobs: { deliveryLimit: 1 }, producer: { messages: 8 }, faults }, 'work-failed').map((line) => line.split(' ')[2]);

  it('fails what is published meanwhile at every delivery, or what is selected of it', () => {
    expect(failing([poison({})])).toEqual(['2', '3', '4', '5']);
    expect(failing([poison({ messages: { every: 2 } })])).toEqual(['2', '4']);
    expect(failing([poison({ messages: { nth: 5 } })])).toEqual(['5']);
    expect(failing([poison({ messages: { nth: 6 } })])).toEqual([]);
    expect(told({ jobs: { deliveryLimit: 3 }, faults: [poison({ messages: { nth: 2 } })] }, 'work-failed')).toHaveLength(3);
  });

  it('of a key hits that key', () => {
    expect(told({ jobs: { deliveryLimit: 1 }, producer: { key: { fixed: 4 } }, faults: [poison({ messages: { key: 4 } })] }, 'work-failed')).toHaveLength(2);
    expect(told({ jobs: { deliveryLimit: 1 }, producer: { key: { fixed: 4 } }, faults: [poison({ messages: { key: 5 } })] }, 'work-failed')).toHaveLength(0);
  });

  it('by chance decides once for each message, by the seed, and leaves others alone', () => {
    const parts = (seed: number, more: Parts = {}): Parts => ({
      seed, jobs: { deliveryLimit: 3 }, producer: { messages: 300, arrivals: { constant: { rate: '1000/s' } } }, consumer: { count: 5, failure: { poison: { probability: 0.2 } } }, ...more,
    });
    const poisoned = (lines: string[]) => [...new Set(lines.map((line) => line.split(' ')[2]!))].sort();
    const first = told(parts(1), 'work-failed');
    expect(first).toHaveLength(poisoned(first).length * 3);
    // 60 of 300, and a standard deviation of 7.
    expect(poisoned(first).length).toBeGreaterThan(25);
    expect(poisoned(first).length).toBeLessThan(95);
    expect(poisoned(told(parts(2), 'work-failed'))).not.toEqual(poisoned(first));
    const other = { publish: 'mq/jobs', arrivals: { constant: { rate: '10/s' } }, messages: 3 };
    const web = { publish: 'mq/jobs', messages: 300, arrivals: { constant: { rate: '1000/s' } } };
    const beside = told(parts(1, { producers: { first: other, web } }), 'work-failed').filter((line) => !line.includes('first'));
    expect(poisoned(beside)).toEqual(poisoned(first));
  });
});

describe('what is over at once', () => {
  it.each<[Fault]>([
    [{ kind: 'reset', between: ['producers.web', 'mq'], rate: '2/s' }], [{ kind: 'half-open', between: ['producers.web', 'mq'], rate: '2/s' }],
    [{ kind: 'reconnect-storm', target: 'producers.web', rate: '2/s' }], [{ kind: 'forget', target: 'consumers.workers', rate: '2/s' }], [{ kind: 'purge', queue: 'mq/jobs', rate: '2/s' }],
  ])('strikes again and again by a rate: %j', (fault) => {
    const { system } = driveToQuiet(createScenario(smallSystem({ faults: [fault], consumer: { idempotency: {} } })));
    expect(system.faults.struck.length).toBeGreaterThan(10);
    for (const { begin, end } of system.faults.struck) expect(end).toBe(begin);
  });

  it('lasts for no time that could be told', () => {
    expect(() => createScenario(smallSystem({ faults: [{ kind: 'reset', between: ['producers.web', 'mq'], at: '1s', for: '1s' } as unknown as Fault] }))).toThrow('the key "for" is not known here');
  });
});
