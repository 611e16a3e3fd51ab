import type { BrokerModels } from '../models/brokers/index.ts';
import type { HistoryLine } from './history.ts';

export interface Progress {
  /** Of the simulated time, drain included. */
  readonly fraction: number;
  readonly simulatedSeconds: number;
  readonly events: number;
}

export interface RunOptions {
  /** The file as it was named, and what was set besides: for the line that has the run again. */
  readonly file?: string;
  readonly variant?: string;
  readonly set?: readonly string[];
  readonly allowPath?: readonly string[];
  readonly maxEvents?: number;
  /** Brokers in the place of those that are known: a check of checks runs one with a mistake. */
  readonly brokerModels?: BrokerModels;
  /** Whether theory is asked, too; true unless told. A search that makes thousands of short runs has no use for it. */
  readonly predict?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Hears of everything that happens to messages. */
  readonly history?: (line: HistoryLine) => void;
  /** Of this message only, as in `web.0-17`. */
  readonly historyOf?: string;
}
