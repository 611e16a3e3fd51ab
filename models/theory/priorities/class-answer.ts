/** What a station with priorities answers for each class of messages; class 1, the highest, comes first. */
export interface ClassAnswer {
  /** Load per server of this class and all that go before it; they are stable when it is below 1, whatever comes behind them. */
  readonly load: number;
  /** Messages per time unit by which the backlog of the class grows; 0 when it is stable. */
  readonly growthRate: number;
  /** All the time in which a message of the class is not served. */
  readonly meanWaitingTime: number;
  readonly meanSojournTime: number;
}

export function unstableClass(load: number, growthRate: number): ClassAnswer {
  return { load, growthRate, meanWaitingTime: Infinity, meanSojournTime: Infinity };
}
