/** Credit flow of RabbitMQ: when readers stop, and when they go on (credit_flow and rabbit_fifo_client at 4.2.9). */
import { describe, expect, it } from 'vitest';
import { Flow, type FlowHost } from '../../../models/brokers/rabbitmq/flow.ts';
import { QueueCredit } from '../../../models/brokers/rabbitmq/queue-credit.ts';
import { SoftLimit } from '../../../models/brokers/rabbitmq/soft-limit.ts';
import type { AttemptId, ConnectionId, QueueId } from '../../../models/message.ts';
import type { NodeId } from '../../../models/node.ts';
import type { Peers } from '../../../models/peers.ts';
import { createScenario } from '../../../scenarios/define.ts';
import { runScenario } from '../../../scenarios/run.ts';
import { Simulation } from '../../../sim/simulation.ts';
import { type ClusterParts, clusterSystem, type Fault, quorum } from './cluster-system.ts';

const connection = 0 as ConnectionId;
const publish = 0 as AttemptId;
const here = 0 as NodeId;

/** A reader of one connection whose channel sends all to the same queues; what they grant is heard at once. */
class OneReader {
  readonly flow: Flow;
  readonly queues: readonly QueueCredit[];
  readonly quorum: SoftLimit;
  freed = 0;
  life = 1;

  constructor(credit: readonly [number, number] = [400, 200], queues = 1, softLimit = 32) {
    const sim = new Simulation({ seed: 1 });
    const world = { sim, attempts: { connection: [connection], session: [1] }, network: { session: () => this.life } };
    const peers = { send: (_from: number, _to: number, _bytes: number, _type: unknown, a: ConnectionId, b: QueueId) => (b === (9 as QueueId) ? this.quorum : this.queues[b]!).released(a) };
    this.flow = new Flow({ world, serverOf: () => here } as unknown as FlowHost, 'mq', credit, peers as unknown as Peers);
    this.queues = Array.from({ length: queues }, (_, id) => new QueueCredit(id as QueueId, here, this.flow));
    this.quorum = new SoftLimit(9 as QueueId, this.flow, softLimit, () => here);
    this.flow.onFree = () => this.freed++;
  }

  /** Reads publishes until it stops. @returns how many, at most `most` */
  read(most = 10_000, send = (): void => this.queues.forEach((queue) => queue.sent(connection, here))): number {
    let read = 0;
    while (read < most && !this.flow.isExhausted(connection)) {
      this.flow.took(connection);
      send();
      read++;
    }
    return read;
  }

  /** A queue takes publishes until the channel is free. @returns how many, at most `most` */
  take(queue = 0, most = 10_000): number {
    const before = this.freed;
    let taken = 0;
    while (taken < most && this.freed === before) {
      this.queues[queue]!.took(publish);
      taken++;
    }
    return taken;
  }
}

describe('a reader', () => {
  it('stops 400 publishes after its channel ran out of its 400, and goes on when the queue took 600 of them', () => {
    const one = new OneReader();
    expect(one.read()).toBe(800);
    // 400 behind, the channel has credit again with the third grant of 200.
    expect([one.take(), one.freed]).toEqual([600, 1]);
    // It spends the 200 left of that grant, and then those of its reader.
    expect(one.read()).toBe(600);
  });

  it('never stops where the queue keeps up', () => {
    const one = new OneReader();
    for (let round = 0; round < 100; round++) {
      expect(one.read(200)).toBe(200);
      one.take(0, 200);
    }
    expect(one.freed).toBe(0);
  });

  it.each<[readonly [number, number], number, number]>([[[200, 50], 400, 250], [[4, 2], 8, 6], [[1, 1], 2, 2]])('with credit %s stops after %s, and goes on after %s', (credit, stops, goesOn) => {
    const one = new OneReader(credit);
    expect([one.read(), one.take()]).toEqual([stops, goesOn]);
  });

  it('is not held back by a credit of 0, 0', () => {
    expect(new OneReader([0, 0]).read(5000)).toBe(5000);
  });

  it('waits for the slowest of several queues', () => {
    const one = new OneReader([400, 200], 2);
    expect(one.read()).toBe(800);
    expect([one.take(0, 800), one.freed]).toEqual([800, 0]);
    expect([one.take(1), one.freed]).toEqual([600, 1]);
  });

  it('owes nothing to a queue whose node its own does not see any more (peer_down)', () => {
    const one = new OneReader();
    one.read();
    one.flow.peerLost(here, here);
    expect([one.freed, one.read()]).toEqual([1, 800]);
  });

  it('begins anew with a new life of its connection, of which the queue takes what the old one sent for nobody\'s', () => {
    const one = new OneReader();
    one.read();
    one.life = 2;
    one.flow.opened(connection);
    one.take(0, 800);
    one.life = 1;
    expect(one.read()).toBe(800);
  });
});

describe('a quorum queue', () => {
  it('blocks a channel with the first publish above 32 that are not applied, until fewer are left', () => {
    const one = new OneReader();
    // 33 block the channel, and its reader has 400 less those that it was not granted yet.
    expect(one.read(10_000, () => one.quorum.published(connection))).toBe(400);
    for (let applied = 0; applied < 368; applied++) one.quorum.applied(connection);
    expect(one.freed).toBe(0);
    one.quorum.applied(connection);
    expect(one.freed).toBe(1);
  });

  it('counts settlements, which block nobody, nor does a publish that finds it slow already', () => {
    const one = new OneReader();
    for (let command = 0; command < 33; command++) one.quorum.asked(connection);
    expect(one.read(1000, () => one.quorum.published(connection))).toBe(1000);
    for (let applied = 0; applied < 1033; applied++) one.quorum.applied(connection);
    expect(one.freed).toBe(0);
  });
});

/** 5000 messages within 50 ms. */
const burst = { publish: 'mq/jobs', arrivals: { constant: { rate: '100000/s' } }, messages: 5000, confirm: { timeout: '100s' } };
const slowQueue = { delivery: '0', turnaround: '0', operation: '1ms', write: '0', fsync: '1ms', boot: '200ms' };

function inFlow(parts: ClusterParts, set: NonNullable<ClusterParts['broker']>['config'] = {}): { reached: number; result: ReturnType<typeof runScenario> } {
  const result = runScenario(createScenario(clusterSystem({ ...parts, broker: { timing: slowQueue, ...parts.broker, config: set }, producers: { web: burst } })));
  return { reached: result.reached['broker.connectionInFlow'] ?? 0, result };
}

describe('a connection in flow', () => {
  it.each<[string, ClusterParts]>([
    ['a classic queue', {}],
    ['a classic queue on another node', { broker: { nodes: 2 }, jobs: { node: 1 } }],
    ['a quorum queue whose disk is slow', { jobs: quorum(), broker: { timing: { ...slowQueue, operation: '0', fsync: '50ms' } } }],
  ])('stops and goes on for %s, and nothing of it is lost', (_, parts) => {
    const { reached, result } = inFlow(parts);
    expect(reached).toBeGreaterThan(3);
    expect(result.messages).toMatchObject({ confirmed: 5000, ready: 5000 });
  });

  it('does not last when the queue is out of sight, nor come while it is (credit_flow peer_down)', () => {
    const faults: Fault[] = [{ kind: 'partition', between: ['mq.0', 'mq.1'], at: '0', for: '100s' }];
    const set = { net_ticktime: 4 };
    const { result } = inFlow({ broker: { nodes: 2, timing: { ...slowQueue, operation: '0' } }, jobs: { node: 1 }, faults }, set);
    expect(result.reached['broker.connectionInFlow']).toBe(1);
    // What was on its way is lost with the link, what was unread then is refused: everybody is answered.
    expect(result.attempts).toMatchObject({ sent: 5000, inTransit: 0 });
    expect(result.ended.reason).toBe('drained');
  });

  it('does not come where the queue keeps up, nor where it is switched off', () => {
    expect(inFlow({ broker: { timing: { ...slowQueue, operation: '0' } } }).reached).toBe(0);
    expect(inFlow({}, { credit_flow_default_credit: [0, 0] }).reached).toBe(0);
  });

  it('leaves what it has not read in the socket, so that a dead queue takes less with it', () => {
    const faults: Fault[] = [{ kind: 'crash', target: 'mq.1', at: '100ms', for: '1s' }];
    const lost = (set: NonNullable<ClusterParts['broker']>['config'] = {}): number => {
      const { attempts } = inFlow({ broker: { nodes: 2 }, jobs: { node: 1 }, faults }, set).result;
      return attempts.lost['crash(F1)'] ?? 0;
    };
    expect(lost()).toBeGreaterThan(0);
    expect(lost()).toBeLessThanOrEqual(800);
    expect(lost({ credit_flow_default_credit: [0, 0] })).toBeGreaterThan(4000);
  });
});
