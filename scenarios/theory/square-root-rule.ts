/**
 * What the square-root rule says of a question to M/M/c: c = a + β√a, with Halfin and Whitt's probability of waiting for β
 * (Oper. Res. 29 (1981) 567) and the exponential wait of those that wait.
 */
import { halfinWhitt } from '../../models/theory/staffing.ts';
import type { SquareRootStaffing } from '../theory-result.ts';
import type { Question } from './evaluation.ts';
import type { Target } from './targets.ts';

interface Load {
  readonly erlangs: number;
  readonly serviceRate: number;
}

/** Null for other models, and for targets that the rule says nothing about. */
export function squareRootStaffing({ model, values, numbers, targets }: Question): SquareRootStaffing | null {
  if (model.name !== 'mmc') return null;
  const serviceRate = numbers(values['mu'], 'rate')!;
  const load: Load = { erlangs: numbers(values['lambda'], 'rate')! / serviceRate, serviceRate };
  const rules = targets.map((target) => ruleFor(target, load));
  if (!rules.every((rule) => rule !== undefined)) return null;
  const beta = leastBeta((candidate) => rules.every((holds) => holds(candidate)));
  const servers = Math.ceil(load.erlangs + beta * Math.sqrt(load.erlangs));
  return Number.isSafeInteger(servers) ? { load: load.erlangs, beta, servers } : null;
}

/** Whether a target is met with β. */
function ruleFor({ metric, given, limit }: Target, { erlangs, serviceRate }: Load): ((beta: number) => boolean) | undefined {
  const spare = (beta: number) => beta * Math.sqrt(erlangs) * serviceRate;
  const tail = (beta: number, time: number) => halfinWhitt(beta) * Math.exp(-spare(beta) * time);
  switch (metric) {
    case 'P_wait': return (beta) => halfinWhitt(beta) <= limit;
    case 'Wq': return (beta) => halfinWhitt(beta) / spare(beta) <= limit;
    case 'Wq_quantile': return (beta) => tail(beta, limit) <= 1 - given['p']!;
    case 'P_Wq_gt_t': return (beta) => tail(beta, given['t']!) <= limit;
    default: return undefined;
  }
}

/** Each target is easier to meet with a larger β; beyond 100 the probability of waiting is no number any more. */
function leastBeta(holds: (beta: number) => boolean): number {
  let [low, high] = [0, 100];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
