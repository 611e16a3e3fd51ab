import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ObjectiveError, parseObjective } from '../../scenarios/objective.ts';
import { calm, problemsOf } from './scenario-text.ts';

describe('an objective', () => {
  it.each([
    ['p99(payments.sojourn) < 45s', { statistic: { kind: 'percentile', q: 0.99 }, of: 'payments', measure: 'sojourn', comparison: '<', limit: 45, unit: 's' }],
    ['p99.9(a.waiting)<=1.5ms', { statistic: { kind: 'percentile', q: 0.999 }, of: 'a', measure: 'waiting', comparison: '<=', limit: 0.0015, unit: 's' }],
    ['p99.99(a.service) < 1h30m', { statistic: { kind: 'percentile', q: 0.9999 }, limit: 5400 }],
    ['p1(a.service) > 0', { statistic: { kind: 'percentile', q: 0.01 }, limit: 0 }],
    ['  mean ( orders-mq/orders.dead.sojourn )  >=  2m ', { statistic: { kind: 'mean' }, of: 'orders-mq/orders.dead', measure: 'sojourn', comparison: '>=', limit: 120 }],
    ['max(a.sojourn) < 3s', { statistic: { kind: 'max' } }],
    ['throughput(payments) > 190/s', { statistic: { kind: 'throughput' }, of: 'payments', measure: '', limit: 190, unit: '/s' }],
    ['throughput() > 60/min', { of: '', limit: 1, unit: '/s' }],
    ['utilisation(a) < 80%', { statistic: { kind: 'utilisation' }, limit: 0.8, unit: '' }],
    ['backlog(mq/jobs) < 1e4', { statistic: { kind: 'backlog' }, of: 'mq/jobs', limit: 10_000 }],
    ['loss() <= 0', { statistic: { kind: 'loss' }, of: '', limit: 0 }],
    ['loss(web) < 0.01%', { of: 'web', limit: 0.0001 }],
    ['duplicates() <= 12', { statistic: { kind: 'duplicates' }, limit: 12, unit: '' }],
    ['recoveryPoint() < 24h', { statistic: { kind: 'recoveryPoint' }, of: '', limit: 86_400, unit: 's' }],
    ['recoveryTime() < 1h', { statistic: { kind: 'recoveryTime' }, limit: 3600, unit: 's' }],
    ['recoveryDrain() < 2h', { statistic: { kind: 'recoveryDrain' }, limit: 7200, unit: 's' }],
    ['recoveryLoss() <= 100', { statistic: { kind: 'recoveryLoss' }, limit: 100, unit: '' }],
    ['drain() < 90s', { statistic: { kind: 'drain' }, limit: 90, unit: 's' }],
  ])('%j is read', (text, expected) => {
    expect(parseObjective(text)).toMatchObject({ text, ...expected });
  });

  it.each([
    ['', 0, 'a statistic is wanted'],
    ['p100(a.sojourn) < 1s', 0, 'p100(a.sojourn) < 1s'.slice(0, 4)],
    ['p0(a.sojourn) < 1s', 0, 'p0 is not a percentile'],
    ['p99.999(a.sojourn) < 1s', 0, 'p99.999 is not a percentile'],
    ['men(a.sojourn) < 1s', 0, '"men" is not a statistic'],
    ['mean a.sojourn < 1s', 5, 'an opening bracket is wanted'],
    ['mean(a.sojourn < 1s', 19, 'a closing bracket is missing'],
    ['mean(a) < 1s', 5, 'a target and its measure are wanted'],
    ['mean( .sojourn) < 1s', 6, 'a target and its measure are wanted'],
    ['mean(a.sojorn) < 1s', 7, '"sojorn" is not a measure'],
    ['mean(a b.sojourn) < 1s', 5, '"a b" is not the name of a target'],
    ['throughput(a.sojourn) > 1/s', 11, 'throughput has no sojourn'],
    ['backlog() < 3', 8, 'a target is wanted'],
    ['drain(a) < 3s', 6, 'drain() is one of the whole scenario'],
    ['mean(a.sojourn) 1s', 16, '"1s" is not a comparison'],
    ['mean(a.sojourn) == 1s', 16, '"==" is not a comparison'],
    ['mean(a.sojourn)', 15, 'a comparison is wanted'],
    ['mean(a.sojourn) <', 17, 'a quantity is wanted'],
    ['mean(a.sojourn) < 5', 18, '"5" is not a duration'],
    ['throughput(a) > 5s', 16, '"5s" is not a rate'],
    ['utilisation(a) < much', 17, '"much" is not a number'],
    ['loss() < 2', 9, '"2" is not a probability'],
  ])('%j is refused at character %i', (text, from, message) => {
    const error = errorOf(text);
    expect(error.message).toContain(message);
    expect(error.from).toBe(from);
    expect(error.to).toBeGreaterThan(from);
    expect(error.hint).not.toBe('');
  });

  it.each([['men(a.sojourn) < 1s', 'mean'], ['throughputs(a) > 1/s', 'throughput'], ['p99.0(a.sojourm) < 1s', 'sojourn']])('%j gets a suggestion', (text, meant) => {
    expect(errorOf(text).hint).toBe(`did you mean ${meant}?`);
  });

  it('is never anything but read or refused', () => {
    const piece = fc.constantFrom('p99', 'mean', 'drain', '(', ')', 'a', '.sojourn', '/', ' ', '<', '>=', '1s', '5/s', '%', '$', '9'.repeat(200), '\n');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        try {
          return parseObjective(text).text === text;
        } catch (error) {
          return error instanceof ObjectiveError && error.from >= 0 && error.from <= text.length && error.to > error.from;
        }
      }),
      { seed: 7, numRuns: 3000 },
    );
  });
});

describe('in a scenario', () => {
  const at = (objective: string) => problemsOf(calm(`objectives: [${JSON.stringify(objective)}]`)).map(({ line, column, message, hint }) => ({ line, column, message, hint }));

  it.each([
    ['max(worker.sojourn) < 1s', 19, 'no consumer group or queue is called "worker"', 'did you mean workers?'],
    ['max(mq/job.sojourn) < 1s', 19, 'no consumer group or queue is called "mq/job"', 'did you mean mq/jobs?'],
    ['utilisation(web) < 1', 27, 'no consumer group is called "web"', undefined],
    ['backlog(mq/job) < 1', 23, 'no queue is called "mq/job"', 'did you mean mq/jobs?'],
    ['loss(workers) <= 0', 20, 'no producer is called "workers"', undefined],
    ['max(workers.sojourn) < soon', 38, '"soon" is not a duration', expect.any(String)],
  ])('%s points into the text', (objective, column, message, hint) => {
    expect(at(objective)).toEqual([{ line: 9, column, message, hint }]);
  });

  it('of a group, a producer, a queue or everything is fine', () => {
    for (const objective of ['throughput(web) > 1/s', 'throughput(workers) > 1/s', 'throughput(mq/jobs) > 1/s', 'throughput() > 1/s', 'loss(web) <= 0']) {
      expect(at(objective), objective).toEqual([]);
    }
  });
});

function errorOf(text: string): ObjectiveError {
  try {
    parseObjective(text);
  } catch (error) {
    if (error instanceof ObjectiveError) return error;
  }
  throw new Error(`"${text}" should be refused`);
}
