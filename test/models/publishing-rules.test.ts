import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

/** The broker hears nothing: what is sent waits in a cut link that no heartbeat notices. */
const deaf: Fault = { kind: 'partition', between: ['producers.web', 'mq'], at: '5ms' };
/** The broker's answers do not come through. */
const mute: Fault = { kind: 'partition', between: ['mq', 'producers.web'], direction: 'one', at: '5ms' };
const patient = { heartbeat: '1h' } as const;
const one = { messages: 1, confirm: { timeout: '20ms' } } as const;

const sent = (producer: Parts['producer'], faults: Fault[] = [deaf], more: Parts = {}) => told({ producer: { ...one, ...producer }, consumer: 'none', connection: patient, faults, ...more }, 'sent').map(Number.parseFloat);
const gaps = (times: number[]) => times.slice(1).map((time, index) => Number((time - times[index]!).toFixed(6)));

describe('a producer without confirms', () => {
  it('sends once and never knows', () => {
    const { system } = driveToQuiet(createScenario(smallSystem({})));
    const { published, confirmed, refused, handled } = system.world.ledger.totals;
    expect([published, confirmed, refused, handled]).toEqual([3, 0, 0, 3]);
    expect(told({}, 'sent', 'outcome-unknown', 'confirm-received')).toEqual(['10 sent 1', '20 sent 2', '30 sent 3']);
  });
});

describe('a publish', () => {
  it('without an answer in time has an unknown outcome', () => {
    expect(told({ producer: { ...one, retry: 'none' }, consumer: 'none', connection: patient, faults: [deaf] }, 'sent', 'outcome-unknown')).toEqual(['10 sent 1', '30 outcome-unknown 1 (timeout)']);
  });

  it('whose connection is lost has an unknown outcome at once', () => {
    const crash: Fault = { kind: 'crash', target: 'mq', at: '15ms', for: '1s' };
    expect(told({ broker: { storage: { sync: '10ms' } }, producer: { ...one, confirm: { timeout: '1s' }, retry: 'none' }, consumer: 'none', faults: [crash] }, 'sent', 'outcome-unknown')).toEqual([
      '10 sent 1', '16 outcome-unknown 1 (crash(F1))',
    ]);
  });

  it('that is stored when its producer has gone is confirmed to nobody', () => {
    const crash: Fault = { kind: 'crash', target: 'producers.web', at: '15ms', for: '1h' };
    const parts: Parts = { broker: { storage: { sync: '20ms' } }, producer: { ...one, retry: 'none' }, consumer: 'none', faults: [crash] };
    expect(told(parts, 'stored', 'confirmed', 'confirm-lost', 'confirm-received')).toEqual(['11 stored 1', '31 confirmed 1', '31 confirm-lost 1 (connection-lost)']);
    // Who does not ask for a confirm loses none.
    expect(told({ ...parts, producer: { messages: 1 } }, 'confirm-lost')).toEqual([]);
  });

  it('confirmed after its deadline counts as confirmed, and is not repeated', () => {
    const parts: Parts = { broker: { storage: { sync: '50ms' } }, producer: { ...one, retry: { fixed: { delay: '100ms' } } }, consumer: 'none' };
    expect(told(parts, 'sent', 'outcome-unknown', 'confirm-received')).toEqual(['10 sent 1', '30 outcome-unknown 1 (timeout)', '62 confirm-received 1']);
    const { system } = driveToQuiet(createScenario(smallSystem(parts)));
    expect(system.world.ledger.totals).toMatchObject({ published: 1, confirmed: 1, unknown: 0, sent: 1 });
  });

  it('whose confirm is lost is repeated: the message is there twice', () => {
    const parts: Parts = { producer: { ...one, retry: { fixed: { delay: '5ms' }, attempts: 2 } }, connection: patient, faults: [{ ...mute, for: '45ms' } as Fault], consumer: {} };
    expect(told(parts, 'sent', 'stored', 'effect', 'duplicate-effect')).toEqual(['10 sent 1', '11 stored 1', '17 effect 1 workers.0', '35 sent 1 #2', '36 stored 1 #2', '42 duplicate-effect 1 workers.0']);
  });

  it('that is refused is repeated, and its last word is refused', () => {
    const parts: Parts = { jobs: { maxLength: 1, overflow: 'reject' }, producer: { ...one, messages: 2, retry: { fixed: { delay: '5ms' }, attempts: 3 } }, consumer: 'none' };
    expect(told(parts, 'sent', 'refusal-received')).toEqual([
      '10 sent 1', '20 sent 2', '22 refusal-received 2 (full)', '27 sent 2 #2', '29 refusal-received 2 #2 (full)', '34 sent 2 #3', '36 refusal-received 2 #3 (full)',
    ]);
    const { system } = driveToQuiet(createScenario(smallSystem(parts)));
    expect(system.world.ledger.totals).toMatchObject({ published: 2, confirmed: 1, refused: 1, unknown: 0 });
  });

  it('that is refused once and unanswered once has an unknown outcome', () => {
    const parts: Parts = {
      jobs: { maxLength: 1, overflow: 'reject' }, producer: { ...one, messages: 2, retry: { fixed: { delay: '5ms' }, attempts: 2 } }, consumer: 'none', connection: patient, faults: [{ ...deaf, at: '25ms' } as Fault],
    };
    expect(told(parts, 'refusal-received', 'outcome-unknown')).toEqual(['22 refusal-received 2 (full)', '47 outcome-unknown 2 #2 (timeout)', expect.stringContaining('refusal-received 2 #2')]);
    const { system } = driveToQuiet(createScenario(smallSystem(parts)));
    expect(system.world.ledger.totals).toMatchObject({ published: 2, confirmed: 1, refused: 0, unknown: 1 });
  });
});

describe('a retry policy', () => {
  it('fixed: waits as long each time', () => {
    expect(gaps(sent({ retry: { fixed: { delay: '30ms' }, attempts: 4 } }))).toEqual([50, 50, 50]);
  });

  it('random: waits anything between two times', () => {
    const waits = gaps(sent({ retry: { random: { min: '10ms', max: '50ms' }, attempts: 200 } })).map((gap) => gap - 20);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...waits)).toBeLessThanOrEqual(50);
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    expect(Math.abs(mean - 30)).toBeLessThan(5 * (40 / Math.sqrt(12) / Math.sqrt(waits.length)));
  });

  it('exponential: waits longer each time, up to a most', () => {
    expect(gaps(sent({ retry: { exponential: { initial: '10ms', factor: 3, max: '200ms' }, attempts: 6 } }))).toEqual([30, 50, 110, 220, 220]);
  });

  const jittered = (jitter: 'full' | 'equal' | 'decorrelated') =>
    gaps(sent({ messages: 1, retry: { exponential: { initial: '100ms', factor: 2, max: '1600ms', jitter }, attempts: 150 } }, [deaf], { phases: { measure: '1000s' } })).map((gap) => gap - 20);

  it('exponential with full jitter: anything up to the wait', () => {
    const waits = jittered('full');
    [100, 200, 400, 800].forEach((most, index) => expect(waits[index]!).toBeLessThanOrEqual(most));
    const later = waits.slice(4);
    expect(Math.max(...later)).toBeLessThanOrEqual(1600);
    expect(Math.min(...later)).toBeLessThan(160);
    // Uniform up to 1600: five standard errors of the mean are 190.
    expect(Math.abs(later.reduce((sum, wait) => sum + wait, 0) / later.length - 800)).toBeLessThan(190);
  });

  it('exponential with equal jitter: at least half of the wait', () => {
    const waits = jittered('equal');
    [100, 200, 400, 800, 1600, 1600].forEach((most, index) => {
      expect(waits[index]!).toBeLessThanOrEqual(most);
      expect(waits[index]!).toBeGreaterThanOrEqual(most / 2);
    });
  });

  it('exponential with decorrelated jitter: between the first wait and three times the last', () => {
    const waits = jittered('decorrelated');
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(100);
      expect(wait).toBeLessThanOrEqual(Math.min(1600, Math.max(100, 3 * (waits[index - 1] ?? 0))) + 1e-6);
    });
    expect(Math.max(...waits)).toBeGreaterThan(800);
  });

  it('makes as many attempts as it may, and starts none after its deadline', () => {
    expect(sent({ retry: { fixed: { delay: '30ms' }, attempts: 1 } })).toHaveLength(1);
    expect(sent({ retry: 'none' })).toHaveLength(1);
    // Attempts at 10, 60, 110 …: the one at 110 starts a tenth of a second after the message was made, and may.
    expect(sent({ retry: { fixed: { delay: '30ms' }, deadline: '100ms' } })).toEqual([10, 60, 110]);
    expect(sent({ retry: { fixed: { delay: '30ms' }, deadline: '99ms' } })).toEqual([10, 60]);
  });

  it('spends from a budget that fresh messages fill', () => {
    // Two tokens to begin with, full; each retry takes one, each message gives a quarter of one, up to two.
    const parts: Parts = {
      producer: { ...one, messages: 10, retry: { fixed: { delay: '5ms' }, budget: { tokensPerMessage: 0.25, capacity: 2 } } }, consumer: 'none', connection: patient, faults: [deaf],
    };
    const retries = told(parts, 'sent').filter((line) => line.includes('#'));
    // 10 → 30 → 35: two retries by 45 ms, when messages 2 to 4 have given three quarters; at 65 the fifth and sixth have made it more than one.
    expect(retries).toHaveLength(4);
    expect(driveToQuiet(createScenario(smallSystem(parts))).system.world.sim.trace.reachedPaths['publisher.retryBudgetEmpty']).toBe(10);
  });

  it('starts nothing after its deadline either that waited in the buffer', () => {
    // The reset comes at 16; connected again at 1018, long after the deadline.
    const crash: Fault = { kind: 'crash', target: 'mq', at: '15ms', for: '10ms' };
    const parts: Parts = { broker: { storage: { sync: '50ms' }, recovery: '1ms' }, producer: { ...one, confirm: { timeout: '1s' }, retry: { fixed: { delay: '3ms' }, deadline: '500ms' } }, consumer: 'none', faults: [crash] };
    expect(told(parts, 'sent', 'outcome-unknown')).toEqual(['10 sent 1', '16 outcome-unknown 1 (crash(F1))']);
  });

  it('repeats nothing that was confirmed while it waited in the buffer', () => {
    const parts: Parts = { broker: { storage: { sync: '25ms' } }, producer: { ...one, messages: 2, maxUnconfirmed: 1, retry: { fixed: { delay: '1ms' } } }, consumer: 'none' };
    // The first is given up at 30 and waits behind the second; its confirm comes at 37.
    expect(told(parts, 'sent', 'confirm-received').slice(0, 3)).toEqual(['10 sent 1', '31 sent 2', '37 confirm-received 1']);
    expect(told(parts, 'sent').filter((line) => / 1( |$)/.test(line))).toEqual(['10 sent 1']);
  });

  it('goes on in a new connection', () => {
    const crash: Fault = { kind: 'crash', target: 'mq', at: '15ms', for: '10ms' };
    const parts: Parts = { broker: { storage: { sync: '50ms' }, recovery: '1ms' }, connection: { reconnect: { fixed: { delay: '20ms' } } }, producer: { ...one, confirm: { timeout: '1s' }, retry: { fixed: { delay: '3ms' } } }, consumer: 'none', faults: [crash] };
    // The reset comes at 16, the retry is due at 19 and waits in the buffer; connected at 38.
    expect(told(parts, 'sent', 'outcome-unknown')).toEqual(['10 sent 1', '16 outcome-unknown 1 (crash(F1))', '38 sent 1 #2']);
  });
});

describe('a buffer', () => {
  /** Connected at 42 ms: messages come at 10, 20, 30 and 40. */
  const late: Fault = { kind: 'partition', between: ['producers.web', 'mq'], at: '0s', for: '35ms' };
  const connecting = { connectTimeout: '20ms', reconnect: { fixed: { delay: '20ms' } } } as const;
  const buffered = (capacity: number, overflow: 'block' | 'drop-newest' | 'drop-oldest') =>
    told({ connection: connecting, producer: { messages: 6, buffer: { capacity, overflow } }, consumer: 'none', faults: [late] }, 'published', 'sent', 'abandoned');

  it('keeps what cannot be sent now', () => {
    expect(buffered(10, 'block')).toEqual([
      '10 published 1', '20 published 2', '30 published 3', '40 published 4', '42 sent 1', '42 sent 2', '42 sent 3', '42 sent 4', '50 published 5', '50 sent 5', '60 published 6', '60 sent 6',
    ]);
  });

  it('that is full turns the newest away', () => {
    expect(buffered(2, 'drop-newest')).toEqual([
      '10 published 1', '20 published 2', '30 published 3', '30 abandoned 3 (producer-buffer-full)', '40 published 4', '40 abandoned 4 (producer-buffer-full)',
      '42 sent 1', '42 sent 2', '50 published 5', '50 sent 5', '60 published 6', '60 sent 6',
    ]);
  });

  it('that is full lets the oldest go', () => {
    expect(buffered(2, 'drop-oldest')).toEqual([
      '10 published 1', '20 published 2', '30 published 3', '30 abandoned 1 (producer-buffer-full)', '40 published 4', '40 abandoned 2 (producer-buffer-full)',
      '42 sent 3', '42 sent 4', '50 published 5', '50 sent 5', '60 published 6', '60 sent 6',
    ]);
  });

  it('that is full makes the source stand still, and nothing is lost', () => {
    // The third stands before the full buffer from 30 to 42; the fourth comes its ten milliseconds after that.
    expect(buffered(2, 'block')).toEqual([
      '10 published 1', '20 published 2', '30 published 3', '42 sent 1', '42 sent 2', '42 sent 3',
      '52 published 4', '52 sent 4', '62 published 5', '62 sent 5', '72 published 6', '72 sent 6',
    ]);
  });

  it('fills when too many are unconfirmed', () => {
    const parts: Parts = { broker: { storage: { sync: '25ms' } }, producer: { messages: 4, confirm: { timeout: '1s' }, retry: 'none', maxUnconfirmed: 1 }, consumer: 'none' };
    expect(told(parts, 'sent', 'confirm-received')).toEqual([
      '10 sent 1', '37 confirm-received 1', '37 sent 2', '64 confirm-received 2', '64 sent 3', '91 confirm-received 3', '91 sent 4', '118 confirm-received 4',
    ]);
  });
});

describe('serialising', () => {
  it('takes the publisher a time for each message and byte, one after another', () => {
    const parts: Parts = { producer: { messages: 3, serialise: { perMessage: '5ms', perByte: '10us' } }, consumer: 'none' };
    expect(told(parts, 'published', 'sent')).toEqual(['10 published 1', '20 published 2', '25 sent 1', '30 published 3', '40 sent 2', '55 sent 3']);
  });

  it('that a crash interrupts loses the message', () => {
    const parts: Parts = { producer: { messages: 1, serialise: { perMessage: '5ms' } }, consumer: 'none', faults: [{ kind: 'crash', target: 'producers.web', at: '12ms', for: '1ms' }] };
    expect(told(parts, 'sent', 'abandoned')).toEqual(['12 abandoned 1 (crash(F1))']);
  });

  it('that outlasts the connection waits for the next one', () => {
    const crash: Fault = { kind: 'crash', target: 'mq', at: '12ms', for: '1ms' };
    const parts: Parts = { broker: { recovery: '1ms' }, connection: { reconnect: { fixed: { delay: '10ms' } } }, producer: { messages: 1, serialise: { perMessage: '5ms' } }, consumer: 'none', faults: [crash] };
    expect(told(parts, 'sent')).toEqual(['30 sent 1']);
  });
});

describe('backpressure', () => {
  it('holds publishers back at its limit, until enough has left', () => {
    // Four may be held; they are read again when two are left.
    const parts: Parts = { broker: { backpressure: { messages: 4, resume: 0.5 } }, producer: { messages: 8, arrivals: { constant: { rate: '1000/s' } } }, consumer: { service: '10ms' } };
    expect(told(parts, 'stored', 'acknowledged')).toEqual([
      '3 stored 1', '3 stored 2', '4 stored 3', '5 stored 4', '15 acknowledged 1', '27 acknowledged 2', '27 stored 5', '27 stored 6', '39 acknowledged 3', '51 acknowledged 4', '51 stored 7', '51 stored 8',
      '63 acknowledged 5', '75 acknowledged 6', '87 acknowledged 7', '99 acknowledged 8',
    ]);
  });

  it('counts what is being written', () => {
    // All four are there before the first is stored; only two are taken in.
    const parts: Parts = { broker: { storage: { write: '10ms' }, backpressure: { messages: 2 } }, producer: { messages: 4, arrivals: { constant: { rate: '1000/s' } } }, consumer: 'none' };
    expect(told(parts, 'stored')).toEqual(['13 stored 1', '23 stored 2']);
  });

  it('is measured in bytes, too', () => {
    const parts: Parts = { broker: { backpressure: { bytes: '2500B', resume: 0.5 } }, producer: { messages: 5, arrivals: { constant: { rate: '1000/s' } } }, consumer: 'none' };
    expect(told(parts, 'stored')).toEqual(['3 stored 1', '3 stored 2', '4 stored 3']);
  });

  it('ends whoever makes the room: a worker that comes, an expiry, a lease that ends', () => {
    const limited: Parts = { broker: { backpressure: { messages: 2, resume: 0.5 } }, producer: { messages: 4 } };
    const late: Fault = { kind: 'partition', between: ['consumers.workers', 'mq'], at: '0s', for: '100ms' };
    expect(told({ ...limited, consumer: { acknowledge: 'automatic' }, faults: [late] }, 'effect')).toHaveLength(4);
    expect(told({ ...limited, jobs: { ttl: '100ms' }, consumer: 'none' }, 'dropped')).toHaveLength(4);
    expect(told({ ...limited, jobs: { lease: '50ms', deliveryLimit: 1 }, consumer: { service: '1h', prefetch: 9 } }, 'dropped')).toHaveLength(4);
    expect(told({ ...limited, jobs: { maxLength: 1 }, consumer: 'none' }, 'stored')).toHaveLength(4);
  });

  it('forgets publishers that went', () => {
    const parts: Parts = { broker: { backpressure: { messages: 1, resume: 0.5 } }, producer: { messages: 2 }, consumer: { service: '100ms' }, faults: [{ kind: 'crash', target: 'producers.web', at: '50ms', for: '1h' }] };
    expect(told(parts, 'stored', 'publish-lost')).toEqual(['11 stored 1', '113 publish-lost 2 (connection-lost)']);
  });
});
