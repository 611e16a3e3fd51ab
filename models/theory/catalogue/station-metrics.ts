/** What stations answer under the names that the field uses, described once. */
import type { Metric } from '../theory-model.ts';
import type { MeanAnswer, QueueAnswer } from '../queue-answer.ts';

export const meanMetrics = {
  L: { about: 'mean number in the system, in service included', quantity: 'number' },
  Lq: { about: 'mean number waiting', quantity: 'number' },
  W: { about: 'mean time in the system', quantity: 'time' },
  Wq: { about: 'mean time before service', quantity: 'time' },
  utilization: { about: 'offered load per server', quantity: 'number' },
  growth_rate: { about: 'by which the backlog grows, 0 when stable', quantity: 'rate' },
} satisfies Record<string, Metric>;

export function meanValues(answer: MeanAnswer): Record<keyof typeof meanMetrics, number> {
  return {
    L: answer.meanNumberInSystem, Lq: answer.meanQueueLength, W: answer.meanSojournTime, Wq: answer.meanWaitingTime,
    utilization: answer.utilisation, growth_rate: answer.growthRate,
  };
}

export const waitMetrics = {
  P_wait: { about: 'that a message has to wait', quantity: 'probability' },
  Wq_var: { about: 'variance of the time before service, a time squared', quantity: 'number' },
  P_Wq_gt_t: { about: 'that the time before service is above t', quantity: 'probability', needs: ['t'] },
  Wq_quantile: { about: 'least time before service with at least p below it; 0 where that share does not wait', quantity: 'time', needs: ['p'] },
} satisfies Record<string, Metric>;

type WaitAnswer = Pick<QueueAnswer, 'waitingProbability' | 'waitingTimeVariance' | 'waitingTail' | 'waitingQuantile'>;

export function waitValues(answer: WaitAnswer, { t, p }: { t: number | undefined; p: number | undefined }): Record<string, number> {
  return given({
    P_wait: answer.waitingProbability, Wq_var: answer.waitingTimeVariance,
    P_Wq_gt_t: t === undefined ? undefined : answer.waitingTail?.(t),
    Wq_quantile: p === undefined ? undefined : answer.waitingQuantile?.(p),
  });
}

/** Without what could not be answered, since its parameter was left out. */
export function given(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined));
}
