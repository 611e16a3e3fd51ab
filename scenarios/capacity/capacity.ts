/**
 * The capacity of a scenario: theory first, then simulation to confirm it. Faults and claims are left out, since the question
 * is what the system can carry; what an outage costs is asked for by itself.
 */
import { capacitySchema, type CapacityResult } from '../capacity-result.ts';
import type { Scenario } from '../scenario.ts';
import { rateOver } from '../predictions/arrivals-to.ts';
import { unknownQueues } from '../predictions/station.ts';
import { version } from '../version.ts';
import { undisturbed, withLoad, withPhases } from './altered.ts';
import { loadCurves, loadsFor, type Measured } from './curves.ts';
import { level } from './estimate.ts';
import { Laboratory } from './laboratory.ts';
import { workerLosses } from './losses.ts';
import { capacityMethods } from './methods.ts';
import { loadBetween, objectiveCapacity } from './objectives.ts';
import { type CapacityOptions, readOptions } from './options.ts';
import { outageAnswers, undrained } from './outages.ts';
import { replicationPhases } from './phases.ts';
import { sentenceOf, verdictOf } from './sentence.ts';
import { staffingOf } from './staffing.ts';
import { shortfallsOf } from './shortfalls.ts';
import { brokerLines, stationCapacities } from './stations.ts';
import { answersOf, isAgainstLoad, loadOf, predictedLimit } from './theory.ts';

/** @throws ImpossibleParameters for options out of range */
export async function studyCapacity(written: Scenario, options: CapacityOptions = {}): Promise<CapacityResult> {
  const { replications, load, outage, runner, onProgress, reproduce } = readOptions(options);
  const asked = withLoad(undisturbed(written), load);
  const answers = answersOf(asked);
  const scenario = withPhases(asked, replicationPhases(asked, answers));
  const lines = brokerLines(asked).map(({ utilisation }) => utilisation);
  // A bounded queue is full where another would grow without end.
  const saturation = leastLoad([...answers.filter(({ station }) => station.capacity === undefined).map(loadOf), ...lines]);
  const busy = leastLoad([...answers.map(loadOf), ...lines]);
  const limits = scenario.objectives.map((objective) => (isAgainstLoad(objective) ? predictedLimit(scenario, objective, saturation) : undefined));

  const laboratory = new Laboratory(runner, replications, onProgress);
  const measure = (loads: readonly number[]): Promise<Measured[]> =>
    Promise.all(loads.map(async (each) => ({ load: each, replications: await laboratory.experiment(`load ${each}`, loaded(scenario, each)) })));
  const judge = (measured: readonly Measured[]) => scenario.objectives.map((_, index) => objectiveCapacity(scenario, index, limits[index], saturation, measured));
  const [measured, staffing, losses, outages] = await Promise.all([
    measure(loadsFor(busy, saturation, limits.filter((limit) => limit !== undefined))).then((first) => closedIn(first, (at) => judge(at).map(loadBetween), measure)),
    staffingOf(scenario, laboratory),
    workerLosses(scenario, laboratory),
    outageAnswers(scenario, outage, laboratory),
  ]);

  const now = measured.find((each) => each.load === 1)!.replications;
  const stations = stationCapacities(scenario, answers, now);
  const objectives = judge(measured);
  const cut = measured.flatMap(({ replications: each }) => each).filter(({ wasCut }) => wasCut).length;
  const facts = { stations, objectives, staffing, rate: publishedRate(scenario), shortfalls: shortfallsOf(answers, now), isCut: cut > 0 };
  return {
    schema: capacitySchema, version, scenario: written.name, about: written.about, seed: written.seed, reproduce,
    sentence: sentenceOf(facts), verdict: verdictOf(facts), replications, level,
    phases: { warmUp: scenario.phases.warmUp / 1e9, measure: scenario.phases.measure / 1e9 },
    stations, bottleneck: stations[0]?.name ?? null, objectives, staffing,
    curves: loadCurves(scenario, busy, measured), losses, outages,
    notes: notesOf(written, load, cut, [
      ...unknownQueues(asked).map((queue) => `${queue} is not looked at: the settings do not say how much comes to it`),
      ...undrained(scenario),
      ...answers.flatMap(({ station }) => [...station.nearly, ...station.assumed, ...station.broken].map((note) => `${station.queue}: ${note}`)),
    ]),
    methods: capacityMethods,
  };
}

/** The load at which the first of these utilisations is 1. */
function leastLoad(utilisations: readonly number[]): number {
  return utilisations.reduce((least, utilisation) => Math.min(least, 1 / utilisation), Infinity);
}

/** Loads that are looked at in turn between those at which an objective is met and missed. */
const roundsMax = 6;

async function closedIn(first: readonly Measured[], wanted: (measured: readonly Measured[]) => (number | undefined)[], measure: (loads: readonly number[]) => Promise<Measured[]>): Promise<Measured[]> {
  let measured = [...first];
  for (let round = 0; round < roundsMax; round++) {
    const loads = [...new Set(wanted(measured))].filter((load) => load !== undefined && measured.every((each) => each.load !== load)) as number[];
    if (loads.length === 0) break;
    measured = [...measured, ...(await measure(loads))].sort((one, other) => one.load - other.load);
  }
  return measured;
}

/** A busier queue remembers for longer, and is warmed up for longer. */
function loaded(scenario: Scenario, load: number): Scenario {
  const heavier = withLoad(scenario, load);
  return load <= 1 ? heavier : withPhases(heavier, { ...scenario.phases, warmUp: replicationPhases(heavier, answersOf(heavier)).warmUp });
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
