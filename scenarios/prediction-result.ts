/** What theory says beside what was simulated: plain data, part of a run's result. Times are in seconds, rates per second. */
import type { Num } from './result-number.ts';

/** One queue with those who read it, as a model of queueing theory. */
export interface Prediction {
  /** The queue, as in `orders-mq/orders`. */
  readonly of: string;
  readonly groups: readonly string[];
  /** As in `M/M/c`; an approximation names itself here. */
  readonly model: string;
  readonly kind: 'exact' | 'approximation';
  /** Which formula gave the numbers, and its source. */
  readonly formula: string;
  /** Of an approximation, in words; null where the model is exact. */
  readonly knownError: string | null;
  /** The page that describes the model. */
  readonly page: string;
  readonly parameters: {
    readonly arrivalRate: number;
    readonly interarrivalScv: Num;
    readonly meanServiceTime: number;
    readonly serviceScv: Num;
    readonly servers: number;
    /** Messages in the system at most; null where there is no limit. */
    readonly capacity: number | null;
  };
  /** Messages per second by which the backlog grows; 0 when there is a steady state. */
  readonly growthRate: number;
  /** How the scenario was made to fit the model, where it does not do so by itself. */
  readonly assumed: readonly string[];
  /** What in the scenario, or in what happened, breaks the model's assumptions. */
  readonly broken: readonly string[];
  readonly values: readonly PredictedValue[];
  /** P(waiting time > time), to be drawn over the simulated distribution; null where the model has no such law. */
  readonly waiting: { readonly times: readonly number[]; readonly longer: readonly number[] } | null;
}

export interface PredictedValue {
  /** As in `waiting.mean`, `sojourn.p99`, `utilisation`. */
  readonly metric: string;
  readonly unit: 's' | '/s' | '';
  readonly predicted: Num;
  readonly simulated: Num;
  /** Of the simulated value, at the level that `methods.predictions` names; null where the run is too short to tell. */
  readonly interval: readonly [number, number] | null;
  /** Relative error that the prediction is allowed: the known error of an approximation, and what was neglected. */
  readonly tolerance: number;
  /** null: the run says too little. */
  readonly agrees: boolean | null;
}

/** The states of a message in one queue as an absorbing Markov chain: as the settings imply it, and as the run went. */
export interface MessageChain {
  readonly queue: string;
  readonly states: readonly string[];
  readonly absorbing: readonly string[];
  readonly transitions: readonly ChainTransition[];
  readonly fates: readonly ChainFate[];
  /** Deliveries of a copy until it leaves. */
  readonly meanDeliveries: { readonly predicted: number | null; readonly estimated: number | null };
  /** Why the settings do not imply all of it; empty when they do. */
  readonly unpredicted: readonly string[];
}

export interface ChainTransition {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** Estimated from the run: the share of those that left `from`. */
  readonly probability: number;
  /** Wilson's interval of it, at the level that `methods.chains` names. */
  readonly interval: readonly [number, number] | null;
  readonly predicted: number | null;
  readonly agrees: boolean | null;
}

export interface ChainFate {
  readonly state: string;
  /** By the chain that the settings imply. */
  readonly predicted: number | null;
  /** By the chain with the estimated probabilities. */
  readonly estimated: number | null;
  /** Share of the messages that ended so. */
  readonly observed: number | null;
}

/** A component's life cycle, solved and observed. */
export interface LifecyclePrediction {
  /** As in `consumers.payments`. */
  readonly of: string;
  readonly individuals: number;
  readonly states: readonly StateShare[];
  /** Share of the time in which it is neither down nor paused. */
  readonly availability: StateShare;
  /** Work done in a time unit, as a share of what it does in a state of full speed. */
  readonly capacity: StateShare;
  /** Mean time to come from the state it starts in to one in which it is down or paused; null where it never does. */
  readonly meanTimeToFailure: Num;
}

export interface StateShare {
  readonly name: string;
  /** In the long run. */
  readonly predicted: number;
  /** Over just the measured phase, begun as the scenario begins. */
  readonly expected: number;
  readonly simulated: number;
  readonly interval: readonly [number, number] | null;
  readonly agrees: boolean | null;
}
