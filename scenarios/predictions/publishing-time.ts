/** How long it takes in the mean until what is published is stored: the publisher's thread, the way, the broker's thread, the disk. */
import { viewOf } from '../../models/brokers/index.ts';
import { mg1 } from '../../models/theory/mg1.ts';
import { hostOf } from '../../models/consumer-settings.ts';
import { overhead } from '../../models/protocol.ts';
import { distribution, type DistributionSpec } from '../../sim/distribution.ts';
import { formatDuration, nanosPerSecond, type PerSecond } from '../../sim/units.ts';
import { linkBetween } from '../../models/paths.ts';
import { goesTo } from '../destinations.ts';
import { offeredLoad } from '../offered-load.ts';
import type { Scenario } from '../scenario.ts';
import { rateOver } from './arrivals-to.ts';
import { lawOf } from './law-of.ts';

export interface PublishingTime {
  /** Seconds. */
  readonly mean: number;
  readonly assumed: readonly string[];
  /** What is offered more than it can take, in words. */
  readonly overloaded?: string;
}

interface Publisher {
  readonly node: string;
  readonly size: DistributionSpec;
  readonly serialise: { readonly perMessage: number; readonly perByte: number } | undefined;
  /** Messages per second of the whole group, and of one of it. */
  readonly rate: PerSecond;
  readonly rateOfOne: PerSecond;
}

export function publishingTime(scenario: Scenario, queue: string): PublishingTime {
  const [broker, name] = queue.split('/') as [string, string];
  const { storage, processing, queues } = viewOf(scenario.brokers[broker]!);
  const publishers = publishersTo(scenario, queue);
  const all = publishers.reduce((sum, { rate }) => sum + rate, 0);
  const ways = publishers.reduce((sum, publisher) => sum + (publisher.rate / all) * publisherTime(scenario, publisher, `${broker}.0`), 0);
  const total = [...offeredLoad(scenario).rates].filter(([each]) => each.startsWith(`${broker}/`)).reduce((sum, [, rate]) => sum + rate, 0);
  const isDurable = queues[name]?.durable ?? storage.durable;
  const thread = oneAfterAnother(processing, Math.max(total, all));
  const disk = isDurable ? oneAfterAnother(storage.write, Math.max(total, all)) : 0;
  const mean = (all > 0 ? ways : 0) + thread + disk;
  if (mean === Infinity) return { mean, assumed: [], overloaded: `what publishes to ${queue} goes through a thread or a disk that is offered more than it can take` };
  return { mean, assumed: mean > 0 ? [`a message takes ${formatDuration(mean * nanosPerSecond)} in the mean until it is stored`] : [] };
}

function publishersTo(scenario: Scenario, queue: string): Publisher[] {
  const from = scenario.phases.warmUp;
  const { rates } = offeredLoad(scenario);
  const producers = Object.entries(scenario.producers).filter(([, producer]) => goesTo(scenario, producer, queue)).map(([name, { size, serialise, arrivals, count }]): Publisher => {
    const rateOfOne = rateOver(arrivals, from, from + scenario.phases.measure) ?? 0;
    return { node: `producers.${name}.0`, size, serialise, rate: rateOfOne * count, rateOfOne };
  });
  const onward = Object.entries(scenario.consumers).flatMap(([name, group]) => group.publish.filter((onward) => goesTo(scenario, onward, queue)).map(({ size, serialise, probability }): Publisher => {
    const rate = (rates.get(group.subscribe) ?? 0) * probability;
    return { node: `consumers.${hostOf(scenario.consumers, name)}.0`, size, serialise, rate, rateOfOne: rate / group.count };
  }));
  return [...producers, ...onward];
}

function publisherTime(scenario: Scenario, { node, size, serialise, rateOfOne }: Publisher, broker: string): number {
  const bytes = distribution(size).mean;
  const { latency, bandwidth } = linkBetween(scenario.network, node, broker);
  const way = distribution(latency).mean / nanosPerSecond + (bytes + overhead.publish) / bandwidth;
  if (serialise === undefined) return way;
  return way + oneAfterAnother({ kind: 'constant', value: serialise.perMessage + serialise.perByte * bytes }, rateOfOne);
}

/** Something that takes one message after another, as M/G/1: the wait and the time itself; infinite when it is overloaded. */
function oneAfterAnother(spec: DistributionSpec, arrivalRate: PerSecond): number {
  const mean = distribution(spec).mean / nanosPerSecond;
  if (!(mean > 0) || mean === Infinity || !(arrivalRate > 0)) return mean;
  if (arrivalRate * mean >= 1) return Infinity;
  return mg1({ arrivalRate, service: lawOf(spec) }).meanSojournTime;
}
