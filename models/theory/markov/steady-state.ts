/** Where a Markov chain is in the long run. */
import { refuse } from '../checks.ts';
import { sumOf } from '../numerics/sums.ts';
import { absorption } from './absorption.ts';
import { distributionOf, requireRates, requireTransitionProbabilities, type Start, type Table } from './chain.ts';
import { closedClasses } from './classes.ts';
import { Elimination } from './elimination.ts';

/**
 * The share of time that a continuous chain spends in each state in the long run; transient states have 0.
 *
 * A chain with several closed classes ends up in one of them: `start`, a state or a distribution, says how likely in which.
 *
 * Elimination without subtraction (Grassmann, Taksar and Heyman 1985): each probability, however small, has a relative
 * error of about 1e-14 for hundreds of states, also when rates differ by many decades. O(n³): a second for 1000 states.
 *
 * @param rates row = from, column = to, in 1/s; the diagonal is not looked at
 * @throws ImpossibleParameters for a negative rate, and for several closed classes without a start
 */
export function steadyStateOfRates(rates: Table, start?: Start): number[] {
  requireRates('rates', rates);
  return longRun(rates, start, (from) => absorption({ rates, ...from }));
}

/**
 * The share of steps after which a discrete chain is in each state in the long run (of a periodic chain: the average over
 * a period). All else as for rates.
 */
export function steadyStateOfProbabilities(probabilities: Table, start?: Start): number[] {
  requireTransitionProbabilities('probabilities', probabilities);
  return longRun(probabilities, start, (from) => absorption({ probabilities, ...from }));
}

type Absorbed = (from: { start: Start; absorbing: readonly number[] }) => { readonly probabilities: readonly number[] };

function longRun(table: Table, start: Start | undefined, absorbed: Absorbed): number[] {
  const classes = closedClasses(table);
  const result = new Array<number>(table.length).fill(0);
  if (start !== undefined) distributionOf('start', start, table.length);
  const shares = classes.length === 1 ? [1] : sharesOf(classes, start, absorbed);
  classes.forEach((states, index) => {
    if (shares[index] === 0) return;
    const within = new Elimination(table, states).stationary();
    states.forEach((state, row) => { result[state] = shares[index]! * within[row]!; });
  });
  return result;
}

/** The probability of ending up in each closed class. */
function sharesOf(classes: readonly (readonly number[])[], start: Start | undefined, absorbed: Absorbed): number[] {
  if (start === undefined) {
    const named = classes.map((states) => `{${states.slice(0, 8).join(', ')}${states.length > 8 ? ', …' : ''}}`);
    refuse('start', undefined, `a start for a chain that may end in any of ${classes.length} closed classes, ${named.slice(0, 6).join(' ')}${classes.length > 6 ? ' …' : ''},`);
  }
  const { probabilities } = absorbed({ start, absorbing: classes.flat() });
  let begin = 0;
  return classes.map((states) => sumOf(probabilities.slice(begin, begin += states.length)));
}
