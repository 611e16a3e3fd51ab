import { describe, expect, it } from 'vitest';
import { createProgressLine } from '../../cli/progress.ts';

describe('the progress line', () => {
  const at = (fraction: number) => ({ fraction, simulatedSeconds: fraction * 600, events: fraction * 30e6 });

  it('says nothing in the first second, and leaves nothing behind', () => {
    let now = 0;
    const written: string[] = [];
    const line = createProgressLine('checkout', (text) => written.push(text), () => now);
    for (now = 0; now < 1000; now += 50) line.update(at(0.1));
    line.clear();
    expect(written).toEqual([]);
  });

  it('tells how far it is, how fast, and how long to go; ten times a second at most', () => {
    let now = 0;
    const written: string[] = [];
    const line = createProgressLine('checkout', (text) => written.push(text), () => now);
    now = 2000;
    line.update(at(0.25));
    now = 2050;
    line.update(at(0.26));
    line.clear();
    expect(written).toEqual(['\r\u001b[Kcheckout 25 % · 2.5 min simulated · 3.8 M events/s · 6 s left', '\r\u001b[K']);
  });
});
