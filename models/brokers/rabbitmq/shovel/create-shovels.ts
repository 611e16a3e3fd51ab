/** The shovels of one broker, once all brokers are there. */
import type { World } from '../../../world.ts';
import type { RabbitMQ } from '../rabbitmq.ts';
import { defaultExchange } from '../routing/router.ts';
import type { RabbitmqSpec, ShovelSpec } from '../settings.ts';
import { rulesOf } from '../versions.ts';
import { Shovel } from './shovel.ts';

export function createShovels(world: World, broker: string, spec: RabbitmqSpec): void {
  for (const [name, shovel] of Object.entries(spec.shovels)) createShovel(world, broker, name, spec, shovel);
}

function createShovel(world: World, broker: string, name: string, spec: RabbitmqSpec, shovel: ShovelSpec): void {
  const at = (host: string): RabbitMQ => world.brokers.get(host === '' ? broker : host) as RabbitMQ;
  const [source, target] = [at(shovel['src-uri'].broker), at(shovel['dest-uri'].broker)];
  const [initial] = spec.config.credit_flow_default_credit;
  const destination = (persistent: boolean) => target.port.destination({ ...destinationOf(shovel), headers: {}, mandatory: false, persistent });
  const it = new Shovel(world, `${broker}.shovels.${name}`, {
    mode: shovel['ack-mode'], queue: shovel['src-queue'], from: source.port, to: target.port, users: [shovel['src-uri'].user, shovel['dest-uri'].user],
    persistent: destination(true), transient: destination(false),
    prefetch: shovel['src-prefetch-count'] === 0 ? Infinity : shovel['src-prefetch-count'], reconnectDelay: shovel['reconnect-delay'],
    // As much for the shovel at its channel as for that at the writer.
    credit: rulesOf(spec.version).shovelsWaitForCredit && initial > 0 ? 2 * initial : Infinity,
    isPersistent: (copy) => source.isPersistent(copy),
  });
  at('').onBoot.push(() => it.hostBooted());
}

/** A queue is published to through the default exchange. */
export function destinationOf(shovel: ShovelSpec): { readonly to: string; readonly routingKey: string } {
  const { 'dest-queue': queue, 'dest-exchange': exchange, 'dest-exchange-key': key = '' } = shovel;
  return queue === undefined ? { to: exchange ?? defaultExchange, routingKey: key } : { to: queue, routingKey: '' };
}
