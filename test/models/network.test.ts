import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fault, type Parts, told } from './small-system.ts';

const workersCut = (at: string, lasting: string, direction: 'both' | 'one' = 'both', between: [string, string] = ['consumers.workers', 'mq']): Fault => ({ kind: 'partition', between, direction, at, for: lasting });
const producersCut = (at: string, lasting: string, direction: 'both' | 'one' = 'both', between: [string, string] = ['producers.web', 'mq']): Fault => ({ kind: 'partition', between, direction, at, for: lasting });

/** Intervals of 100 ms: silence is noticed after 200. */
const connection = { heartbeat: '100ms', retransmit: '10ms', connectTimeout: '30ms', reconnect: { fixed: { delay: '5ms' } } } as const;

describe('a frame', () => {
  it('takes the latency of its way, and the time that its bytes need', () => {
    const network = { default: { latency: '1ms' }, links: [{ from: 'producers.web', to: 'mq', latency: '4ms' }, { between: ['mq', 'consumers.workers'] as [string, string], latency: '10ms' }] };
    // The worker needs 30 ms to connect and subscribe.
    expect(told({ network, producer: { messages: 1 } } as Parts, 'stored', 'work-started', 'acknowledged')).toEqual(['14 stored 1', '40 work-started 1 workers.0', '55 acknowledged 1']);
  });

  it('waits for those before it where the line is narrow', () => {
    const network = { default: { latency: '1ms', bandwidth: '106400B/s' } };
    // 1000 bytes and 64 around them take 10 ms; the packet that connects 0.6 ms.
    const parts = { network, producer: { messages: 3, arrivals: { constant: { rate: '500/s' } } }, consumer: 'none' } as Parts;
    const times = told(parts, 'stored').map(Number.parseFloat);
    expect(times[1]! - times[0]!).toBeCloseTo(10, 6);
    expect(times[2]! - times[1]!).toBeCloseTo(10, 6);
    // The same bytes go on to the worker.
    const { 0: delivered, 1: started } = told({ ...parts, producer: { messages: 1 }, consumer: {} }, 'delivered', 'work-started').map(Number.parseFloat);
    expect(started! - delivered!).toBeCloseTo(10 + 1, 6);
  });

  it('never overtakes another of its connection, in whichever order events of one instant go', () => {
    const inOrder = fc.record({
      seed: fc.nat(1_000_000),
      ties: fc.constantFrom('scheduled' as const, 'shuffled' as const),
      latency: fc.constantFrom({ constant: { value: '1ms' } }, { constant: { value: '0' } }, { lognormal: { mean: '2ms', scv: 4 } }),
      faults: fc.constantFrom<Fault[]>(
        [], [producersCut('12ms', '20ms')], [{ kind: 'pause', target: 'mq', at: '12ms', for: '20ms' }],
        [{ kind: 'latency', between: ['producers.web', 'mq'], add: { exponential: { mean: '5ms' } }, at: '11ms', for: '10ms' }],
      ),
      buffer: fc.constantFrom('30ms', '0s'),
      broker: fc.constantFrom<NonNullable<Parts['broker']>>({ processing: '1ms' }, { storage: { write: '1ms' } }, { backpressure: { messages: 4, resume: 0.2 } }),
    });
    fc.assert(
      fc.property(inOrder, ({ seed, ties, latency, faults, buffer, broker }) => {
        // What waited in the buffer for the connection is sent within one instant.
        const late = producersCut('0s', buffer === '0s' ? '1ns' : buffer);
        const parts = { seed, ties, network: { default: { latency }, connection }, producer: { messages: 20, arrivals: { constant: { rate: '1000/s' } } }, consumer: { prefetch: 4 }, broker, faults: [late, ...faults] } as Parts;
        expect(told(parts, 'stored').map((line) => Number(line.split(' ')[2]))).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('that is on the wire when a link is cut still arrives', () => {
    expect(told({ connection, producer: { messages: 1 }, consumer: 'none', faults: [producersCut('10500us', '20ms')] }, 'stored')).toEqual(['11 stored 1']);
  });

  it('that meets a cut is sent again when the link is whole, after the timer of the first that waited', () => {
    // Sent at 30 and 40 ms into a cut from 25 to 45: tried again at 40 (in vain) and 60; what is sent at 50 may not overtake.
    const parts: Parts = { connection, producer: { messages: 5 }, consumer: 'none', faults: [producersCut('25ms', '20ms')] };
    expect(told(parts, 'sent', 'stored')).toEqual([
      '10 sent 1', '11 stored 1', '20 sent 2', '21 stored 2', '30 sent 3', '40 sent 4', '50 sent 5', '61 stored 3', '61 stored 4', '61 stored 5',
    ]);
  });

  it('waits until the last cut of its link is mended', () => {
    const faults = [producersCut('25ms', '20ms'), producersCut('35ms', '45ms')];
    // The first waits since 30: tried at 40 and 60 in vain, then at 100.
    expect(told({ connection, producer: { messages: 5 }, consumer: 'none', faults }, 'stored').map((line) => line.replace('stored ', ''))).toEqual(['11 1', '21 2', '101 3', '101 4', '101 5']);
  });

  it('takes longer while a fault adds to it', () => {
    const faults: Fault[] = [{ kind: 'latency', between: ['producers.web', 'mq'], direction: 'one', add: '15ms', at: '15ms', for: '10ms' }];
    expect(told({ producer: { ...({ confirm: {}, retry: 'none' } as const), messages: 3 }, consumer: 'none', faults }, 'stored', 'confirm-received')).toEqual([
      '11 stored 1', '12 confirm-received 1', '36 stored 2', '36 stored 3', '37 confirm-received 2', '37 confirm-received 3',
    ]);
  });
});

describe('a connection', () => {
  const busy: Parts = { connection, producer: { messages: 1 }, consumer: { service: '1s' } };
  const lives = ['delivered', 'requeued', 'effect', 'duplicate-effect', 'acknowledged', 'settlement-lost'] as const;

  it('that is cut is given up by both sides after two intervals of silence', () => {
    expect(told({ ...busy, faults: [workersCut('50ms', '500ms')] }, 'requeued')).toEqual(['250 requeued 1 (connection-lost(F1))']);
    expect(told({ connection, producer: { messages: 1, confirm: { timeout: '10s' }, retry: 'none' }, consumer: 'none', faults: [producersCut('11500us', '500ms')] }, 'outcome-unknown', 'confirm-lost')).toEqual([]);
    expect(told({ connection, producer: { messages: 1, confirm: { timeout: '10s' }, retry: 'none' }, consumer: 'none', faults: [producersCut('10500us', '500ms')] }, 'outcome-unknown', 'confirm-lost')).toEqual([
      '210.5 outcome-unknown 1 (connection-lost(F1))', '210.5 confirm-lost 1 (connection-lost(F1))',
    ].sort());
  });

  it('that is cut for less is none the worse', () => {
    expect(told({ ...busy, faults: [workersCut('50ms', '199ms')] }, ...lives)).toEqual(['11 delivered 1 workers.0', '1012 effect 1 workers.0', '1013 acknowledged 1']);
  });

  it('that is cut twice for less is none the worse: each silence counts for itself', () => {
    expect(told({ ...busy, faults: [workersCut('50ms', '100ms'), workersCut('200ms', '150ms')] }, ...lives)).toEqual(['11 delivered 1 workers.0', '1012 effect 1 workers.0', '1013 acknowledged 1']);
  });

  it('whose other side died behind a cut is reset when the link is whole', () => {
    const workerDies: Fault = { kind: 'crash', target: 'consumers.workers', at: '60ms', for: '1h' };
    expect(told({ ...busy, faults: [workersCut('50ms', '100ms'), workerDies] }, 'requeued')).toEqual(['151 requeued 1 (crash(F2))']);
  });

  it('is opened anew when a client finds its way again; work under way goes on, and cannot be settled any more', () => {
    const lines = told({ ...busy, faults: [workersCut('50ms', '500ms')] }, ...lives);
    expect(lines).toEqual([
      '11 delivered 1 workers.0', '250 requeued 1 (connection-lost(F1))', expect.stringMatching(/^5[5-9]\d delivered 1 #2 workers.0$/),
      '1012 effect 1 workers.0', '1012 settlement-lost 1 workers.0 (connection-lost)', '2012 duplicate-effect 1 #2 workers.0', '2013 acknowledged 1',
    ]);
  });

  it('that is cut in one direction is given up by who hears nothing, and the other is told', () => {
    const towards = told({ ...busy, faults: [workersCut('50ms', '2s', 'one')] }, 'requeued', 'settlement-lost');
    expect(towards).toEqual(['250 requeued 1 (connection-lost(F1))', expect.stringContaining('settlement-lost 1 workers.0')]);
    // The other way round the worker hangs up, and the broker hears of it a millisecond later.
    expect(told({ ...busy, faults: [workersCut('50ms', '2s', 'one', ['mq', 'consumers.workers'])] }, 'requeued').slice(0, 1)).toEqual(['251 requeued 1 (connection-lost(F1))']);
  });

  it('is reset at once when a process dies', () => {
    const workerDies: Fault = { kind: 'crash', target: 'consumers.workers', at: '50ms', for: '1s' };
    expect(told({ ...busy, faults: [workerDies] }, 'requeued')).toEqual(['51 requeued 1 (crash(F1))']);
  });

  it('of a host that dies is silent, until the host is back or the silence is noticed', () => {
    const hostDies = (lasting: string): Fault => ({ kind: 'crash', target: 'consumers.workers', scope: 'host', at: '50ms', for: lasting });
    expect(told({ ...busy, faults: [hostDies('1s')] }, 'requeued')).toEqual(['250 requeued 1 (crash(F1))']);
    expect(told({ ...busy, faults: [hostDies('100ms')] }, 'requeued')).toEqual(['151 requeued 1 (crash(F1))']);
  });

  it('is tried again after the time that a client waits for an answer, and a pause', () => {
    // Tried at 0, given up at 30, tried at 35, …, 175: there the link is whole.
    expect(told({ connection, producer: { messages: 1 }, consumer: 'none', faults: [producersCut('0s', '150ms')] }, 'sent', 'stored')).toEqual(['177 sent 1', '178 stored 1']);
  });

  it('is not tried more often than the policy says', () => {
    const twice = { ...connection, reconnect: { fixed: { delay: '5ms' }, attempts: 2 } };
    expect(told({ connection: twice, producer: { messages: 1 }, consumer: 'none', faults: [producersCut('0s', '150ms')] }, 'sent')).toEqual([]);
    expect(told({ connection: twice, producer: { messages: 1 }, consumer: 'none', faults: [producersCut('0s', '33ms')] }, 'sent')).toEqual(['37 sent 1']);
  });

  it('is tried as often again by a process that died and lives again', () => {
    const twice = { ...connection, reconnect: { fixed: { delay: '5ms' }, attempts: 3 } };
    const faults: Fault[] = [producersCut('0s', '200ms'), { kind: 'crash', target: 'producers.web', at: '60ms', for: '80ms' }];
    // Refused at 30 and at 65, had it lived; again at 140, refused at 170, tried at 175, refused at 205, tried at 210.
    expect(told({ connection: twice, producer: { messages: 30 }, consumer: 'none', faults }, 'sent').length).toBeGreaterThan(0);
  });

  it('begins anew: nothing of the one before is waited for', () => {
    // Frames a minute late die with their connection; those of the next one do not wait for their time. The fifth message
    // was due as the producer died, and comes as soon as it lives again; it is sent when it has connected.
    const faults: Fault[] = [
      { kind: 'latency', between: ['producers.web', 'mq'], add: '1m', at: '15ms', for: '20ms' },
      { kind: 'crash', target: 'producers.web', at: '50ms', for: '10ms' },
    ];
    expect(told({ connection, producer: { messages: 7 }, consumer: 'none', faults }, 'stored')).toEqual(['11 stored 1', '63 stored 5', '71 stored 6', '81 stored 7']);
  });
});

describe('a pause', () => {
  const paused = (target: string, at: string, lasting: string): Fault => ({ kind: 'pause', target, at, for: lasting });

  it('of the broker lets everything wait, in order', () => {
    expect(told({ producer: { messages: 4 }, consumer: 'none', faults: [paused('mq', '15ms', '20ms')] }, 'sent', 'stored')).toEqual([
      '10 sent 1', '11 stored 1', '20 sent 2', '30 sent 3', '35 stored 2', '35 stored 3', '40 sent 4', '41 stored 4',
    ]);
  });

  it('of a worker stretches its work', () => {
    expect(told({ producer: { messages: 1 }, consumer: { service: '20ms' }, faults: [paused('consumers.workers', '15ms', '100ms')] }, 'effect', 'acknowledged')).toEqual(['115 effect 1 workers.0', '116 acknowledged 1']);
    expect(told({ producer: { messages: 1 }, consumer: { service: '20ms' }, faults: [paused('consumers.workers', '15ms', '10ms')] }, 'effect', 'acknowledged')).toEqual(['32 effect 1 workers.0', '33 acknowledged 1']);
  });

  it('of a producer makes its messages come all at once when it goes on', () => {
    expect(told({ producer: { messages: 5 }, consumer: 'none', faults: [paused('producers.web', '15ms', '20ms')] }, 'published')).toEqual([
      '10 published 1', '35 published 2', '35 published 3', '40 published 4', '50 published 5',
    ]);
  });

  it('is not broken by a burst', () => {
    const burst: Fault = { kind: 'burst', target: 'producers.web', factor: 2, at: '20ms', for: '100ms' };
    const times = told({ producer: { messages: 5 }, consumer: 'none', faults: [paused('producers.web', '15ms', '20ms'), burst] }, 'published').map(Number.parseFloat);
    expect(times.filter((time) => time > 15 && time < 35)).toEqual([]);
  });

  it('longer than two intervals loses the connection; whoever stood still hears of it when it goes on', () => {
    const parts: Parts = { connection, producer: { messages: 1 }, consumer: { service: '20ms' }, faults: [paused('consumers.workers', '15ms', '1s')] };
    expect(told(parts, 'requeued', 'effect', 'settlement-lost', 'duplicate-effect', 'acknowledged').slice(0, 3)).toEqual([
      '215 requeued 1 (connection-lost)', '1015 effect 1 workers.0', expect.stringMatching(/^1015 settlement-lost 1 workers.0/),
    ]);
  });

  it('ends with the process: one that is killed and started again stands still no more', () => {
    const crash: Fault = { kind: 'crash', target: 'mq', at: '20ms', for: '1ms' };
    const parts: Parts = { broker: { storage: { durable: false }, recovery: '1ms' }, connection, producer: { messages: 5 }, consumer: 'none', faults: [paused('mq', '15ms', '5s'), crash] };
    expect(told(parts, 'stored')).toEqual(['11 stored 1', '31 stored 3', '41 stored 4', '51 stored 5'].map((line) => expect.stringMatching(new RegExp(`^\\S+ ${line.slice(3)}$`))));
    expect(Math.max(...told(parts, 'stored').map(Number.parseFloat))).toBe(51);
  });
});
