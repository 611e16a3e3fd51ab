/** Acknowledging several deliveries with one frame (basic.ack with multiple, AMQP 0-9-1, 1.8.3.13). */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../../scenarios/define.ts';
import type { HistoryLine } from '../../../scenarios/history.ts';
import { driveToQuiet } from '../driven.ts';

type Consumer = NonNullable<ScenarioSettings['consumers']>[string];

/** Ten messages at 10, 20, 30 ms …; each is done 5 ms after it was delivered, and nothing else takes time. */
function told(consumer: Partial<Consumer>, { faults = [], type = 'classic' }: { faults?: ScenarioSettings['faults']; type?: 'classic' | 'quorum' } = {}) {
  const settings: ScenarioSettings = {
    faultline: 1, name: 'multiple', phases: { measure: '10s', drain: '1000s' },
    network: { connection: { reconnect: { fixed: { delay: '100ms' } } } },
    brokers: {
      mq: {
        kind: 'rabbitmq', version: '4.2', config: { heartbeat: 1 }, queues: { jobs: { arguments: { 'x-queue-type': type } } },
        timing: { delivery: '0', turnaround: '0', operation: '0', write: '0', fsync: '0', boot: '200ms' },
      },
    },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 10, confirm: {} } },
    consumers: { w: { subscribe: 'mq/jobs', service: '5ms', prefetch: 20, ...consumer } },
    faults,
  };
  const lines: HistoryLine[] = [];
  const { system } = driveToQuiet(createScenario(settings), { history: lines });
  const of = (what: HistoryLine['what']) => lines.filter((line) => line.what === what).map(({ at, message }) => `${Number((at * 1000).toFixed(3))} ${message.replace('web.0-', '')}`);
  return { of, reached: system.world.sim.trace.reachedPaths };
}

describe('a consumer that acknowledges every fourth delivery', () => {
  it.each(['classic', 'quorum'] as const)('says nothing of three, and then of four (%s)', (type) => {
    const { of, reached } = told({ multiple: { messages: 4 } }, { type });
    expect(of('acknowledged')).toEqual(['45 1', '45 2', '45 3', '45 4', '85 5', '85 6', '85 7', '85 8']);
    expect(reached).toHaveProperty('consumer.acknowledgedTogether', 2);
  });

  it('or some time after the first that waits, does so for what is left', () => {
    expect(told({ multiple: { messages: 4, after: '25ms' } }).of('acknowledged')).toEqual(['40 1', '40 2', '40 3', '70 4', '70 5', '70 6', '100 7', '100 8', '100 9', '130 10']);
  });

  it('acknowledges what is done before it gives the next one back', () => {
    const { of } = told({ multiple: { messages: 4 }, failure: { poison: { nth: 3 }, then: 'reject' } });
    expect(of('acknowledged')).toEqual(['35 1', '35 2', '75 4', '75 5', '75 6', '75 7']);
    expect(of('dropped')).toEqual(['35 3']);
  });

  it('stands still where its prefetch is smaller, unless it has a time', () => {
    expect(told({ multiple: { messages: 4 }, prefetch: 3 }).of('effect')).toEqual(['15 1', '25 2', '35 3']);
    expect(told({ multiple: { messages: 4, after: '100ms' }, prefetch: 3 }).of('acknowledged')).toHaveLength(10);
  });
});

describe('what is done and not acknowledged', () => {
  const again = (faults: ScenarioSettings['faults'], consumer: Partial<Consumer> = {}) => {
    const { of, reached } = told({ multiple: { messages: 4 }, ...consumer }, { faults });
    return { again: of('duplicate-effect').map((line) => line.split(' ')[1]!), reached };
  };

  it('is done again after the worker died', () => {
    const died = again([{ kind: 'crash', target: 'consumers.w.0', at: '76ms', for: '10ms' }]);
    expect(died.again).toEqual(['5', '6', '7']);
    expect(died.reached).toHaveProperty('consumer.doneUnacknowledged', 3);
  });

  it('is done again after its node died', () => {
    expect(again([{ kind: 'crash', target: 'mq.0', at: '76ms', for: '10ms' }]).again).toEqual(['5', '6', '7']);
  });

  it('is nothing where each is acknowledged by itself', () => {
    expect(again([{ kind: 'crash', target: 'consumers.w.0', at: '76ms', for: '10ms' }], { multiple: undefined }).again).toEqual([]);
  });

  it('is lost together when the frame is', () => {
    const cut = again([{ kind: 'partition', between: ['consumers.w.0', 'mq'], at: '82ms', for: '8s' }]);
    expect(cut.reached).toHaveProperty('consumer.settlementLost');
    expect(cut.again.slice(0, 4)).toEqual(['5', '6', '7', '8']);
  });
});
