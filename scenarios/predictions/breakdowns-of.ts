/** Workers that break down and are repaired: a life cycle of just these two states, as theory can solve it together with the queue. */
import type { ConsumerSpec } from '../../models/consumer-settings.ts';

export interface WorkerBreakdowns {
  /** Per second and worker. */
  readonly failureRate: number;
  readonly repairRate: number;
}

/** More workers than this take theory longer than a prediction beside a run may. */
const workersMax = 60;

export function breakdownsOf({ lifecycle, concurrency, count, acknowledge }: ConsumerSpec): WorkerBreakdowns | undefined {
  if (lifecycle === undefined || concurrency > 1 || count > workersMax || acknowledge !== 'after-work') return undefined;
  const states = Object.entries(lifecycle.states);
  const down = states.find(([, does]) => does.down)?.[0];
  const up = states.find(([, does]) => Object.values(does).every((each) => each === undefined || each === false))?.[0];
  if (states.length !== 2 || down === undefined || up === undefined) return undefined;
  const failureRate = lifecycle.rates[up]?.[down] ?? 0;
  const repairRate = lifecycle.rates[down]?.[up] ?? 0;
  return failureRate > 0 && repairRate > 0 ? { failureRate, repairRate } : undefined;
}
