import { count, positiveDuration } from '../settings.ts';
import { invariant, seconds, Violations } from './invariant.ts';

/** L3. While a fault lasts, any window of W within it has at least so many effects. (As `progress_during_fault` of Redpanda's chaos tests.) */
export const progressUnderFault = invariant({
  claim: 'progress-under-fault',
  id: 'L3',
  means: 'While a fault lasts, work goes on: in any window of the time given there are as many effects as are asked for.',
  parameters: {
    within: positiveDuration().default(10e9).describe('The window.'),
    effects: count(1).default(1).describe('Effects in each.'),
  },
  judge(world, { within, effects }) {
    const { sim } = world;
    const times: number[] = [];
    let lastSent = 0;
    return {
      sent() {
        lastSent = sim.now;
      },
      handled(_delivery, count) {
        if (count > 0) times.push(sim.now);
      },
      verdict(end) {
        const violations = new Violations(world);
        // Who has nothing to do makes no progress.
        const until = end.isDrained ? Math.max(lastSent, times.at(-1) ?? 0) : end.now;
        let judged = 0;
        for (const [index, strike] of end.strikes.entries()) {
          const to = Math.min(strike.end, until);
          if (to - strike.begin < within) continue;
          judged++;
          const marks = [strike.begin, ...times.filter((time) => time > strike.begin && time < to), to];
          const worst = longestWithFewer(marks, effects);
          if (worst.took > within) violations.addWithoutMessage(`strike ${index + 1}`, `From ${seconds(worst.from)} on there were fewer than ${effects} effects in ${seconds(worst.took)}; ${seconds(within)} are allowed.`, worst.from);
        }
        if (violations.count > 0) return violations.finding('strike stopped the work', 'strikes stopped the work');
        return judged === 0 ? { verdict: 'unknown', reason: `no fault lasted for ${seconds(within)} while there was work` } : { verdict: 'pass' };
      },
    };
  },
});

/** The longest open interval between two marks that has fewer than so many marks in it. */
function longestWithFewer(marks: readonly number[], effects: number): { from: number; took: number } {
  let worst = { from: marks[0]!, took: 0 };
  for (let index = 0; index + 1 < marks.length; index++) {
    const next = marks[Math.min(index + effects, marks.length - 1)]!;
    if (next - marks[index]! > worst.took) worst = { from: marks[index]!, took: next - marks[index]! };
  }
  return worst;
}
