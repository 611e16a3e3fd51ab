/** Opening connections to RabbitMQ: round trips, work of the node, and who waits too long. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../../scenarios/define.ts';
import { runScenario } from '../../../scenarios/run.ts';

type Broker = Extract<ScenarioSettings['brokers'][string], { kind: 'rabbitmq' }>;

const swift = { delivery: '0', turnaround: '0', operation: '0', write: '0', fsync: '1ms' } as const;

/** Producers that each want to publish once, at a millisecond; a frame takes 10 ms. When the last of them has its confirm, in ms. */
function lastConfirm({ count = 1, ...broker }: Partial<Broker> & { count?: number }, reconnect = '1s'): { at: number; reached: ReadonlySet<string> } {
  const settings: ScenarioSettings = {
    faultline: 1, name: 'set-up', phases: { measure: '60s', drain: '1m' },
    network: { default: { latency: '10ms' }, connection: { reconnect: { fixed: { delay: reconnect } } } },
    brokers: { mq: { kind: 'rabbitmq', version: '4.2', queues: { jobs: {} }, ...broker, timing: { ...swift, ...broker.timing } } },
    producers: { web: { count, publish: 'mq/jobs', arrivals: { constant: { rate: '1000/s' } }, messages: 1, confirm: { timeout: '1h' } } },
  };
  const result = runScenario(createScenario(settings));
  return { at: Math.round(Number(result.producers['web']!.confirmLatency.max) * 1000) + 1, reached: new Set(Object.keys(result.reached)) };
}

describe('a connection to RabbitMQ takes', () => {
  // TCP 20 ms, AMQP four times 20 (AMQP 0-9-1, 2.2.4), the publish and its confirm 20.
  it.each<[string, Partial<Broker> & { count?: number }, number]>([
    ['four round trips after TCP', {}, 120],
    ['one more with TLS 1.3 (RFC 8446)', { tls: '1.3', timing: { tls: '0' } }, 140],
    ['two more with TLS 1.2 (RFC 5246)', { tls: '1.2', timing: { tls: '0' } }, 160],
    ['the work of a login', { timing: { login: '5ms' } }, 125],
    ['the work of TLS as well', { tls: '1.3', timing: { login: '5ms', tls: '7ms' } }, 152],
    ['none of that without TLS', { timing: { login: '5ms', tls: '7ms' } }, 125],
    ['that of everybody before it', { count: 10, timing: { login: '5ms' } }, 170],
  ])('%s', (_, broker, expected) => {
    expect(lastConfirm(broker).at).toBe(expected);
  });
});

describe('who waits too long', () => {
  // Of 20 with 50 ms of work each, who is not served 200 ms after TCP's packet came (10 ms) is closed: number 5 and later come again.
  it('for TLS is closed after ssl_handshake_timeout (tcp_listener_sup: Ranch\'s handshake_timeout)', () => {
    const { at, reached } = lastConfirm({ count: 20, tls: '1.3', timing: { login: '50ms', tls: '0' }, config: { ssl_handshake_timeout: '220ms' } });
    expect(reached).toContain('network.connectionRefused');
    // Four waves more, 1 s after each refusal has come: 4 times (230 + 10 + 1000) and TCP's 20; the last of four of the fifth waits 200.
    expect(at).toBe(4 * 1240 + 10 + 200 + 10 + 5 * 20 + 20);
  });

  it('for AMQP is closed after handshake_timeout (rabbit_reader), which begins after TLS', () => {
    const slow = { count: 1, timing: { login: '90ms', tls: '0' } } as const;
    expect(lastConfirm({ ...slow, tls: '1.3', config: { handshake_timeout: '120ms' } }).reached).not.toContain('network.connectionRefused');
    expect(lastConfirm({ ...slow, config: { handshake_timeout: '120ms' } }).reached).toContain('network.connectionRefused');
  });
});
