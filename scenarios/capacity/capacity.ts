/**
 * The capacity of a scenario: theory first, then simulation to confirm it. Faults and claims are left out, since the question
 * is what the system can carry; what an outage costs is asked for by itself.
 */
import type { Nanos } from '../../sim/units.ts';
import { capacitySchema, type CapacityResult, type ObjectiveCapacity } from '../capacity-result.ts';
import { isMet } from '../objective-results.ts';
import { resultNumber } from '../result-number.ts';
import type { Scenario } from '../scenario.ts';
import { rateOver } from '../predictions/arrivals-to.ts';
import { unknownQueues } from '../predictions/station.ts';
import { version } from '../version.ts';
import { undisturbed, withLoad, withPhases } from './altered.ts';
import { loadCurves, loadsFor, type Measured } from './curves.ts';
import { estimateOf, isClose, level } from './estimate.ts';
import { type CapacityProgress, Laboratory } from './laboratory.ts';
import { workerLosses } from './losses.ts';
import { capacityMethods } from './methods.ts';
import { outageAnswers } from './outages.ts';
import { replicationPhases } from './phases.ts';
import { oneByOne, type Runner } from './replication.ts';
import { sentenceOf, verdictOf } from './sentence.ts';
import { staffingOf } from './staffing.ts';
import { shortfallsOf } from './shortfalls.ts';
import { brokerLines, stationCapacities } from './stations.ts';
import { answersOf, isAgainstLoad, loadOf, predictedLimit, predictedValue } from './theory.ts';

export interface CapacityOptions {
  /** For each point; ten unless told. */
  readonly replications?: number;
  /** A multiple of the scenario's load that everything is asked for; 1 unless told. */
  readonly load?: number;
  /** Length of the outages that are simulated; a minute unless told. */
  readonly outage?: Nanos;
  readonly runner?: Runner;
  readonly onProgress?: (progress: CapacityProgress) => void;
  readonly reproduce?: CapacityResult['reproduce'];
}

export async function studyCapacity(written: Scenario, options: CapacityOptions = {}): Promise<CapacityResult> {
  const { replications = 10, load = 1, outage = 60e9, runner = oneByOne, onProgress = () => {} } = options;
  const asked = withLoad(undisturbed(written), load);
  const answers = answersOf(asked);
  const scenario = withPhases(asked, replicationPhases(asked, answers));
  const lines = brokerLines(asked, 1).map(({ utilisation }) => utilisation);
  const saturation = [...answers.map(loadOf), ...lines].reduce((least, utilisation) => Math.min(least, 1 / utilisation), Infinity);
  const limits = scenario.objectives.map((objective) => (isAgainstLoad(objective) ? predictedLimit(scenario, objective, Math.min(saturation, 1e6)) : undefined));

  const laboratory = new Laboratory(runner, replications, onProgress);
  const loads = loadsFor(saturation, limits.filter((limit) => limit !== undefined));
  const [measured, staffing, losses, outages] = await Promise.all([
    Promise.all(loads.map(async (each): Promise<Measured> => ({ load: each, replications: await laboratory.experiment(`load ${each}`, loaded(scenario, each)) }))),
    staffingOf(scenario, laboratory),
    workerLosses(scenario, laboratory),
    outageAnswers(scenario, outage, laboratory),
  ]);

  const now = measured.find((each) => each.load === 1)!.replications;
  const stations = stationCapacities(scenario, answers, now, 1);
  const objectives = scenario.objectives.map((_, index) => objectiveCapacity(scenario, index, limits[index], measured));
  const cut = measured.flatMap(({ replications: each }) => each).filter(({ wasCut }) => wasCut).length;
  const facts = { stations, objectives, staffing, rate: publishedRate(scenario), shortfalls: shortfallsOf(answers, now), isCut: cut > 0 };
  return {
    schema: capacitySchema, version, scenario: written.name, about: written.about, seed: written.seed,
    reproduce: options.reproduce ?? { file: '', set: [], command: '' },
    sentence: sentenceOf(facts), verdict: verdictOf(facts), replications, level,
    phases: { warmUp: scenario.phases.warmUp / 1e9, measure: scenario.phases.measure / 1e9 },
    stations, bottleneck: stations[0]?.name ?? null, objectives, staffing,
    curves: loadCurves(scenario, saturation, measured), losses, outages,
    notes: notesOf(written, load, cut, [...unknownQueues(asked).map((queue) => `${queue} is not looked at: the settings do not say how much comes to it`), ...answers.flatMap(({ station }) => [...station.nearly, ...station.assumed, ...station.broken].map((note) => `${station.queue}: ${note}`))]),
    methods: capacityMethods,
  };
}

/** A busier queue remembers for longer, and is warmed up for longer. */
function loaded(scenario: Scenario, load: number): Scenario {
  const heavier = withLoad(scenario, load);
  return load <= 1 ? heavier : withPhases(heavier, { ...scenario.phases, warmUp: replicationPhases(heavier, answersOf(heavier)).warmUp });
}

function objectiveCapacity(scenario: Scenario, index: number, limit: number | undefined, measured: readonly Measured[]): ObjectiveCapacity {
  const objective = scenario.objectives[index]!;
  const at = measured.map(({ load, replications }) => ({ load, simulated: estimateOf(replications.map(({ objectives }) => objectives[index]!.value)) }));
  const { simulated } = at.find(({ load }) => load === 1)!;
  // A floor, as under throughput, is missed by asking less of the system, which says nothing of its capacity.
  const ceiling = objective.comparison.startsWith('<') ? at : [];
  const met = ceiling.filter((each) => isMet(objective, each.simulated.value) === true).map(({ load }) => load);
  const missed = ceiling.filter((each) => isMet(objective, each.simulated.value) === false).map(({ load }) => load);
  const predicted = predictedValue(scenario, objective);
  return {
    objective: objective.text, unit: objective.unit, limit: objective.limit,
    predicted: predicted === undefined ? null : resultNumber(predicted),
    simulated, met: isMet(objective, simulated.value), isClose: isClose(objective, simulated),
    predictedUntil: limit === undefined ? null : resultNumber(limit),
    metAt: met.length === 0 ? null : Math.max(...met), missedAt: missed.length === 0 ? null : Math.min(...missed),
  };
}

function publishedRate({ producers, phases }: Scenario): number {
  return Object.values(producers).reduce((sum, { arrivals, count }) => sum + count * (rateOver(arrivals, phases.warmUp, phases.warmUp + phases.measure) ?? 0), 0);
}

function notesOf(written: Scenario, load: number, cut: number, ofStations: readonly string[]): string[] {
  return [
    ...(cut === 0 ? [] : [`${cut} runs met a limit of the simulator and were cut short: their figures are those of a part`]),
    ...(load === 1 ? [] : [`everything is asked for ${load} times the load that the scenario describes`]),
    ...(written.faults.length === 0 ? [] : [`the scenario's ${written.faults.length === 1 ? 'fault is' : `${written.faults.length} faults are`} left out`]),
    ...(written.claims.length === 0 ? [] : ['claims are not judged here: faultline run does that']),
    ...ofStations,
  ];
}
