/** Queues in which dead letters wait until they expire and come back: nobody reads them, and nothing rests there. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';

type Brokers = ScenarioSettings['brokers'];

/** The first handling of each message is refused; it waits a minute, and is handled. */
function verdicts(brokers: Brokers, drain: string): Record<string, string> {
  const { verdicts: each, messages } = runScenario(createScenario({
    faultline: 1, name: 'retry queue', phases: { measure: '10s', drain }, brokers,
    producers: { web: { publish: 'mq/work', arrivals: { constant: { rate: '2/s' } }, confirm: {} } },
    consumers: { w: { subscribe: 'mq/work', service: '10ms', failure: { probability: 0.5, then: 'reject' } } },
    claims: ['at-least-once', 'exactly-once-effect', 'drained'],
  }));
  return { ...Object.fromEntries(each.map(({ claim, verdict }) => [claim, verdict])), left: String(messages.ready > 0) };
}

const ofRabbit: Brokers = {
  mq: {
    kind: 'rabbitmq', version: '4.2',
    queues: {
      work: { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'wait' } },
      wait: { arguments: { 'x-message-ttl': '1m', 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' } },
    },
  },
};
const ofWorkQueue: Brokers = { mq: { kind: 'work-queue', queues: { work: { deadLetter: 'wait' }, wait: { ttl: '1m', deadLetter: 'work' } } } };

describe.each([['RabbitMQ', ofRabbit], ['the work queue', ofWorkQueue]])('a retry queue of %s', (_, brokers) => {
  it('is waited for', () => {
    expect(verdicts(brokers, '1h')).toMatchObject({ 'at-least-once': 'pass', 'exactly-once-effect': 'pass', drained: 'pass', left: 'false' });
  });

  it('is no end for what is in it when the time is over', () => {
    expect(verdicts(brokers, '30s')).toMatchObject({ 'at-least-once': 'unknown', 'exactly-once-effect': 'unknown', drained: 'fail', left: 'true' });
  });
});
