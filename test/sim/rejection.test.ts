/** Draws that are too rare to wait for: the bits of the generator are given. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RandomStreams } from '../../sim/random.ts';
import { exponentialZiggurat, normalZiggurat } from '../../sim/ziggurat.ts';

const bits = vi.hoisted(() => [] as number[]);
vi.mock('seedrandom/lib/tychei.js', () => ({
  default: () => ({
    int32: () => {
      if (bits.length === 0) throw new Error('one draw too many');
      return bits.shift()! | 0;
    },
    double: () => 0.5,
  }),
}));

const stream = (...given: number[]) => {
  bits.push(...given);
  return new RandomStreams(1).stream('given');
};
/** Bits that choose this layer of a ziggurat, and this place of 24 bits in it. */
const at = (layer: number, place: number) => place * 256 + layer;

afterEach(() => {
  expect(bits.splice(0)).toEqual([]);
});

describe('a draw is made again', () => {
  it('where one number more falls on some values than on others', () => {
    // 2^32 is one more than a multiple of three, so one number has to go: the lowest.
    expect(stream(0, 0x8000_0000).below(3)).toBe(1);
    expect(stream(1).below(3)).toBe(0);
    expect(stream(0xffff_ffff).below(3)).toBe(2);
    // Of 2^53 numbers two are left over when each below 2^53 - 2 has had one: the two lowest go.
    expect(stream(0, 1, 0, 7).below(2 ** 53 - 2)).toBe(7);
  });

  it('never where all fall alike', () => {
    expect(stream(0).below(4)).toBe(0);
    expect(stream(0, 0).below(2 ** 53)).toBe(0);
  });

  it('beyond the edge of the exponential, where the law begins anew', () => {
    const { edge, width } = exponentialZiggurat;
    expect(stream(at(0, 0xff_ffff), at(0, 0xff_ffff), at(9, 100)).exponential()).toBe(edge + edge + 100.5 * width[9]);
  });

  it('between the density and its steps', () => {
    // Half way up a layer, a place just inside of its right end is above the density, one far from it below.
    const { width, inside } = exponentialZiggurat;
    expect(stream(at(200, 0xff_ffff), at(9, 100)).exponential()).toBe(100.5 * width[9]);
    expect(stream(at(200, inside[200])).exponential()).toBe((inside[200] + 0.5) * width[200]);
    expect(stream(at(200, 0x7f_ffff), at(9, 100)).normal()).toBe(100.5 * normalZiggurat.width[9]);
    expect(stream(at(200, normalZiggurat.inside[200])).normal()).toBe((normalZiggurat.inside[200] + 0.5) * normalZiggurat.width[200]);
  });

  it('beyond the edge of the normal, on the side where it fell', () => {
    const { edge } = normalZiggurat;
    const [near, high] = [at(9, 100), at(9, 0xf00000)];
    const x = (100.5 * exponentialZiggurat.width[9]) / edge;
    expect(stream(at(0, 0x7f_ffff), near, high).normal()).toBe(edge + x);
    expect(stream(at(0, 0x80_0000), near, high).normal()).toBe(-(edge + x));
  });
});
