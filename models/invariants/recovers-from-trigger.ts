import { z } from 'zod';
import type { Nanos } from '../../sim/units.ts';
import { none } from '../message.ts';
import { duration, positiveDuration } from '../settings.ts';
import type { World } from '../world.ts';
import { type EndOfRun, type Finding, invariant, seconds, Violations } from './invariant.ts';

interface Compared {
  readonly window: Nanos;
  readonly share: number;
}

/** How a system that did not recover in time stands; `must` is the window from which it had to. */
interface Late {
  readonly offered: number;
  readonly gone: Nanos;
  readonly must: number;
  /** Undefined where it never was back. */
  readonly back: Nanos | undefined;
}

/** What happened in one window. */
class Window {
  published = 0;
  good = 0;
  attempts = 0;
  retries = 0;
  /** Work that somebody did, and how much of it was for nobody any more. */
  done = 0;
  expired = 0;
}

/**
 * L6. When the trigger of an overload is gone, the overload goes too. Where it does not, what began under the trigger keeps itself up: a
 * metastable failure (Bronson et al., HotOS 2021; Huang et al., "Metastable Failures in the Wild", OSDI 2022).
 */
export const recoversFromTrigger = invariant({
  claim: 'recovers-from-trigger',
  id: 'L6',
  means: 'Soon after the last fault is over, as much succeeds as is offered, and that stays so: no overload keeps itself up.',
  parameters: {
    within: duration().default(30e9).describe('Of the end of the last fault.'),
    window: positiveDuration().default(5e9).describe('What is offered and what succeeds is compared in windows of this length.'),
    share: z.number().gt(0).max(1).default(0.9).describe('Of what is offered on average: what has to succeed in every window.'),
    of: z.enum(['effects', 'confirms']).default('effects').describe('What counts as a success: a first effect, or a confirm in time.'),
  },
  judge(world, settings) {
    const { sim, attempts } = world;
    const windows: Window[] = [];
    let current = new Window();
    let until = 0;
    const now = (): Window => {
      if (sim.now < until) return current;
      const index = Math.floor(sim.now / settings.window);
      while (windows.length <= index) windows.push(new Window());
      until = (index + 1) * settings.window;
      return (current = windows[index]!);
    };
    const byEffects = {
      handled(_delivery: unknown, effects: number) {
        const window = now();
        window.done++;
        if (effects === 1) window.good++;
        else window.expired++;
      },
    };
    const byConfirms = {
      confirmReceived(_attempt: unknown, inTime: boolean) {
        const window = now();
        window.done++;
        if (inTime) window.good++;
        else window.expired++;
      },
    };
    return {
      published() {
        now().published++;
      },
      sent(attempt) {
        if (attempts.origin[attempt] !== none) return;
        const window = now();
        window.attempts++;
        if (attempts.number[attempt]! > 1) window.retries++;
      },
      ...(settings.of === 'effects' ? byEffects : byConfirms),
      verdict(end): Finding {
        if (end.strikes.length === 0) return { verdict: 'unknown', reason: 'no fault struck' };
        const gone = end.strikes.reduce((last, strike) => Math.max(last, strike.end), 0);
        // Whole windows that begin when nothing is wrong any more, while producers still publish.
        const from = Math.ceil(gone / settings.window);
        // After the last message nothing is offered any more.
        const to = Math.min(Math.floor(end.healedAt / settings.window), windows.findLastIndex(({ published }) => published > 0));
        const must = Math.ceil((gone + settings.within) / settings.window);
        if (!(must < to)) return { verdict: 'unknown', reason: `producers stopped before a window of ${seconds(settings.window)} had passed after the time to recover` };
        const after = Array.from({ length: to - from }, (_, index) => windows[from + index] ?? new Window());
        const offered = after.reduce((sum, { published }) => sum + published, 0) / after.length;
        if (offered === 0) return { verdict: 'unknown', reason: 'nothing was offered when the faults were over' };
        const bad = after.findLastIndex(({ good }) => good < settings.share * offered);
        const back = (from + bad + 1) * settings.window;
        if (from + bad < must) return { verdict: 'pass', reason: bad < 0 ? 'as much succeeded as was offered as soon as the faults were over' : `as much succeeded as was offered ${seconds(back - gone)} after the faults` };
        return metastable(world, settings, end, after.slice(must - from), { offered, gone, must, back: from + bad + 1 < to ? back : undefined });
      },
    };
  },
});

function metastable(world: World, settings: Compared, end: EndOfRun, rest: readonly Window[], { offered, gone, must, back }: Late): Finding {
  const sum = (what: keyof Window): number => rest.reduce((all, window) => all + window[what], 0);
  const percent = (part: number, of: number): string => `${of === 0 ? 0 : Math.round((100 * part) / of)} %`;
  const violations = new Violations(world);
  for (const [index, { good }] of rest.entries()) {
    const said = `${good} succeeded in ${seconds(settings.window)}; ${Math.round(offered)} are offered on average.`;
    if (good < settings.share * offered) violations.addWithoutMessage('goodput', said, (must + index) * settings.window);
  }
  const loop = `${percent(sum('retries'), sum('attempts'))} of attempts were retries, ${percent(sum('expired'), sum('done'))} of the work was for nobody any more`;
  const when = back === undefined ? `not by ${seconds(end.healedAt)}` : `only ${seconds(back - gone)} after the faults`;
  const name = sum('retries') + sum('expired') > 0 ? 'metastable' : 'overloaded';
  return { ...violations.finding('window', 'windows'), reason: `${name}: as much as was offered succeeded ${when}; ${loop}` };
}
