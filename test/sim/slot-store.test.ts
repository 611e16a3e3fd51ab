import { describe, expect, it } from 'vitest';
import { AssertionFailure, LimitReached } from '../../sim/assert.ts';
import { longer, SlotStore } from '../../sim/slot-store.ts';

class Things extends SlotStore<number> {
  value = new Int32Array(64);
  readonly gone: number[] = [];

  constructor(limit?: number) {
    super('thing', limit);
  }

  create(value: number): number {
    const thing = this.take();
    this.value[thing] = value;
    return thing;
  }

  protected override freed(thing: number): void {
    this.gone.push(this.value[thing]!);
  }

  protected override grow(length: number): void {
    this.value = longer(this.value, length);
  }
}

describe('a store', () => {
  it('keeps an individual until the last who holds it lets go, and uses its id again', () => {
    const things = new Things();
    const first = things.create(1);
    things.hold(first);
    expect([things.release(first), things.isAlive(first), things.alive]).toEqual([false, true, 1]);
    expect([things.release(first), things.isAlive(first), things.alive, things.gone]).toEqual([true, false, 0, [1]]);
    expect(things.create(2)).toBe(first);
    expect([things.alive, things.bound]).toEqual([1, 1]);
  });

  it('says who is alive, and grows with them', () => {
    const things = new Things();
    const all = Array.from({ length: 1000 }, (_, value) => things.create(value));
    for (const thing of all) if (thing % 3 !== 0) things.release(thing);
    expect([...things.ids()]).toEqual(all.filter((thing) => thing % 3 === 0));
    expect([things.value[999], things.alive, things.bound]).toEqual([999, 334, 1000]);
    for (let value = 0; value < 666; value++) things.create(value);
    expect([things.alive, things.bound]).toEqual([1000, 1000]);
  });

  it('is broken by whoever lets go what nobody holds', () => {
    const things = new Things();
    const thing = things.create(1);
    things.release(thing);
    expect(() => things.release(thing)).toThrow(AssertionFailure);
  });

  it('ends the run when there are too many', () => {
    const things = new Things(128);
    for (let value = 0; value < 128; value++) things.create(value);
    expect(() => things.create(0)).toThrow(new LimitReached('more than 128 of a kind (thing) are alive at once'));
    things.release(0);
    expect(things.create(0)).toBe(0);
  });
});
