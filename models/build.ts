/** Settings → a wired system. The only file that knows every kind of thing. */
import type { Nanos } from '../sim/units.ts';
import { type BrokerModels, brokerModels, type BrokerSpec } from './brokers/index.ts';
import type { BrokerModel } from './brokers/broker-model.ts';
import type { ConsumerSpec } from './consumer-settings.ts';
import { Consumers } from './consumers.ts';
import type { FaultSpec } from './faults/index.ts';
import { FaultSchedule } from './faults/schedule.ts';
import { FaultSteps } from './faults/steps.ts';
import { asWritten, type ClaimSpec, judgeOf } from './invariants/claims.ts';
import { type ClaimName, invariants } from './invariants/index.ts';
import type { Invariant, RunningJudge } from './invariants/invariant.ts';
import { Lifecycles } from './lifecycles.ts';
import type { LifecycleSpec } from './lifecycle-settings.ts';
import type { NetworkSpec } from './network-settings.ts';
import type { ProducerSpec } from './producer-settings.ts';
import { Producers } from './producers.ts';
import type { BrokerPort } from './protocol.ts';
import { Publishers } from './publishers.ts';
import { Sessions } from './sessions.ts';
import { copyOccurrences, tellOfNodes } from './told-occurrences.ts';
import { World } from './world.ts';

export interface SystemSpec {
  readonly seed: number;
  readonly ties: 'scheduled' | 'shuffled';
  readonly late: 'never' | 'sometimes';
  readonly phases: { readonly warmUp: Nanos; readonly measure: Nanos; readonly drain: Nanos };
  readonly network: NetworkSpec;
  readonly brokers: Readonly<Record<string, BrokerSpec>>;
  readonly producers: Readonly<Record<string, ProducerSpec>>;
  readonly consumers: Readonly<Record<string, ConsumerSpec>>;
  readonly faults: readonly FaultSpec[];
  readonly claims: readonly ClaimSpec[];
}

export interface JudgedClaim {
  readonly invariant: Invariant;
  readonly isClaimed: boolean;
  readonly judge: RunningJudge;
}

export interface System {
  readonly world: World;
  readonly publishers: Publishers;
  readonly producers: Producers;
  readonly consumers: Consumers;
  readonly lifecycles: Lifecycles;
  readonly faults: FaultSchedule;
  readonly judged: readonly JudgedClaim[];
}

/** Guarantees that are watched without being claimed, cheap enough for that; a breach is reported as an observation. */
const alwaysWatched: readonly ClaimName[] = ['no-phantom', 'conservation', 'at-least-once', 'at-most-once'];

/** @param models brokers by kind; tests put brokers with planted bugs there */
export function build(spec: SystemSpec, models: BrokerModels = brokerModels): System {
  const measureFrom = spec.phases.warmUp;
  const healAt = measureFrom + spec.phases.measure;
  const world = new World({ seed: spec.seed, ties: spec.ties, late: spec.late }, { measureFrom, healAt, end: healAt + spec.phases.drain }, spec.network);
  const lifecycles = new Lifecycles(world);
  for (const [name, broker] of Object.entries(spec.brokers)) world.brokers.set(name, (models[broker.kind] as BrokerModel<BrokerSpec>).build(world, name, broker));

  const sessions = new Sessions(world, spec.network.connection.reconnect);
  const publishers = new Publishers(world, sessions);
  const producers = new Producers(world, publishers, sessions);
  const consumers = new Consumers(world, publishers, sessions);
  const portOf = (broker: string): BrokerPort => world.brokers.get(broker)!.port;
  for (const [name, consumer] of ownersFirst(spec.consumers)) {
    const [broker, queue] = consumer.subscribe.split('/') as [string, string];
    consumers.createGroup(name, consumer, portOf(broker), queue, portOf);
  }
  for (const [name, producer] of Object.entries(spec.producers)) {
    const [broker] = producer.publish.split('/') as [string, string];
    producers.createGroup(name, producer, portOf(broker));
  }
  addLifecycles(lifecycles, world, spec);
  for (const [name, broker] of Object.entries(spec.brokers)) (models[broker.kind] as BrokerModel<BrokerSpec>).buildClients?.(world, name, broker);
  markParkingQueues(world);
  const faults = new FaultSchedule({ world, producers, consumers, sessions, steps: new FaultSteps(world.sim) }, spec.faults);
  const judged = createJudges(world, spec.claims);
  const isRestored = spec.faults.some(({ kind }) => kind === 'restore');
  tellOfNodes(world);
  world.ledger.judgedBy([...judged.map((each) => each.judge), ...(isRestored ? [world.recoveries.judge] : []), ...copyOccurrences(world, faults.awaited)]);
  return { world, publishers, producers, consumers, lifecycles, faults, judged };
}

/** Groups that consume over the channels of others come after those. */
function ownersFirst(consumers: SystemSpec['consumers']): [string, ConsumerSpec][] {
  const all = Object.entries(consumers);
  const shares = ([, { channel }]: [string, ConsumerSpec]): boolean => channel?.of !== undefined;
  return [...all.filter((each) => !shares(each)), ...all.filter(shares)];
}

/** A queue that takes dead letters and that nobody reads keeps them, unless they expire and go on; they are not work left over. */
function markParkingQueues(world: World): void {
  const read = new Set(world.subscribers.map(({ queue }) => queue));
  const guarantees = [...world.brokers.values()].flatMap((broker) => broker.guarantees());
  const isLeft = new Set(guarantees.filter(({ expires }) => expires).map(({ queue }) => queue));
  for (const { deadLetter } of guarantees) {
    if (deadLetter !== undefined && !read.has(deadLetter) && !isLeft.has(deadLetter)) world.ledger.queues[deadLetter]!.parking = true;
  }
}

function addLifecycles(lifecycles: Lifecycles, world: World, spec: SystemSpec): void {
  const add = (target: string, lifecycle: LifecycleSpec | undefined): void => {
    if (lifecycle !== undefined) lifecycles.add(target, world.nodes.resolve(target), lifecycle);
  };
  for (const [name, broker] of Object.entries(spec.brokers)) add(name, broker.lifecycle);
  for (const [name, producer] of Object.entries(spec.producers)) add(`producers.${name}`, producer.lifecycle);
  for (const [name, consumer] of Object.entries(spec.consumers)) add(`consumers.${name}`, consumer.lifecycle);
}

function createJudges(world: World, claims: readonly ClaimSpec[]): JudgedClaim[] {
  const judged = claims.map((claim): JudgedClaim => ({ invariant: invariants[claim.claim], isClaimed: true, judge: judgeOf(world, claim) }));
  for (const name of alwaysWatched) {
    const isCovered = claims.some(({ claim }) => claim === name || (name === 'at-most-once' && claim === 'exactly-once-effect'));
    if (!isCovered) judged.push({ invariant: invariants[name], isClaimed: false, judge: judgeOf(world, asWritten(name)) });
  }
  return judged;
}
