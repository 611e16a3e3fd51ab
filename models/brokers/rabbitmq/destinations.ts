/** Where publishes go: an exchange or a queue by its own name, with what it is routed by; worked out once for each publisher. */
import type { QueueId } from '../../message.ts';
import type { Destination, DestinationId } from '../../protocol.ts';
import type { RabbitQueue } from './queue.ts';
import { defaultExchange, type ExchangeType, type Router } from './routing/router.ts';

export interface Route {
  readonly queues: readonly RabbitQueue[];
  readonly exchange: string;
  readonly exchangeType: ExchangeType;
  readonly routingKey: string;
  readonly headers: Destination['headers'];
  readonly mandatory: boolean;
  readonly persistent: boolean;
}

export class Destinations {
  private readonly routes: Route[] = [];
  private readonly router: Router;
  private readonly queueNamed: (name: string) => RabbitQueue | undefined;

  constructor(router: Router, queueNamed: (name: string) => RabbitQueue | undefined) {
    this.router = router;
    this.queueNamed = queueNamed;
  }

  add({ to, routingKey, headers, mandatory, persistent }: Destination): DestinationId {
    // A queue that is published to by its name is published to through the default exchange.
    const isQueue = this.queueNamed(to) !== undefined && !(to !== defaultExchange && this.router.hasExchange(to));
    const key = isQueue ? to : routingKey;
    const exchange = isQueue ? defaultExchange : to;
    const queues = this.routed(exchange, key, headers);
    return (this.routes.push({ queues, exchange, exchangeType: this.router.typeOf(exchange), routingKey: key, headers, mandatory, persistent }) - 1) as DestinationId;
  }

  of(destination: DestinationId): Route {
    return this.routes[destination]!;
  }

  queuesOf(destination: DestinationId): QueueId[] {
    return this.of(destination).queues.map(({ id }) => id);
  }

  /** Queues that an exchange routes to; undefined when there is no such exchange. */
  through(exchange: string, routingKey: string, headers: Destination['headers']): readonly RabbitQueue[] | undefined {
    return this.router.hasExchange(exchange) ? this.routed(exchange, routingKey, headers) : undefined;
  }

  private routed(exchange: string, routingKey: string, headers: Destination['headers']): RabbitQueue[] {
    return this.router.route(exchange, [routingKey], headers).map((name) => this.queueNamed(name)!);
  }
}
