/**
 * When messages come. A process yields its arrivals in *operational time*: nanoseconds that pass as the clock does
 * unless a burst makes them pass faster. So a change of speed rescales what is left of a gap, which is exact for a
 * Poisson process and what one means by "everything comes five times as fast" for the others.
 */
import { distribution } from '../sim/distribution.ts';
import type { RandomStream } from '../sim/random.ts';
import type { Nanos, PerSecond } from '../sim/units.ts';
import type { ArrivalsSpec } from './arrival-settings.ts';

export interface ArrivalProcess {
  /** Operational time of the next arrival, not before the last; Infinity when there is none. Not rounded. */
  next(): number;
}

/** @param stream draws everything random of this process; one stream for each producer */
export function arrivalProcess(spec: ArrivalsSpec, stream: RandomStream): ArrivalProcess {
  switch (spec.kind) {
    case 'constant':
      return new ConstantArrivals(spec.rate);
    case 'poisson':
      return new PoissonArrivals(spec.rate, stream);
    case 'renewal':
      return new RenewalArrivals(distribution(spec.gap).sampler(stream));
    case 'phases':
      return new PhasedArrivals(spec.steps, spec.repeat, spec.process === 'poisson' ? () => stream.exponential() : () => 1);
    case 'daily':
      return new PhasedArrivals(dailySteps(spec), true, spec.process === 'poisson' ? () => stream.exponential() : () => 1);
    case 'markovModulated':
      return new ModulatedArrivals(spec, stream);
    case 'recorded':
      return new RecordedTimes(spec.times);
  }
}

/** The nth comes at n / rate: counted, so that rounding does not add up. */
class ConstantArrivals implements ArrivalProcess {
  private count = 0;
  private readonly rate: PerSecond;
  constructor(rate: PerSecond) {
    this.rate = rate;
  }
  next(): number {
    return (++this.count / this.rate) * 1e9;
  }
}

class PoissonArrivals implements ArrivalProcess {
  private time = 0;
  private readonly meanGap: number;
  private readonly stream: RandomStream;
  constructor(rate: PerSecond, stream: RandomStream) {
    this.meanGap = 1e9 / rate;
    this.stream = stream;
  }
  next(): number {
    return (this.time += this.meanGap * this.stream.exponential());
  }
}

class RenewalArrivals implements ArrivalProcess {
  private time = 0;
  private readonly drawGap: () => number;
  constructor(drawGap: () => number) {
    this.drawGap = drawGap;
  }
  next(): number {
    return (this.time += this.drawGap());
  }
}

class RecordedTimes implements ArrivalProcess {
  private at = 0;
  private readonly times: readonly number[];
  constructor(times: readonly number[]) {
    this.times = times;
  }
  next(): number {
    return this.at < this.times.length ? this.times[this.at++]! : Infinity;
  }
}

export interface RateStep {
  readonly for: Nanos;
  readonly from: PerSecond;
  readonly to: PerSecond;
}

/**
 * A rate that changes linearly within each step. Arrivals are where the integral of the rate has grown by one more
 * draw (1 for an even stream, exponential for a Poisson process), which is exact: nothing is thinned.
 */
class PhasedArrivals implements ArrivalProcess {
  private step = 0;
  private intoStep = 0;
  private stepBegan = 0;
  private readonly steps: readonly RateStep[];
  private readonly repeat: boolean;
  private readonly drawArea: () => number;
  private readonly isDead: boolean;

  constructor(steps: readonly RateStep[], repeat: boolean, drawArea: () => number) {
    this.steps = steps;
    this.repeat = repeat;
    this.drawArea = drawArea;
    this.isDead = steps.every((step) => step.from === 0 && step.to === 0);
  }

  next(): number {
    if (this.isDead) return Infinity;
    let area = this.drawArea();
    while (this.step < this.steps.length) {
      const step = this.steps[this.step]!;
      const rate = step.from + ((step.to - step.from) * this.intoStep) / step.for;
      const left = step.for - this.intoStep;
      const areaLeft = ((rate + step.to) / 2) * (left / 1e9);
      if (area < areaLeft) {
        this.intoStep += timeForArea(area, rate, (step.to - rate) / (left / 1e9)) * 1e9;
        return this.stepBegan + this.intoStep;
      }
      area -= areaLeft;
      this.stepBegan += step.for;
      this.intoStep = 0;
      this.step++;
      if (this.step === this.steps.length && this.repeat) this.step = 0;
    }
    return Infinity;
  }
}

/** Seconds until the integral of `rate + slope t` is `area`, in the form that does not cancel. */
function timeForArea(area: number, rate: number, slope: number): number {
  if (area === 0) return 0;
  const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * area));
  return (2 * area) / (rate + root);
}

/** A raised cosine in 96 linear pieces: a quarter of an hour each for a day; the error is below 0.06 % of its height. */
function dailySteps(spec: { low: PerSecond; high: PerSecond; peakAt: Nanos; period: Nanos }): RateStep[] {
  const pieces = 96;
  const rateAt = (piece: number): number => {
    const angle = 2 * Math.PI * (piece / pieces - spec.peakAt / spec.period);
    return spec.low + ((spec.high - spec.low) * (1 + Math.cos(angle))) / 2;
  };
  return Array.from({ length: pieces }, (_, piece) => ({ for: spec.period / pieces, from: rateAt(piece), to: rateAt(piece + 1) }));
}

/** A Poisson process whose rate follows a Markov chain. */
class ModulatedArrivals implements ArrivalProcess {
  private time = 0;
  private state: string;
  private readonly spec: ArrivalsSpec & { kind: 'markovModulated' };
  private readonly stream: RandomStream;

  constructor(spec: ArrivalsSpec & { kind: 'markovModulated' }, stream: RandomStream) {
    this.spec = spec;
    this.stream = stream;
    this.state = spec.start ?? Object.keys(spec.states)[0]!;
  }

  next(): number {
    for (;;) {
      const arrivalRate = this.spec.states[this.state]!;
      const exits = Object.entries(this.spec.rates[this.state] ?? {});
      const exitRate = exits.reduce((sum, [, rate]) => sum + rate, 0);
      if (arrivalRate + exitRate === 0) return Infinity;
      this.time += (this.stream.exponential() / (arrivalRate + exitRate)) * 1e9;
      let choice = this.stream.double() * (arrivalRate + exitRate);
      if (choice < arrivalRate) return this.time;
      choice -= arrivalRate;
      const next = exits.find(([, rate]) => (choice -= rate) < 0) ?? exits[exits.length - 1]!;
      this.state = next[0];
    }
  }
}
