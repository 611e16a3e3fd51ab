import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Labelled, lanesUsed, planLanes } from '../../reports/lanes.ts';

/** The stretch that an interval and its label cover in its lane. */
function covered(interval: Labelled, flushRight: boolean): readonly [number, number] {
  return flushRight
    ? [Math.min(interval.begin, interval.end - interval.labelLength), interval.end]
    : [interval.begin, Math.max(interval.end, interval.begin + interval.labelLength)];
}

describe('planLanes', () => {
  it('lets intervals share a lane that do not meet, labels included', () => {
    const placed = planLanes([{ begin: 120, end: 140, labelLength: 80 }, { begin: 300, end: 315, labelLength: 80 }], 600, 5);
    expect(placed).toEqual([{ lane: 0, flushRight: false }, { lane: 0, flushRight: false }]);
  });

  it('moves an interval up when a label is in its way, though its band is not', () => {
    const placed = planLanes([{ begin: 100, end: 110, labelLength: 80 }, { begin: 150, end: 160, labelLength: 80 }], 600, 5);
    expect(placed.map(({ lane }) => lane)).toEqual([0, 1]);
  });

  it('writes a label before the right edge and not over it', () => {
    expect(planLanes([{ begin: 560, end: 600, labelLength: 80 }], 600, 5)).toEqual([{ lane: 0, flushRight: true }]);
  });

  it('says which intervals have no room', () => {
    const placed = planLanes(Array.from({ length: 4 }, () => ({ begin: 0, end: 600, labelLength: 10 })), 600, 3);
    expect(placed.map(({ lane }) => lane)).toEqual([0, 1, 2, null]);
    expect(lanesUsed(placed)).toBe(3);
  });

  it('never lets two in a lane collide', () => {
    const intervals = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 150 })), { maxLength: 40 })
      .map((list) => list.map(([begin, length, labelLength]) => ({ begin, end: Math.min(600, begin + length), labelLength })).sort((a, b) => a.begin - b.begin));
    fc.assert(fc.property(intervals, fc.integer({ min: 1, max: 12 }), (list, lanesMax) => {
      const placed = planLanes(list, 600, lanesMax);
      for (let a = 0; a < list.length; a++) {
        for (let b = 0; b < a; b++) {
          if (placed[a]!.lane === null || placed[a]!.lane !== placed[b]!.lane) continue;
          const [from, to] = covered(list[a]!, placed[a]!.flushRight);
          const [otherFrom, otherTo] = covered(list[b]!, placed[b]!.flushRight);
          expect(from >= otherTo || otherFrom >= to).toBe(true);
        }
      }
      expect(lanesUsed(placed)).toBeLessThanOrEqual(lanesMax);
    }), { seed: 2 });
  });
});
