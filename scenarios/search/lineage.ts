/**
 * What one effect rests on, and what cuts it there. A message that took effect in a calm run was published, stored, confirmed, delivered, handled
 * and acknowledged, each by somebody; a failure needs one of these steps to go wrong. These plans have each of them go wrong once, before anything
 * is drawn (lineage-driven fault injection: Alvaro et al., SIGMOD 2015, without a solver, since a lineage here is a chain).
 */
import type { FaultSettings, Plan } from './plan.ts';
import type { Parts } from './vocabulary.ts';

type Fault = Readonly<Record<string, unknown>>;

/** Seconds between nodes that go one after another, and that each is away. */
const gap = 10;
const away = 5;

/** @param isBeyond with what no configuration claims to survive */
export function lineagePlans(whole: Plan, parts: Parts, isBeyond: boolean): Plan[] {
  const cuts = [...ofLines(parts), ...ofHandlings(parts), ...ofNodes(parts), ...ofHeldMessages(parts), ...ofLoads(parts), ...(isBeyond ? ofBrokenDisks(parts) : [])];
  return cuts.map((faults) => ({ ...whole, faults: faults as unknown as readonly FaultSettings[], measure: Math.max(whole.measure, Math.ceil(endOf(faults))) }));
}

/** On its way to the broker, and the answer on its way back. */
function ofLines({ producers, consumers, brokers, messages }: Parts): Fault[][] {
  const first = messages[0];
  const once = { messages: { nth: 1 }, times: 1, at: '0ms' };
  return [
    ...producers.flatMap((target) => [[{ kind: 'confirm-lost', target, ...once }], [{ kind: 'publish-lost', target, ...once }], [{ kind: 'outbox-crash', target, point: 'after-publish', ...once }], [{ kind: 'outbox-crash', target, point: 'before-publish', ...once }]]),
    ...consumers.map((target) => [{ kind: 'ack-lost', target, ...once }]),
    ...(first === undefined ? [] : brokers.flatMap((broker) => [
      ...producers.map((client) => [{ kind: 'partition', between: [client, broker], on: { before: 'arrived', message: first }, for: '30s' }]),
      ...consumers.map((client) => [{ kind: 'partition', between: [client, broker], on: { after: 'delivered', message: first }, for: '30s' }]),
      ...consumers.map((client) => [{ kind: 'reset', between: [client, broker], on: { before: 'effect', message: first } }]),
    ])),
  ];
}

/** In the hands of whoever handles it. */
function ofHandlings({ consumers, messages }: Parts): Fault[][] {
  const once = { messages: { nth: 1 }, times: 1, at: '0ms' };
  const points = ['before-handler', 'during-handler', 'after-effect-before-ack', 'after-partial-batch'];
  return consumers.flatMap((target) => [
    ...points.map((point) => [{ kind: 'crash-consumer', target, point, ...once }]),
    [{ kind: 'handler-throws', target, ...once }],
    [{ kind: 'wrong-ack', target, mistake: 'twice', ...once }],
    [{ kind: 'hanging-handler', target, heartbeats: 'event-loop', ...once, for: '2m' }], [{ kind: 'hanging-handler', target, heartbeats: 'thread', ...once, for: '35m' }],
    ...(messages[0] === undefined ? [] : [[{ kind: 'pause', target: `${target}.0`, on: { after: 'delivered', message: messages[0] }, for: '2m' }]]),
  ]);
}

/** On whatever has it, at the moment of the promise. */
function ofNodes({ nodes, brokers, messages }: Parts): Fault[][] {
  const [first] = messages;
  if (first === undefined) return [];
  const whole = brokers.length === nodes.length ? [] : brokers;
  return ['process', 'host'].flatMap((scope) => [...nodes, ...whole].flatMap((target) => ['before', 'after'].map((when) => [{ kind: 'crash', target, scope, on: { [when]: 'confirmed', message: first }, for: '5s' }])));
}

/** While it waits: nobody takes it, and those who have it go, all at once or one after another. */
function ofHeldMessages({ nodes, brokers, consumers, lastPublished }: Parts): Fault[][] {
  const from = lastPublished + 1;
  const held = (lasting: number): Fault[] => consumers.map((target) => ({ kind: 'pause', target, at: '0ms', for: seconds(from + lasting) }));
  const inTurn = (order: readonly string[], how: Fault): Fault[] => order.map((target, index) => ({ ...how, target, at: seconds(from + index * gap), for: seconds(away) }));
  const back = [...nodes].reverse();
  const many = nodes.length > 1;
  return [
    ...[{ kind: 'crash', scope: 'process' }, { kind: 'crash', scope: 'host' }, { kind: 'stop' }].flatMap((how) => [
      ...brokers.map((target) => [...held(gap), { ...how, target, at: seconds(from), for: seconds(away) }]),
      ...(many ? [nodes, back].map((order) => [...held(gap * nodes.length), ...inTurn(order, how)]) : []),
    ]),
    ...(many ? nodes.map((node) => [...held(60), { kind: 'partition', between: [node, `others(${node})`], at: seconds(from), for: '45s' }]) : []),
    ...nodes.map((node) => [...held(gap), { kind: 'io-error', target: `${node}.disk`, at: '0ms', for: seconds(from) }, { kind: 'crash', target: node, scope: 'host', at: seconds(from), for: seconds(away) }]),
  ];
}

/** Under more than it is there for. */
function ofLoads({ nodes, brokers, producers, consumers, lastPublished }: Parts): Fault[][] {
  const at = seconds(lastPublished / 3);
  return [
    ...brokers.map((target) => [{ kind: 'pause', target, at, for: '10s' }]), ...producers.map((target) => [{ kind: 'burst', target, factor: 10, at, for: '10s' }]),
    // A node that is alone while messages come, as its clients may be with it.
    ...(nodes.length > 1 ? nodes.flatMap((node) => {
      const alone = { kind: 'partition', between: [node, `others(${node})`], at, for: '45s' };
      return [[alone], [alone, { kind: 'crash', target: node, scope: 'host', at: seconds(lastPublished / 3 + away), for: seconds(away) }]];
    }) : []),
    // For longer than anybody waits.
    ...brokers.flatMap((broker) => [[{ kind: 'pause', target: broker, at, for: '2m' }], ...producers.map((client) => [{ kind: 'partition', between: [client, broker], at, for: '2m' }])]),
    ...consumers.flatMap((target) => [[{ kind: 'slow', target, factor: 100, at, for: '10s' }], [{ kind: 'dependency-outage', target, at, for: '10s' }]]),
  ];
}

/** What a disk gives back is not what was written. */
function ofBrokenDisks({ nodes, messages: [first] }: Parts): Fault[][] {
  if (first === undefined) return [];
  return nodes.flatMap((target) => ['before', 'after'].flatMap((when) => ['appended', 'confirmed'].map((moment) => [
    { kind: 'torn-write', target: `${target}.disk`, at: '0ms', for: '10s' }, { kind: 'crash', target, scope: 'host', on: { [when]: moment, message: first }, for: '5s' },
  ])));
}

function endOf(faults: readonly Fault[]): number {
  return Math.max(0, ...faults.map(({ at, for: lasting }) => secondsIn(at) + secondsIn(lasting) + 1));
}

/** Of what is written here. */
function secondsIn(time: unknown): number {
  const [, number, unit] = /^([\d.]+)(ms|s|m)$/.exec(String(time)) ?? [];
  return number === undefined ? 0 : Number(number) * { ms: 0.001, s: 1, m: 60 }[unit as 'ms' | 's' | 'm'];
}

function seconds(time: number): string {
  return `${Math.round(time * 1000)}ms`;
}
