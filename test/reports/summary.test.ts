import { describe, expect, it } from 'vitest';
import { summarise } from '../../reports/summary.ts';
import { emptyResult, failingResult, hostileResult, manyFaultsResult, restoredResult, sampleResult, sparseResult, unconsumedResult, unknownResult } from './sample-result.ts';

const plain = { colour: false, width: 100 };
const all = { sample: sampleResult(), failing: failingResult(), unknown: unknownResult(), unconsumed: unconsumedResult(), empty: emptyResult(), faults: manyFaultsResult(), sparse: sparseResult(), hostile: hostileResult(), restored: restoredResult() };

describe('summarise', () => {
  it('says the verdict first and the command last', () => {
    const lines = summarise(failingResult(), plain).trimEnd().split('\n');
    expect(lines[0]).toBe('✗ FAIL checkout');
    expect(lines[1]).toContain('1 of 3 claims is broken (at-least-once), 1 of 3 claims is unproven (exactly-once-effect), 2 of 5');
    expect(lines.at(-1)).toBe(`reproduce: ${failingResult().reproduce.command}`);
  });

  it('names the witness of a broken claim, the margin of an objective and what a fault did', () => {
    const text = summarise(failingResult(), plain);
    expect(text).toContain('witness web.2/24117 at 120 s: confirmed at 119.96 s, lost by crash(F1)');
    expect(text).toContain('✗ at-least-once: 9 confirmed messages were never handled\n');
    expect(text).toContain('✗ order-per-key: messages of a key overtook an earlier one; 12 messages broke it\n');
    expect(text).toContain('✗ p99(payments.sojourn) < 10s: 21.8 s, margin −11.8 s (118 %)');
    expect(text).toContain('? p99(refunds.sojourn) < 1s: not observed');
    expect(text).toContain('F1 crash orders-mq.0, 120 s to 140 s: 9 copies');
    expect(summarise(manyFaultsResult(), plain)).toContain('F6 slow disk ×7 orders-mq.2, from 185 s on:');
    expect(summarise(manyFaultsResult(), plain)).toContain('changed nothing');
  });

  it('says of each recovery from what, what that cost, and how long it took', () => {
    const text = summarise(restoredResult(), plain).replaceAll('\n    ', ' ');
    expect(text.slice(text.indexOf('Recoveries\n'), text.indexOf('Ledger\n')).trim().split('\n').slice(1)).toEqual([
      '  F2 orders-mq: disks lost at 100 s, restored from the snapshot of 60 s; recovery point 40 s, 424 confirmed messages lost, 24 of them published before the backup was taken (the oldest 66 s before the loss); 1,197 messages came back that had left (1,150 took effect again, 47 held back by an idempotency store); recovery time 34.5 s, backlog drained after 90 s',
      '  F3 orders-mq: disks lost at 100 s, restored from the definitions of 60 s, which hold no messages; recovery point ∞, 1 confirmed message lost; nothing came back that had left; recovery time 34.5 s, and its backlog was not drained at the end',
      '  F4 orders-mq: disks lost at 100 s, nothing to restore from; recovery point ∞, 1 confirmed message lost; nothing came back that had left; it did not serve again in this run',
      '  F5 orders-mq: disks lost at 100 s, restored from the backup of 60 s; recovery point 40 s, 1 confirmed message lost; nothing came back that had left; healed before somebody was through with it, so its recovery time is not known',
    ]);
    expect(summarise(sampleResult(), plain)).not.toContain('Recoveries');
  });

  it('says why nothing was proven', () => {
    expect(summarise(unknownResult(), { colour: false, width: 120 })).toContain('The claim is unproven (drained). The run was cut short: the limit of 1,000,000 events was reached at 277 s.');
    expect(summarise(emptyResult(), plain)).toContain('The scenario claims nothing and sets no objectives.');
  });

  it.each(Object.entries(all))('has the ledger, and no line wider than asked: %s', (_, result) => {
    for (const width of [40, 41, 60, 80, 120]) {
      const lines = summarise(result, { colour: false, width }).trimEnd().split('\n');
      expect(lines).toContain('Ledger');
      expect(Math.max(...lines.slice(0, -1).map((line) => line.length))).toBeLessThanOrEqual(width);
      expect(lines.at(-1)).toMatch(/^reproduce: /);
    }
  });

  it('keeps to widths that can be read', () => {
    expect(summarise(failingResult(), { colour: false, width: 10 })).toBe(summarise(failingResult(), { colour: false, width: 40 }));
    expect(summarise(failingResult(), { colour: false, width: 999 })).toBe(summarise(failingResult(), { colour: false, width: 120 }));
  });

  it('paints only when asked, and says the same in colour', () => {
    const painted = summarise(failingResult(), { colour: true, width: 80 });
    expect(painted).toContain('\u001b[31m✗ FAIL\u001b[39m checkout');
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(summarise(failingResult(), { colour: false, width: 80 }));
  });

  it('lets no name drive the terminal', () => {
    expect(summarise(hostileResult(), plain)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
  });
});
