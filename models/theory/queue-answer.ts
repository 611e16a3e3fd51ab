/**
 * What every model of a station with a waiting line answers. Times are in the unit of the parameters (seconds where rates
 * are per second), rates in its inverse.
 *
 * An unstable system is an answer, too: `growthRate` says how fast its backlog grows, means, variances and quantiles are
 * Infinity, and the probability of waiting is 1.
 */
export interface QueueAnswer {
  /** As in Kendall's notation: `M/M/c`. An approximation names itself here: `G/G/c (Whitt 1993)`. */
  readonly model: string;
  /** For an approximation, its known error in words; absent where the answer is exact. */
  readonly knownError?: string;
  /** Offered load per server; above 1 in an overloaded system. */
  readonly utilisation: number;
  /** Messages served per time unit. */
  readonly throughput: number;
  /** Messages per time unit by which the backlog grows; 0 in a stable system. */
  readonly growthRate: number;
  readonly meanNumberInSystem: number;
  /** Of those that wait. */
  readonly meanQueueLength: number;
  readonly meanSojournTime: number;
  readonly meanWaitingTime: number;
  readonly waitingTimeVariance: number;
  /** That a message which arrives finds no free server. */
  readonly waitingProbability: number;
  /** P(waiting time > t); NaN is never returned: a model without the law has no such member. */
  waitingTail?(t: number): number;
  /** The least t with P(waiting time ≤ t) ≥ p, for 0 ≤ p < 1; 0 where the atom at zero reaches p. */
  waitingQuantile?(p: number): number;
  sojournTail?(t: number): number;
  sojournQuantile?(p: number): number;
}

/** Of models that know means alone. */
export type MeanAnswer = Pick<
  QueueAnswer,
  'model' | 'utilisation' | 'throughput' | 'growthRate' | 'meanNumberInSystem' | 'meanQueueLength' | 'meanSojournTime' | 'meanWaitingTime'
>;

/** The answer of an infinite line that is offered more than it can serve, or just as much. */
export function unstableAnswer(model: string, arrivalRate: number, capacity: number): QueueAnswer {
  return {
    model,
    utilisation: arrivalRate / capacity,
    throughput: capacity,
    growthRate: Math.max(0, arrivalRate - capacity),
    meanNumberInSystem: Infinity,
    meanQueueLength: Infinity,
    meanSojournTime: Infinity,
    meanWaitingTime: Infinity,
    waitingTimeVariance: Infinity,
    waitingProbability: 1,
    waitingTail: () => 1,
    waitingQuantile: (p) => (p === 0 ? 0 : Infinity),
    sojournTail: () => 1,
    sojournQuantile: (p) => (p === 0 ? 0 : Infinity),
  };
}
