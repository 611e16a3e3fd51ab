import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../scenarios/load.ts';

/** Each part is wrong in itself, and names a queue that does not exist. */
const text = `
faultline: 1
name: two
brokers: { mq: { kind: work-queue, queues: { jobs: { lesae: 30s, deadLetter: jobs.ded } } } }
producers: { p: { publish: mq/jbs, arrivals: { poisson: { rate: 80ms } } } }
consumers: { c: { subscribe: mq/jobs, prefetch: -1, service: 10ms, publish: [{ to: mq/xx }] } }
claims: [drained, at-least-once, { drained: { within: 5s } }]
`;

describe('a file with many mistakes', () => {
  it('is told of all of them at once, those between its parts too', () => {
    const loaded = parseScenario(text, 'two.yaml');
    if (loaded.ok) throw new Error('it was taken for valid');
    const errors = loaded.problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ path }) => path)).toEqual([
      'brokers.mq.queues.jobs.lesae', 'brokers.mq.queues.jobs.deadLetter',
      'producers.p.publish', 'producers.p.arrivals.poisson.rate',
      'consumers.c.prefetch', 'consumers.c.publish.0.to', 'claims.2',
    ]);
  });
});
