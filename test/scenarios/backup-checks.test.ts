/** What is told about backups and restores before anything runs. */
import { describe, expect, it } from 'vitest';
import { calm, problemsOf } from './scenario-text.ts';

const rabbit = (faults: string): string => calm(`phases: { measure: 10m }\nfaults: [${faults}]`).replace('kind: work-queue', "kind: rabbitmq, version: '4.2', nodes: 3");
const found = (text: string) => problemsOf(text).map(({ severity, path, message }) => `${severity} ${path}: ${message}`);

const backup = '{ kind: backup, target: mq, of: stopped, at: 1m, every: 2m }';

describe('backups and restores', () => {
  it.each([
    backup,
    '{ kind: backup, target: mq, of: snapshot, at: 1m, bandwidth: 10MB/s, slows: 3 }, { kind: restore, target: mq, at: 5m, after: 1m }',
    '{ kind: backup, target: mq, of: definitions, on: { after: confirmed, message: 3 } }',
  ])('that make sense are left alone: %s', (faults) => {
    expect(found(rabbit(faults))).toEqual([]);
  });

  it.each([
    ['{ kind: backup, target: mq.0, of: stopped, at: 1m }', ['error faults.0.target: a backup of some nodes alone is not modelled']],
    [`${backup}, { kind: restore, target: mq.1, at: 5m, after: 1m }`, ['error faults.1.target: a restore of some nodes alone is not modelled']],
    ['{ kind: backup, target: mq, of: stopped, rate: 1/h, every: 2m }', ['error faults.0.every: nothing says when the first backup is taken']],
    ['{ kind: backup, target: mq, of: definitions, at: 1m, bandwidth: 1MB/s }', ['error faults.0.bandwidth: definitions are small: nothing is copied that takes time']],
    ['{ kind: backup, target: mq, of: stopped, at: 1m, slows: 2 }', ['error faults.0.slows: a backup of stopped nodes slows nobody\'s disk']],
    ['{ kind: backup, target: mq, of: definitions, at: 1m, slows: 2 }', ['error faults.0.slows: a backup of definitions slows nobody\'s disk']],
    ['{ kind: restore, target: mq, at: 5m, after: 1m }', ['warning faults.0.target: mq is never backed up: everything in it is lost']],
    [`${backup}, { kind: restore, target: mq, at: 5m }`, ['warning faults.1.after: faults are healed before the nodes are there again: how long that takes is not measured']],
    ['{ kind: backup, target: consumers.workers, of: stopped, at: 1m }', ['error faults.0.target: backup cannot strike consumers.workers']],
  ])('%s', (faults, expected) => {
    expect(found(rabbit(faults)).sort()).toEqual([...expected].sort());
  });

  it('of a broker that is not known to stop in order are snapshots', () => {
    expect(found(calm(`faults: [${backup}, { kind: restore, target: mq, at: 30s, after: 1s }]`))).toEqual(['error faults.0.of: what mq does when it is told to stop is not modelled', 'warning faults.0.at: the fault never strikes']);
    expect(found(calm('faults: [{ kind: backup, target: mq, of: snapshot, at: 5s, every: 10s }, { kind: restore, target: mq, at: 30s, after: 1s }]'))).toEqual([]);
  });

  it('know no for: they end by themselves', () => {
    expect(found(rabbit(`${backup}, { kind: restore, target: mq, at: 5m, for: 1m }`))).toEqual(['error faults.1.for: the key "for" is not known here']);
  });
});
