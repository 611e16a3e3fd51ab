/** What is told about faults of disks before anything runs. */
import { describe, expect, it } from 'vitest';
import { calm, problemsOf } from './scenario-text.ts';

const workQueue = (faults: string): string => calm(`phases: { measure: 10m }\nfaults: [${faults}]`);
const rabbit = (faults: string): string => workQueue(faults).replace('kind: work-queue', "kind: rabbitmq, version: '4.2', nodes: 3");
const found = (text: string) => problemsOf(text).map(({ severity, path, message }) => `${severity} ${path}: ${message}`);

describe('faults of disks', () => {
  it.each([
    '{ kind: torn-write, target: mq.0.disk, at: 1m, for: 1m }, { kind: crash, target: mq, scope: host, unsynced: any-subset, at: 90s, for: 1s }',
    '{ kind: crash, target: mq.0, scope: host, unsynced: corrupt-last, rate: 6/h, for: 1s }',
  ])('that make sense are left alone: %s', (faults) => {
    expect(found(workQueue(faults))).toEqual([]);
  });

  it.each([
    ['{ kind: crash, target: mq, unsynced: any-subset, at: 1m }', 'error faults.0.unsynced: a process that dies leaves all that it wrote to the operating system'],
    ['{ kind: crash, target: consumers.workers, scope: host, unsynced: any-subset, at: 1m }', 'error faults.0.unsynced: consumers.workers has no disk of which something could be left'],
    ['{ kind: torn-write, target: mq, at: 1m }', 'error faults.0.target: torn-write cannot strike mq'],
  ])('%s', (faults, expected) => {
    expect(found(workQueue(faults))).toEqual([expected]);
  });

  it.each([
    ['{ kind: torn-write, target: mq.1.disk, at: 1m }', 'error faults.0.target: what mq.1.disk does at torn-write is not modelled'],
    ['{ kind: crash, target: mq.1, scope: host, unsynced: any-subset, at: 1m }', 'error faults.0.unsynced: what of the page cache of mq.1 survives a loss of power is modelled as all or nothing'],
  ])('of brokers that are not modelled down to that are refused: %s', (faults, expected) => {
    expect(found(rabbit(faults))).toEqual([expected]);
  });
});
