/** The probabilities with which a message moves from state to state, as the settings imply them while nothing goes wrong. */
import { viewOf } from '../../models/brokers/index.ts';
import type { ConsumerSpec } from '../../models/consumer-settings.ts';
import { distribution } from '../../sim/distribution.ts';
import { goesTo } from '../destinations.ts';
import type { Scenario } from '../scenario.ts';
import { deliveryState, type Moves, readyState, roundsTold } from './counted-moves.ts';
import { modelFor } from './model-for.ts';
import { stationsOf } from './station.ts';

export interface ImpliedMoves {
  /** Rows that the settings do not decide are not there. */
  readonly moves: Moves;
  /** Why some are not; empty when all are. */
  readonly unpredicted: readonly string[];
}

export function impliedMoves(scenario: Scenario, queue: string): ImpliedMoves {
  const readers = Object.values(scenario.consumers).filter(({ subscribe }) => subscribe === queue);
  const [broker, name] = queue.split('/') as [string, string];
  const spec = viewOf(scenario.brokers[broker]!).queues[name]!;
  const moves = new Map<string, Map<string, number>>();
  const unpredicted = reasons(scenario, queue, readers);
  const isPublishedTo = [...Object.values(scenario.producers), ...Object.values(scenario.consumers).flatMap(({ publish }) => publish)].some((publisher) => goesTo(scenario, publisher, queue));
  const isFullKnown = spec.overflow === 'reject' || spec.maxLength === undefined;
  if (isPublishedTo && isFullKnown) addPublished(moves, unpredicted, scenario, queue);
  if (readers.length === 0 || unpredicted.length > 0) return { moves, unpredicted };
  const [group] = readers as [ConsumerSpec];
  const back = comesBack(group);
  const refused = group.acknowledge === 'after-work' && group.failure?.then === 'reject' ? group.failure.probability : 0;
  const gone = spec.deadLetter === undefined ? 'lost' : 'dead-lettered';
  for (let nth = 1; nth <= roundsTold; nth++) {
    const isLast = spec.deliveryLimit === nth;
    const row = new Map<string, number>([['acknowledged', (1 - back) * (1 - refused)]]);
    if (refused > 0) row.set(gone, (1 - back) * refused);
    if (back > 0) row.set(isLast ? gone : readyState(nth), (row.get(isLast ? gone : readyState(nth)) ?? 0) + back);
    moves.set(readyState(nth - 1), new Map([[deliveryState(nth), 1]]));
    moves.set(deliveryState(nth), row);
    if (isLast || back === 0) return { moves, unpredicted };
  }
  // Told apart no further: the last round comes back to itself.
  moves.set(readyState(roundsTold), new Map([[deliveryState(roundsTold), 1]]));
  return { moves, unpredicted };
}

function addPublished(moves: Map<string, Map<string, number>>, unpredicted: string[], scenario: Scenario, queue: string): void {
  const station = stationsOf(scenario).find((each) => each.queue === queue);
  const modelled = station?.whenFull === 'refuse' ? modelFor(station) : undefined;
  const refused = modelled === undefined || 'why' in modelled ? 0 : modelled.refused;
  const publishers = Object.values(scenario.producers).filter((producer) => goesTo(scenario, producer, queue));
  if (refused > 0 && publishers.some(({ confirm, retry }) => confirm === undefined || retry !== undefined)) {
    unpredicted.push('what a full queue refuses is published again, or nobody hears of it');
    return;
  }
  moves.set('published', new Map([[readyState(0), 1 - refused], ...(refused > 0 ? [['refused', refused] as const] : [])]));
}

/** That a delivery ends with the message in the queue again: a crash of the handler, or a failure that is given back. */
function comesBack({ failure, crashes, acknowledge }: ConsumerSpec): number {
  if (acknowledge !== 'after-work') return 0;
  const survives = crashes.reduce((share, { probability = 1 }) => share * (1 - probability), 1);
  const fails = failure?.then === 'requeue' ? failure.probability : 0;
  return 1 - survives * (1 - fails);
}

function reasons(scenario: Scenario, queue: string, readers: readonly ConsumerSpec[]): string[] {
  const [broker, name] = queue.split('/') as [string, string];
  const { queues } = viewOf(scenario.brokers[broker]!);
  const spec = queues[name]!;
  const said: string[] = [];
  if (readers.length === 0) said.push('nobody reads the queue');
  if (readers.length > 1) said.push('several groups read the queue');
  if (readers.some(({ failure }) => failure?.poison !== undefined) || scenario.faults.some(({ kind }) => kind === 'poison')) said.push('which messages fail depends on the messages');
  if (readers.some(({ crashes }) => crashes.some(({ messages }) => messages !== undefined))) said.push('at which messages a handler crashes depends on the messages');
  if (spec.ttl !== undefined || Object.values(scenario.producers).some((producer) => producer.ttl !== undefined && goesTo(scenario, producer, queue))) said.push('which messages expire depends on how long they wait');
  if (spec.maxLength !== undefined && spec.overflow !== 'reject') said.push('which messages leave a full queue depends on how long it is');
  if (readers.some(({ lifecycle }) => lifecycle !== undefined)) said.push('a worker that breaks down gives back what it holds');
  if (readers.some(({ crashes, prefetch, concurrency }) => crashes.length > 0 && prefetch * concurrency > 1)) said.push('a handler that crashes takes what else its worker holds with it');
  if (spec.lease !== undefined && readers.some(({ service, prefetch, concurrency }) => spec.lease! < 5 * Math.ceil(prefetch / concurrency) * distribution(service).mean)) said.push('how many leases expire depends on how long messages wait at a worker');
  if (spec.maxBytes !== undefined) said.push('which messages find the queue full depends on their sizes');
  if (Object.values(queues).some(({ deadLetter }) => deadLetter === name)) said.push('dead letters of other queues come to it');
  return said;
}
