/** Shovels: names that lead nowhere at either end, and what RabbitMQ refuses, ignores or loses (rabbit_shovel_parameters, rabbit_amqp091_shovel). */
import { viewOf, type BrokerSpec } from '../../models/brokers/index.ts';
import { destinationOf } from '../../models/brokers/rabbitmq/shovel/create-shovels.ts';
import type { RabbitmqSpec, ShovelSpec } from '../../models/brokers/rabbitmq/settings.ts';
import type { Path } from '../problem.ts';
import { nearest } from '../suggest.ts';
import { CheckedTopology, type RabbitmqProblem } from './checked-topology.ts';
import * as access from './access-messages.ts';
import * as say from './messages.ts';

/** @param brokers all of the scenario; undefined where one cannot be read */
export function shovelProblems(broker: string, spec: RabbitmqSpec, brokers: ReadonlyMap<string, BrokerSpec | undefined>): readonly RabbitmqProblem[] {
  const checked = new CheckedTopology(spec);
  for (const [name, shovel] of Object.entries(spec.shovels)) {
    const path: Path = ['shovels', name];
    const source = endOf('src-uri', shovel, broker, path, brokers, checked);
    const target = endOf('dest-uri', shovel, broker, path, brokers, checked);
    if (![shovel['src-uri'], shovel['dest-uri']].some(({ broker: host }) => host === '' || host === broker)) checked.error([...path, 'dest-uri'], say.notModelled('a shovel between two other brokers', 'write it under one of the two'));
    if (source !== undefined) checkSource(shovel, source, path, checked);
    if (checkDestination(shovel, path, checked) && target !== undefined) checkTarget(shovel, target, source === target, path, checked);
  }
  return checked.problems;
}

function endOf(key: 'src-uri' | 'dest-uri', shovel: ShovelSpec, own: string, path: Path, brokers: ReadonlyMap<string, BrokerSpec | undefined>, checked: CheckedTopology): RabbitmqSpec | undefined {
  const { broker: host, user } = shovel[key];
  const broker = host === '' ? own : host;
  if (!brokers.has(broker)) checked.error([...path, key], say.unknownShovelEnd(broker, nearest(broker, [...brokers.keys()]), [...brokers.keys()]));
  const spec = brokers.get(broker);
  if (spec?.kind === 'rabbitmq') checkLogin(user, broker, spec, [...path, key], checked);
  if (spec === undefined || spec.kind === 'rabbitmq') return spec;
  checked.error([...path, key], say.notModelled('a shovel to anything but RabbitMQ', 'name a broker of kind rabbitmq'));
  return undefined;
}

function checkLogin(user: string | undefined, broker: string, { users }: RabbitmqSpec, at: Path, checked: CheckedTopology): void {
  const known = Object.keys(users);
  if (user === undefined || (known.length === 0 ? user === 'guest' : known.includes(user))) return;
  checked.error(at, access.unknownUser(user, broker, nearest(user, known), known));
}

function checkSource(shovel: ShovelSpec, source: RabbitmqSpec, path: Path, checked: CheckedTopology): void {
  const queue = shovel['src-queue'];
  const at = [...path, 'src-queue'];
  const known = source.queues[queue];
  if (known === undefined) checked.error(at, say.unknownShovelQueue(queue, nearest(queue, Object.keys(source.queues))));
  else if (known.arguments['x-queue-type'] === 'stream') checked.error(at, say.notModelled('a shovel from a stream', 'take a classic or a quorum queue'));
}

/** False when what is said of it does not fit together. */
function checkDestination(shovel: ShovelSpec, path: Path, checked: CheckedTopology): boolean {
  const { 'dest-queue': queue, 'dest-exchange': exchange, 'dest-exchange-key': key } = shovel;
  if (queue !== undefined && exchange !== undefined) {
    checked.error([...path, 'dest-exchange'], say.twoShovelDestinations());
    return false;
  }
  if (queue === undefined && exchange === undefined) {
    checked.error(path, say.notModelled('keeping the exchange and the key that a message had', 'name dest-queue, or dest-exchange with dest-exchange-key'));
    return false;
  }
  if (queue !== undefined && key !== undefined) checked.warning([...path, 'dest-exchange-key'], say.keyBesideQueue());
  return true;
}

function checkTarget(shovel: ShovelSpec, target: RabbitmqSpec, isSame: boolean, path: Path, checked: CheckedTopology): void {
  const { 'dest-queue': queue, 'dest-exchange': exchange = '', 'dest-exchange-key': key } = shovel;
  const at = [...path, queue === undefined ? 'dest-exchange' : 'dest-queue'];
  const topology = new CheckedTopology(target);
  if (queue !== undefined && target.queues[queue] === undefined) {
    checked.error(at, say.unknownShovelQueue(queue, nearest(queue, topology.queues)));
    return;
  }
  if (queue === undefined && !topology.hasExchange(exchange)) {
    checked.error(at, say.unknownExchange(exchange, nearest(exchange, topology.exchanges), topology.exchanges));
    return;
  }
  const type = target.exchanges[exchange]?.type;
  if (queue === undefined && key === undefined && type !== 'fanout' && type !== 'headers') {
    checked.error(path, say.notModelled('keeping the key that a message had', 'name it: dest-exchange-key'));
    return;
  }
  checkRoute(shovel, target, isSame, at, checked);
}

function checkRoute(shovel: ShovelSpec, target: RabbitmqSpec, isSame: boolean, at: Path, checked: CheckedTopology): void {
  const queues = viewOf(target).routes({ ...destinationOf(shovel), headers: {}, mandatory: false, persistent: true });
  if (queues.length === 0) checked.warning(at, say.shovelledToNobody());
  else if (queues.length > 1) checked.error(at, say.notModelled('a shovel that publishes to several queues', `have it publish to one: it goes to ${queues.join(' and ')}`));
  else if (target.queues[queues[0]!]?.arguments['x-queue-type'] === 'stream') checked.error(at, say.notModelled('a shovel to a stream', 'take a classic or a quorum queue'));
  else if (isSame && queues[0] === shovel['src-queue']) checked.error(at, say.shovelInCircle());
}
