/** The panels of a report, in the order they are printed. To add one, write its file and add its line. */
import type { Panel } from '../panel.ts';
import { backlog } from './backlog.ts';
import { claims } from './claims.ts';
import { distribution } from './distribution.ts';
import { faults } from './faults.ts';
import { keyFigures } from './key-figures.ts';
import { latency } from './latency.ts';
import { ledger } from './ledger.ts';
import { lifecycles } from './lifecycles.ts';
import { messageChain } from './message-chain.ts';
import { methods } from './methods.ts';
import { predictions } from './predictions.ts';
import { rarePaths } from './rare-paths.ts';
import { recoveries } from './recoveries.ts';
import { redeliveries } from './redeliveries.ts';
import { reproduce } from './reproduce.ts';
import { story } from './story.ts';
import { throughput } from './throughput.ts';
import { utilisation } from './utilisation.ts';
import { warnings } from './warnings.ts';

export const panels: readonly Panel[] = [
  claims,
  story,
  reproduce,
  keyFigures,
  throughput,
  latency,
  backlog,
  utilisation,
  redeliveries,
  distribution,
  predictions,
  messageChain,
  lifecycles,
  ledger,
  faults,
  recoveries,
  warnings,
  rarePaths,
  methods,
];
