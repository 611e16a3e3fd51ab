/** What every subject is asked: each property runs random trials, and throws with the smallest that fails. */
import fc from 'fast-check';
import type { System } from '../../models/build.ts';
import type { BrokerModels } from '../../models/brokers/index.ts';
import { createScenario } from '../../scenarios/define.ts';
import { endOfRun } from '../../scenarios/end-of-run.ts';
import { driveToQuiet } from '../models/driven.ts';
import { calmTrials, safeTrials, type Trial, wildTrials } from './scenarios.ts';
import type { Subject } from './subjects.ts';
import { leftBehind, Watch } from './watch.ts';

export interface Runs {
  readonly runs: number;
  readonly seed: number;
  /** Brokers other than those of the registry. */
  readonly models?: BrokerModels;
  /** Hears of every trial that was run to its end. */
  readonly ran?: (system: System) => void;
  /** A failure is wanted, and not its smallest trial. */
  readonly isToFail?: boolean;
}

export interface Property {
  readonly name: string;
  /** @returns how many trials it held for */
  check(subject: Subject, runs: Runs): number;
}

const eventsMax = 300_000;

/** Leads a trial to its end, watched, and looks at what is left. */
function run(subject: Subject, { settings, work }: Trial, { models, ran }: Runs): { system: System; watch: Watch } {
  let watch: Watch | undefined;
  const { system, isQuiet } = driveToQuiet(createScenario(settings), {
    eventsMax, ...(models && { brokerModels: models }),
    built: (built) => (watch = new Watch(built, subject, work)),
    afterEvent: () => watch!.afterEvent(),
  });
  if (!isQuiet) throw new Error('it never comes to rest');
  system.world.ledger.closeAll();
  const end = endOfRun(system);
  const failures = system.judged.filter(({ isClaimed, invariant }) => isClaimed || invariant.isAlways).map(({ invariant, judge }) => ({ invariant, finding: judge.verdict(end) }));
  for (const { invariant, finding } of failures) if (finding.verdict === 'fail') throw new Error(`${invariant.claim}: ${finding.witnesses[0]!.message} ${finding.witnesses[0]!.summary}`);
  const left = leftBehind(system);
  if (left.length > 0) throw new Error(`it is at rest, and there are ${left.join(', ')}`);
  if (watch!.settlements.left > 0) throw new Error(`it is at rest, and ${watch!.settlements.left} deliveries are not settled`);
  ran?.(system);
  return { system, watch: watch! };
}

function always(trials: fc.Arbitrary<Trial>, { runs, seed, isToFail = false }: Runs, holds: (trial: Trial) => void): number {
  let held = 0;
  const property = fc.property(trials, (trial) => {
    holds(trial);
    held++;
  });
  fc.assert(property, { numRuns: runs, seed, endOnFailure: isToFail });
  return held;
}

export const properties = {
  ends: {
    name: 'answers each publish and ends each delivery once, as its consumer said, when nothing fails',
    check: (subject, runs) => always(calmTrials(subject), runs, (trial) => {
      const { system, watch } = run(subject, trial, runs);
      const { deliveries, heard, done } = watch.settlements;
      if (system.world.sim.trace.reachedPaths['publisher.outcomeUnknown'] !== undefined) throw new Error('a publish was never answered');
      if (`${heard}` !== `${done}`) throw new Error(`consumers acknowledged, requeued and rejected ${heard}, which came to ${done}`);
      if (heard.reduce((sum, count) => sum + count, 0) !== deliveries) throw new Error(`${deliveries} deliveries were settled ${heard} times`);
    }),
  },
  keeps: {
    name: 'keeps what it confirmed, gives each message one effect and drains, through all that it claims to survive',
    check: (subject, runs) => always(safeTrials(subject), runs, (trial) => run(subject, trial, runs)),
  },
  balances: {
    name: 'keeps its books and its order and comes to rest, whatever happens',
    check: (subject, runs) => always(wildTrials(subject), runs, (trial) => run(subject, trial, runs)),
  },
} satisfies Record<string, Property>;

/** Why a check fails, in the words of whoever found it; undefined when it does not. */
export function causeOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}
