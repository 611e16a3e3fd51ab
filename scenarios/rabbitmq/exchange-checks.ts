/** Exchanges and bindings of RabbitMQ: names that lead nowhere, and headers that match nothing. */
import { countedArguments, headerMatches, isAny } from '../../models/brokers/rabbitmq/routing/headers.ts';
import { defaultExchange, predeclaredExchanges } from '../../models/brokers/rabbitmq/routing/router.ts';
import type { BindingSpec } from '../../models/brokers/rabbitmq/settings.ts';
import { unknownQueue } from '../messages.ts';
import type { Path } from '../problem.ts';
import { nearest } from '../suggest.ts';
import type { CheckedTopology } from './checked-topology.ts';
import * as say from './messages.ts';

export function checkExchanges(checked: CheckedTopology): void {
  for (const [name, { arguments: given }] of Object.entries(checked.spec.exchanges)) {
    if (checked.isFull) return;
    if (checked.hasQueue(name)) checked.error(['exchanges', name], say.sharedName(name));
    checkAlternate(given['alternate-exchange'], ['exchanges', name, 'arguments', 'alternate-exchange'], checked);
  }
}

export function checkAlternate(alternate: string | undefined, path: Path, checked: CheckedTopology): void {
  if (alternate === defaultExchange) checked.warning(path, say.defaultAlternate());
  else if (alternate !== undefined && !checked.hasExchange(alternate)) checked.warning(path, say.missingAlternate(alternate, nearest(alternate, checked.exchanges)));
}

export function checkBindings(checked: CheckedTopology): void {
  for (const [index, binding] of checked.spec.bindings.entries()) {
    if (checked.isFull) return;
    const path: Path = ['bindings', index];
    const { source, destination, destination_type: kind } = binding;
    checkBoundExchange(source, [...path, 'source'], checked);
    if (kind === 'exchange') checkBoundExchange(destination, [...path, 'destination'], checked);
    else if (!checked.hasQueue(destination)) checked.error([...path, 'destination'], unknownQueue(destination, nearest(destination, checked.queues), checked.queues));
    checkHeaders(binding, [...path, 'arguments'], checked);
  }
}

function checkBoundExchange(exchange: string, path: Path, checked: CheckedTopology): void {
  if (exchange === defaultExchange) checked.error(path, say.boundToDefault());
  else if (!checked.hasExchange(exchange)) checked.error(path, say.unknownExchange(exchange, nearest(exchange, checked.exchanges), checked.exchanges));
}

function checkHeaders({ source, arguments: bound }: BindingSpec, path: Path, checked: CheckedTopology): void {
  const type = checked.spec.exchanges[source]?.type ?? predeclaredExchanges.get(source);
  if (type !== 'headers') return;
  const match = bound['x-match'];
  if (match !== undefined && !headerMatches.some((known) => known === match)) checked.error([...path, 'x-match'], say.unknownHeaderMatch(match, headerMatches));
  else if (isAny(bound) && countedArguments(bound).length === 0) checked.warning(path, say.matchesNoHeaders());
}
