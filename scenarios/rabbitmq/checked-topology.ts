/** A topology of RabbitMQ, and what was found in it so far. */
import { defaultExchange, predeclaredExchanges } from '../../models/brokers/rabbitmq/routing/router.ts';
import type { RabbitmqSpec } from '../../models/brokers/rabbitmq/settings.ts';
import type { Finding, Path } from '../problem.ts';
import { limits } from '../yaml.ts';

export interface RabbitmqProblem {
  readonly severity: 'error' | 'warning';
  /** Inside of the broker's settings. */
  readonly path: Path;
  readonly finding: Finding;
}

export class CheckedTopology {
  readonly spec: RabbitmqSpec;
  readonly problems: RabbitmqProblem[] = [];
  /** With those that need no declaration. */
  readonly exchanges: readonly string[];
  readonly queues: readonly string[];
  private readonly known: ReadonlySet<string>;
  private readonly told = new Set<string>();

  constructor(spec: RabbitmqSpec) {
    this.spec = spec;
    this.exchanges = [...Object.keys(spec.exchanges), ...predeclaredExchanges.keys()];
    this.queues = Object.keys(spec.queues);
    this.known = new Set([defaultExchange, ...this.exchanges]);
  }

  hasExchange(name: string): boolean {
    return this.known.has(name);
  }

  hasQueue(name: string): boolean {
    return Object.hasOwn(this.spec.queues, name);
  }

  /** More would not be shown, and finding the nearest of many names takes time. */
  get isFull(): boolean {
    return this.problems.length >= limits.problemsMax;
  }

  error(path: Path, finding: Finding): void {
    this.add('error', path, finding);
  }

  warning(path: Path, finding: Finding): void {
    this.add('warning', path, finding);
  }

  /** A policy may be wrong in the same way for many queues; once is enough. */
  private add(severity: RabbitmqProblem['severity'], path: Path, finding: Finding): void {
    const known = JSON.stringify([path, finding.message]);
    if (!this.told.has(known)) this.problems.push({ severity, path, finding });
    this.told.add(known);
  }
}
