/**
 * Random scenarios under random faults. `FAULTLINE_RUNS` sets how many of each; `npm run campaign` runs thousands.
 * A failure prints the smallest scenario that still fails, and the seed and path that lead to it again.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { System } from '../models/build.ts';
import { createScenario, type ScenarioSettings } from '../scenarios/define.ts';
import type { HistoryLine } from '../scenarios/history.ts';
import type { RunResult } from '../scenarios/result.ts';
import { runScenario } from '../scenarios/run.ts';
import { safeScenarios, wildScenarios } from './arbitraries.ts';
import { driveToQuiet } from './models/driven.ts';

const runs = Number(process.env.FAULTLINE_RUNS ?? 600);
const few = Math.ceil(runs / 5);
const maxEvents = 300_000;

function run(settings: ScenarioSettings, history?: HistoryLine[]): RunResult {
  return runScenario(createScenario(settings), { maxEvents, ...(history && { history: (line) => history.push(line) }) });
}

function failed({ verdicts }: RunResult): string[] {
  return verdicts.filter(({ verdict }) => verdict === 'fail').map(({ claim, witness }) => `${claim}: ${witness?.message} ${witness?.summary}`);
}

/** Rare paths, summed over all runs of this file. */
const reached = new Map<string, number>();
function note(result: RunResult): void {
  for (const [path, times] of Object.entries(result.reached)) reached.set(path, (reached.get(path) ?? 0) + times);
}

function held({ world }: System): number {
  return [...world.brokers.values()].reduce((sum, broker) => sum + broker.held(), 0);
}

/** Counts of queues, groups and producers, and the totals that they make. */
function checkParts({ queues, groups, producers, deliveries, messages, ended }: RunResult): void {
  const parts: (readonly number[])[] = [];
  const totals: (readonly number[])[] = [];
  for (const { stored, backlog, inFlight, acknowledged, deadLettered, dropped } of Object.values(queues)) {
    parts.push([backlog.end + inFlight.end + acknowledged + deadLettered + Object.values(dropped).reduce((sum, count) => sum + count, 0)]);
    totals.push([stored]);
  }
  const { web } = producers;
  const publishesOnward = messages.published > web!.published;
  if (!publishesOnward) {
    parts.push([web!.confirmed, web!.refused, web!.unknown]);
    totals.push([messages.confirmed, messages.refused, messages.unknown]);
  }
  if (ended.reason === 'drained' && deliveries.lost === 0) {
    const sum = (count: 'deliveries' | 'redelivered'): number => Object.values(groups).reduce((total, group) => total + group[count], 0);
    parts.push([sum('deliveries'), sum('redelivered')]);
    totals.push([deliveries.sent, deliveries.redelivered]);
  }
  expect(parts).toEqual(totals);
}

/** The two sides of the balance, each broker for itself. */
function checkBalance({ world }: System): void {
  if (!Number.isInteger(world.sim.now)) throw new Error(`it is ${world.sim.now} ns, which is not whole`);
  for (const broker of world.brokers.values()) {
    const counted = world.ledger.buckets.heldIn(broker.queues);
    if (broker.held() !== counted) throw new Error(`${broker.port.name} holds ${broker.held()} copies, the ledger counts ${counted}`);
  }
}

/** Nobody works, nothing is on its way, and no worker, server or publisher is counted as if it were. */
function checkRest({ consumers, publishers }: System): void {
  expect(consumers.isIdle() && publishers.isIdle()).toBe(true);
  for (const { busy, inHand } of consumers.groups) expect([busy.value, inHand.value]).toEqual([0, 0]);
}

function alive({ world }: System): Record<string, number> {
  return { messages: world.messages.alive, attempts: world.attempts.alive, copies: world.copies.alive, deliveries: world.deliveries.alive };
}

describe('a configuration that promises at least once', () => {
  it('loses nothing, gives each message one effect, and drains', () => {
    fc.assert(
      fc.property(safeScenarios, (settings) => {
        const result = run(settings);
        note(result);
        expect(failed(result)).toEqual([]);
        expect(result.ended.reason).toBe('drained');
        expect(result.messages.duplicates).toBe(0);
      }),
      { numRuns: runs, seed: 1 },
    );
  });

  it('leaves nothing behind: no event, no message, no attempt, no copy, no delivery', () => {
    fc.assert(
      fc.property(safeScenarios, (settings) => {
        const { system, isQuiet } = driveToQuiet(createScenario(settings), { eventsMax: maxEvents, afterEvent: checkBalance });
        expect(isQuiet).toBe(true);
        expect(alive(system)).toEqual({ messages: 0, attempts: 0, copies: 0, deliveries: 0 });
        checkRest(system);
      }),
      { numRuns: runs, seed: 2 },
    );
  });
});

describe('any configuration', () => {
  it('keeps its books, invents nothing and respects its delivery limit', () => {
    fc.assert(
      fc.property(wildScenarios, (settings) => {
        const result = run(settings);
        note(result);
        expect(run(settings).fingerprint).toBe(result.fingerprint);
        const always = ['conservation', 'no-phantom', 'bounded-redelivery'];
        expect(failed(result).filter((failure) => always.some((claim) => failure.startsWith(claim)))).toEqual([]);
        const { attempts, copies, messages } = result;
        const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, count) => total + count, 0);
        expect(attempts.sent).toBe(attempts.stored + attempts.refused + sum(attempts.lost) + attempts.inTransit);
        expect(copies.stored).toBe(copies.ready + copies.inFlight + copies.acknowledged + copies.deadLettered + sum(copies.dropped));
        expect(messages.published).toBe(messages.confirmed + messages.refused + messages.unknown);
        expect(messages.effects).toBe(messages.handled + messages.duplicates);
        expect(sum(result.duplicates.effects)).toBe(messages.duplicates);
        expect(sum(result.duplicates.deliveries)).toBeGreaterThanOrEqual(result.deliveries.redelivered);
        expect(result.duplicates.deliveries).not.toHaveProperty('stored-twice');
        expect(result.ended.reason !== 'drained' || attempts.inTransit === 0).toBe(true);
        checkParts(result);
      }),
      { numRuns: runs, seed: 3 },
    );
  });

  it('balances after every event, and at rest keeps nothing but what lies in its queues', () => {
    fc.assert(
      fc.property(wildScenarios, (settings) => {
        const { system, isQuiet } = driveToQuiet(createScenario(settings), { eventsMax: maxEvents, afterEvent: checkBalance });
        const isAtRest = isQuiet && [...system.world.brokers.values()].every((broker) => broker.isIdle());
        if (!isAtRest) return;
        const { messages, ...others } = alive(system);
        expect(others).toEqual({ attempts: 0, copies: held(system), deliveries: 0 });
        expect(messages).toBeLessThanOrEqual(held(system));
        checkRest(system);
      }),
      { numRuns: runs, seed: 4 },
    );
  });

  it('runs the same twice, and the same when somebody listens', () => {
    fc.assert(
      fc.property(wildScenarios, (settings) => {
        const lines: HistoryLine[] = [];
        const first = run(settings);
        expect(run(settings)).toEqual(first);
        expect(run(settings, lines)).toEqual(first);
        expect(lines.length).toBeGreaterThanOrEqual(first.messages.published);
      }),
      { numRuns: few, seed: 5 },
    );
  });
});

describe('the order of events at one instant', () => {
  it('decides no verdict', () => {
    const verdicts = (settings: ScenarioSettings, ties: 'scheduled' | 'shuffled') => {
      const result = run({ ...settings, ties });
      note(result);
      return result.verdicts.map(({ claim, verdict }) => `${claim} ${verdict}`);
    };
    fc.assert(
      fc.property(safeScenarios, (settings) => {
        // Enough goes wrong in each run that no verdict is unknown in one order and not in the other.
        const threatened = { ...settings, faults: [...settings.faults!, { kind: 'crash', target: 'mq', at: '100ms', for: '100ms' } as const] };
        expect(verdicts(threatened, 'shuffled')).toEqual(verdicts(threatened, 'scheduled'));
      }),
      { numRuns: few, seed: 7 },
    );
  });
});

describe('the order of declaration', () => {
  const backwards = <T>(named: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(Object.entries(named).toReversed());
  const reversed = (settings: ScenarioSettings): ScenarioSettings => ({
    ...settings, brokers: backwards(settings.brokers), producers: backwards(settings.producers!), consumers: backwards(settings.consumers!),
    faults: settings.faults!.toReversed(), claims: settings.claims!.toReversed(),
  });
  const verdicts = (settings: ScenarioSettings): string[] => run(settings).verdicts.map(({ claim, verdict }) => `${claim} ${verdict}`).toSorted();

  it('decides no verdict', () => {
    fc.assert(
      fc.property(safeScenarios, (settings) => {
        const threatened = { ...settings, faults: [...settings.faults!, { kind: 'crash', target: 'mq', at: '100ms', for: '100ms' } as const] };
        expect(verdicts(reversed(threatened))).toEqual(verdicts(threatened));
      }),
      { numRuns: few, seed: 8 },
    );
  });

  it('of claims changes nothing at all', () => {
    fc.assert(
      fc.property(wildScenarios, (settings) => {
        const { verdicts: of, ...rest } = run(settings);
        const { verdicts: others, ...same } = run({ ...settings, claims: settings.claims!.toReversed() });
        expect(same).toEqual(rest);
        expect(others.toSorted((one, other) => one.claim.localeCompare(other.claim))).toEqual(of.toSorted((one, other) => one.claim.localeCompare(other.claim)));
      }),
      { numRuns: few, seed: 9 },
    );
  });
});

describe('a change', () => {
  /** When each message was published, and what was drawn for it. */
  function published(settings: ScenarioSettings): string[] {
    const drawn: string[] = [];
    driveToQuiet(createScenario(settings), {
      eventsMax: maxEvents,
      built: ({ world }) => {
        const { messages, ledger, sim } = world;
        ledger.history = (what, message) => {
          if (what !== 'published' || !world.nameOf(message).startsWith('web.')) return;
          drawn.push(`${sim.now} ${world.nameOf(message)} ${messages.key[message]} ${messages.size[message]} ${messages.priority[message]}`);
        };
      },
    });
    // Who goes first at one instant is not drawn by producers.
    return drawn.sort();
  }

  /** Only what would make producers stand still or hurry is taken out of both sides of the comparison. */
  function withFreeProducers(settings: ScenarioSettings): ScenarioSettings {
    const { lifecycle: _lifecycle, buffer: _buffer, ...web } = settings.producers!.web!;
    const touches = (fault: unknown): boolean => /"target":"[\w(]*producers/.test(JSON.stringify(fault));
    return { ...settings, producers: { web }, faults: settings.faults!.filter((fault) => !touches(fault)) };
  }

  it('of faults, consumers, network or broker leaves alone what producers publish', () => {
    fc.assert(
      fc.property(safeScenarios, wildScenarios, (one, other) => {
        const settings = withFreeProducers(one);
        const changed = { ...withFreeProducers(other), seed: settings.seed!, producers: settings.producers!, ties: settings.ties! };
        const before = published(settings);
        expect(before.length).toBeGreaterThan(0);
        expect(published(changed)).toEqual(before);
      }),
      { numRuns: few, seed: 6 },
    );
  });

  it('of one fault leaves alone when the others strike', () => {
    const strikes = (faults: ScenarioSettings['faults']): string[] =>
      run({
        faultline: 1, name: 'faults', phases: { measure: '100s' }, brokers: { mq: { kind: 'work-queue', queues: { work: {} } } }, faults,
      }).faults.filter(({ kind }) => kind === 'crash').map(({ begin }) => begin.toFixed(9));
    const crash = { kind: 'crash', target: 'mq', rate: '0.3/s', for: '1s' } as const;
    const pause = { kind: 'pause', target: 'mq', rate: '0.3/s', for: '1s' } as const;
    expect(strikes([crash]).length).toBeGreaterThan(5);
    expect(strikes([pause, crash])).toEqual(strikes([crash]));
  });
});

it('takes every rare path, and often', () => {
  const paths = [
    'broker.backpressure', 'broker.deadLettered', 'broker.deliveryLimit', 'broker.expired', 'broker.leaseExpired', 'broker.redelivered', 'broker.settlementLate',
    'consumer.deduplicated', 'consumer.handlerCrashed', 'consumer.settlementLost', 'consumer.triedAgain', 'consumer.retriesExhausted', 'publisher.failedUnconnected', 'session.demanded', 'ledger.confirmLost', 'ledger.rewound', 'lifecycle.moved',
    'fault.burst', 'fault.crash', 'fault.crash-loop', 'fault.rolling-restart', 'fault.torn-write', 'fault.latency', 'fault.partition', 'fault.pause', 'fault.poison', 'fault.slow',
    'fault.publish-lost', 'fault.confirm-lost', 'fault.ack-lost', 'fault.crash-consumer', 'fault.consumer-stop', 'fault.misdirected-write', 'disk.misdirected', 'fault.wipe', 'fault.queue-change', 'fault.prefetch-change', 'consumer.stopped', 'consumer.stoppedBusy', 'consumer.graceOver', 'node.crashed.stop', 'node.crashed.disk', 'fault.handler-throws', 'fault.slow-handler', 'fault.hanging-handler', 'fault.reconnect-storm',
    'fault.disk-stall', 'fault.io-error', 'fault.connection-limit', 'fault.out-of-memory', 'fault.double-publish', 'fault.producer-per-request', 'fault.outbox-crash', 'fault.purge', 'fault.bit-flip', 'disk.syncFailed', 'node.connectionLimit', 'producer.publishedTwice',
    'fault.half-open', 'fault.loss', 'fault.bandwidth', 'fault.limit-data', 'fault.reset', 'fault.flapping', 'fault.swizzle-clog',
    'network.connectionRefused', 'network.silenceNoticed', 'node.crashed.host', 'node.crashed.process', 'node.paused',
    'publisher.bufferFull', 'publisher.outcomeUnknown', 'publisher.retried', 'publisher.retryBudgetEmpty', 'session.lost',
  ];
  expect(paths.filter((path) => (reached.get(path) ?? 0) < runs / 60)).toEqual([]);
  expect([...reached.keys()].filter((path) => !paths.includes(path))).toEqual([]);
});
