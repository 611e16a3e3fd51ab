/** Shovels: what moves a message to another broker, and what is lost or doubled on the way. Rules read in rabbitmq_shovel at 3.10.8, 3.13.7 and 4.2.9. */
import { describe, expect, it } from 'vitest';
import type { System } from '../../../models/build.ts';
import type { HistoryEvent } from '../../../models/history.ts';
import { createScenario, type ScenarioSettings } from '../../../scenarios/define.ts';
import type { HistoryLine } from '../../../scenarios/history.ts';
import { endOfRun } from '../../../scenarios/end-of-run.ts';
import { driveToQuiet } from '../driven.ts';

type Broker = Extract<ScenarioSettings['brokers'][string], { kind: 'rabbitmq' }>;
type Shovel = NonNullable<Broker['shovels']>[string];
type Fault = NonNullable<ScenarioSettings['faults']>[number];

interface Parts {
  readonly shovel?: Partial<Shovel>;
  readonly west?: Partial<Broker>;
  readonly east?: Partial<Broker>;
  readonly messages?: number;
  readonly producer?: object;
  readonly consumers?: ScenarioSettings['consumers'];
  readonly faults?: readonly Fault[];
}

const timing = { delivery: '0', turnaround: '0', operation: '0', write: '0', fsync: '1ms', start: '100ms', boot: '200ms' };

/** web publishes at 1, 2, 3 s … to out at west, from where a shovel takes it to in at east, 10 ms away; who reads there takes 1 ms. */
function twoSites({ shovel, west, east, messages = 1, producer, consumers, faults = [] }: Parts): ScenarioSettings {
  return {
    faultline: 1, name: 'two sites', phases: { measure: '200s', drain: '100s' },
    network: { links: [{ between: ['west', 'east'], latency: '10ms' }], connection: { reconnect: { fixed: { delay: '100ms' } } } },
    brokers: {
      west: {
        kind: 'rabbitmq', version: '3.13', timing, ...west, queues: { out: {}, ...west?.queues },
        shovels: { s: { 'src-uri': 'amqp://', 'src-queue': 'out', 'dest-uri': 'amqp://east', ...(shovel?.['dest-exchange'] === undefined && { 'dest-queue': 'in' }), ...shovel } },
      },
      east: { kind: 'rabbitmq', version: '3.13', timing, ...east, queues: { in: {}, ...east?.queues } },
    },
    producers: { web: { publish: 'west/out', arrivals: { constant: { rate: '1/s' } }, messages, confirm: {}, ...producer } },
    consumers: consumers ?? { w: { subscribe: 'east/in', service: '1ms', prefetch: 10 } },
    faults: [...faults], claims: ['at-least-once', 'at-most-once', 'conservation', 'drained'],
  } as ScenarioSettings;
}

function run(parts: Parts, ...events: HistoryEvent[]): { lines: string[]; system: System; reached: Readonly<Record<string, number>> } {
  const lines: HistoryLine[] = [];
  const { system, isQuiet } = driveToQuiet(createScenario(twoSites(parts)), { history: lines });
  if (!isQuiet) throw new Error('the system did not come to rest');
  const line = ({ at, what, message, queue, cause }: HistoryLine): string => [Number((at * 1000).toFixed(3)), what, message.replace('web.0-', ''), ...(queue === undefined ? [] : [queue]), ...(cause === undefined ? [] : [`(${cause})`])].join(' ');
  return { lines: lines.filter(({ what }) => events.includes(what)).map(line), system, reached: system.world.sim.trace.reachedPaths };
}


const cut = (at: string, lasts: string): Fault => ({ kind: 'partition', between: ['west', 'east'], at, for: lasts });
const dies = (target: string, at: string, lasts: string): Fault => ({ kind: 'crash', target, at, for: lasts });
const mode = (how: 'on-confirm' | 'on-publish' | 'no-ack', more: Partial<Shovel> = {}): Partial<Shovel> => ({ 'ack-mode': how, ...more });
const order = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^[\d.]+ /, ''));
const effects = (parts: Parts): string[] => order(run(parts, 'effect', 'duplicate-effect').lines);

function verdictOf(claim: string, system: System): string {
  system.world.ledger.closeAll();
  const finding = system.judged.find(({ invariant }) => invariant.claim === claim)!.judge.verdict(endOfRun(system));
  return finding.verdict === 'fail' ? `${finding.reason}: ${finding.witnesses[0]!.summary}` : finding.verdict;
}

describe('a shovel', () => {
  it('acknowledges at the source what the destination has confirmed', () => {
    expect(run({}, 'stored', 'shovelled', 'confirm-received', 'acknowledged').lines).toEqual([
      '1000 stored 1 west/out', '1000 shovelled 1', '1001 confirm-received 1', '1010 stored 1 east/in', '1011 acknowledged 1 east/in', '1021 confirm-received 1', '1021 acknowledged 1 west/out',
    ]);
  });

  it.each<['on-publish' | 'no-ack', string]>([['on-publish', '1001 acknowledged 1 west/out'], ['no-ack', '1000 acknowledged 1 west/out']])('with %s waits for nothing', (how, line) => {
    expect(run({ shovel: mode(how) }, 'acknowledged').lines).toContain(line);
  });

  it.each<['on-confirm' | 'on-publish' | 'no-ack', string[], string, string]>([
    ['on-confirm', ['effect 1 east/in'], 'pass', 'pass'],
    ['on-publish', [], '1 confirmed message was never handled: It was confirmed and never handled: it was lost to connection-lost(F1) at 30.090 s.', 'unknown'],
    ['no-ack', [], '1 confirmed message was never handled: It was confirmed and never handled: it was lost to connection-lost(F1) at 30.090 s.', 'unknown'],
  ])('with %s and a link that is cut before it publishes', (how, handled, atLeastOnce, atMostOnce) => {
    const parts: Parts = { shovel: mode(how), faults: [cut('999ms', '60s')] };
    expect(effects(parts)).toEqual(handled);
    expect(verdictOf('at-least-once', run(parts).system)).toBe(atLeastOnce);
    expect(verdictOf('at-most-once', run(parts).system)).toBe(atMostOnce);
  });

  it.each<['on-confirm' | 'on-publish' | 'no-ack', string[]]>([
    ['on-confirm', ['effect 1 east/in', 'duplicate-effect 1 east/in']], ['on-publish', ['effect 1 east/in']], ['no-ack', ['effect 1 east/in']],
  ])('with %s and a link that is cut between its publish and the confirm', (how, handled) => {
    expect(effects({ shovel: mode(how), faults: [cut('1005ms', '60s')] })).toEqual(handled);
  });

  it('loses nothing to a cut that TCP bridges', () => {
    for (const how of ['on-confirm', 'on-publish', 'no-ack'] as const) expect(effects({ shovel: mode(how), faults: [cut('999ms', '5s')] })).toEqual(['effect 1 east/in']);
  });

  it('notices a dead link by heartbeats of 10 s, which the Erlang client asks for, whatever nodes propose', () => {
    const noticed = (heartbeat: number): string[] => run({ shovel: mode('on-publish'), west: { config: { heartbeat } }, east: { config: { heartbeat } }, faults: [cut('999ms', '150s')] }, 'publish-lost').lines;
    expect(noticed(60)).toEqual(['30090 publish-lost 1 (connection-lost(F1))']);
    expect(noticed(0)).toEqual(['30090 publish-lost 1 (connection-lost(F1))']);
    expect(noticed(1)).toEqual(['3090 publish-lost 1 (connection-lost(F1))']);
  });

  it('waits reconnect-delay when its destination died, and has the source keep everything', () => {
    const stored = (more: Partial<Shovel> = {}) => run({ shovel: mode('on-confirm', more), faults: [dies('east', '1005ms', '1s')] }, 'stored').lines.at(-1);
    expect([stored(), stored({ 'reconnect-delay': 30 })]).toEqual(['6125 stored 1 east/in', '31125 stored 1 east/in']);
  });

  it('starts with its broker, without that delay', () => {
    const { lines, reached } = run({ faults: [dies('west', '1005ms', '1s')] }, 'stored', 'effect', 'duplicate-effect');
    expect(lines).toEqual(['1000 stored 1 west/out', '1010 stored 1 east/in', '1011 effect 1 east/in', '2315 stored 1 east/in', '2316 duplicate-effect 1 east/in']);
    expect(reached['shovel.running']).toBe(2);
  });

  it('stays down with a delay of 0', () => {
    const parts: Parts = { shovel: mode('on-confirm', { 'reconnect-delay': 0 }), faults: [dies('east', '500ms', '1s')] };
    expect(effects(parts)).toEqual([]);
    expect(effects({ ...parts, faults: [...parts.faults!, dies('west', '5s', '1s')] })).toEqual(['effect 1 east/in']);
  });

  it('moves no more in a round trip than it may hold', () => {
    const burst = { arrivals: { constant: { rate: '1000/s' } } };
    const last = (prefetch: number) => run({ shovel: mode('on-confirm', { 'src-prefetch-count': prefetch }), producer: burst, messages: 50 }, 'stored').lines.filter((line) => line.endsWith('east/in')).at(-1);
    // Connections are up at 100 ms; the 50 messages are there by then. There and back are 20 ms, and a sync is 1 ms.
    expect([last(1), last(10), last(0)]).toEqual(['1139 stored 50 east/in', '194 stored 50 east/in', '110 stored 50 east/in']);
  });

  it('gives back what the destination refuses, which comes again at once', () => {
    const full = { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' as const } };
    const { system, reached, lines } = run({ east: { queues: { in: full } }, messages: 4, producer: { arrivals: { constant: { rate: '100/s' } } }, consumers: { w: { subscribe: 'east/in', service: '500ms', prefetch: 1 } } }, 'effect', 'duplicate-effect');
    expect(order(lines)).toEqual([1, 2, 3, 4].map((each) => `effect ${each} east/in`));
    expect(reached['shovel.nacked']).toBeGreaterThan(20);
    expect(verdictOf('at-least-once', system)).toBe('pass');
  });

  it.each<['3.13' | '4.2', object, string[]]>([
    ['3.13', {}, []], ['4.2', {}, ['dropped 2 west/out (delivery-limit)']], ['4.2', { 'x-delivery-limit': -1 }, []],
  ])('gives back in %s to a quorum queue %o, which counts that from 4.0 on', (version, args, dropped) => {
    const west = { version, queues: { out: { arguments: { 'x-queue-type': 'quorum' as const, ...args } } } };
    const parts: Parts = { west, east: { queues: { in: { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } } } }, messages: 2, consumers: { w: { subscribe: 'east/in', service: '1ms' } }, faults: [dies('consumers.w', '900ms', '3s')] };
    expect(order(run(parts, 'dropped').lines)).toEqual(dropped);
  });

  it('is held back by credit with on-publish, from 3.11 on: twice 400 publishes are lost, and no more', () => {
    const lost = (version: '3.10' | '3.13', credit: [number, number] = [400, 200]): number =>
      run({ west: { version, config: { credit_flow_default_credit: credit } }, shovel: mode('on-publish'), messages: 1500, producer: { arrivals: { constant: { rate: '1000/s' } } }, faults: [cut('120ms', '60s')] }, 'publish-lost').lines.length;
    expect([lost('3.10'), lost('3.13'), lost('3.13', [100, 50]), lost('3.13', [0, 0])]).toEqual([1381, 800, 200, 1381]);
  });

  it('goes on with what credit held back when the link is mended in time', () => {
    const { reached, lines } = run({ shovel: mode('on-publish'), messages: 1500, producer: { arrivals: { constant: { rate: '1000/s' } } }, faults: [cut('120ms', '5s')] }, 'effect');
    expect(lines.length).toBe(1500);
    expect(reached['shovel.blocked']).toBeGreaterThan(0);
  });

  it('has confirmed, and loses, what no queue is bound for', () => {
    const parts: Parts = { shovel: { 'dest-exchange': 'x', 'dest-exchange-key': 'nobody' }, east: { exchanges: { x: { type: 'direct' } } } };
    expect(verdictOf('at-least-once', run(parts).system)).toMatch(/it was lost to unroutable/);
    expect(effects({ ...parts, east: { ...parts.east, bindings: [{ source: 'x', destination: 'in', routing_key: 'nobody' }] } })).toEqual(['effect 1 east/in']);
  });

  it.each(['persistent', 'transient'] as const)('publishes as %s what was published so', (deliveryMode) => {
    const parts: Parts = { producer: { deliveryMode }, consumers: { w: { subscribe: 'east/in', service: '50s' } }, faults: [dies('east', '10s', '1s')] };
    expect(order(run(parts, 'dropped').lines)).toEqual(deliveryMode === 'transient' ? ['dropped 1 east/in (transient(F1))'] : []);
  });

  it('competes with consumers of its source: each message is handled once, here or there', () => {
    const consumers = { here: { subscribe: 'west/out', service: '1ms' }, there: { subscribe: 'east/in', service: '1ms' } };
    const { lines, system } = run({ consumers, messages: 6, faults: [dies('consumers.here', '6500ms', '100ms')] }, 'effect', 'duplicate-effect');
    expect(new Set(order(lines))).toEqual(new Set([1, 3, 5].flatMap((each) => [`effect ${each} west/out`, `effect ${each + 1} east/in`])));
    expect(verdictOf('at-least-once', system)).toBe('pass');
  });

  it('moves within a broker, as dead letters go back', () => {
    const west = { queues: { out: { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead', 'x-message-ttl': 100 } }, dead: {}, again: {} } };
    const parts: Parts = { west, shovel: { 'src-queue': 'dead', 'dest-uri': 'amqp://', 'dest-queue': 'again' }, consumers: { w: { subscribe: 'west/again', service: '1ms' } } };
    expect(effects(parts)).toEqual(['effect 1 west/again']);
    expect(verdictOf('at-least-once', run(parts).system)).toBe('pass');
  });

  it.each<[string, Fault[], string[], Record<string, number>]>([
    ['may publish', [], ['1011 effect 1 east/in'], {}],
    // Its publish ends its connections, and it comes again each 5 s, with what it had not settled.
    ['may do nothing for a while', [{ kind: 'revoke-permissions', user: 'east/carrier', at: '500ms', for: '20s' }], ['21371 effect 1 east/in'], { 'access.publishRefused': 1, 'access.virtualHostRefused': 3 }],
    // Its connection outlives the change of its password until the crash ends that.
    ['has another password for a while', [{ kind: 'rotate-credentials', user: 'east/carrier', at: '500ms', for: '20s' }, dies('east', '900ms', '1s')], ['21201 effect 1 east/in'], { 'access.loginRefused': 3 }],
  ])('is at its own broker nobody in particular, and at the other one a user: when that %s', (_what, faults, expected, paths) => {
    const users = (write: string) => ({ carrier: { permissions: { write } }, guest: { permissions: { read: '.*', write: '.*' } } });
    const { lines, reached } = run({ shovel: { 'dest-uri': 'amqp://carrier@east' }, west: { users: users('') }, east: { users: users('^amq.default$') }, faults }, 'effect');
    expect(lines).toEqual(expected);
    expect(reached).toMatchObject(paths);
  });

  it('pulls from the other site as it pushes to it', () => {
    const pull = (faults: readonly Fault[]): string[] => {
      const { brokers, ...rest } = twoSites({ faults });
      const { west, east } = brokers as Readonly<Record<string, Broker>>;
      const shovels = { s: { 'src-uri': 'amqp://west', 'src-queue': 'out', 'dest-uri': 'amqp://', 'dest-queue': 'in' } };
      const lines: HistoryLine[] = [];
      driveToQuiet(createScenario({ ...rest, brokers: { west: { ...west!, shovels: {} }, east: { ...east!, shovels } } }), { history: lines });
      return lines.filter(({ what }) => what.endsWith('effect')).map(({ at, what }) => `${Number((at * 1000).toFixed(3))} ${what}`);
    };
    expect(pull([])).toEqual(['1011 effect']);
    // Its delivery was confirmed at the destination, and the acknowledgement was lost with the link.
    expect(pull([cut('1005ms', '60s')])).toEqual(['1011 effect', expect.stringMatching(/ duplicate-effect$/) as unknown as string]);
  });
});
