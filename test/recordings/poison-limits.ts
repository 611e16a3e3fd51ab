/** A message that is given back, or rejected, each time, with good ones behind it: how often it comes, in which order, and where it ends. */
import { type Line, notReplayed, same } from './comparison.ts';
import { deadLetterText, deadLettersThrough, type RecordedDeadLetter, undertaker } from './dead-lettered.ts';
import { has, type Recording } from './recording.ts';
import { type Model, type Parts, recordedArrivals, replay } from './replay.ts';

interface Case {
  readonly arguments: Readonly<Record<string, string | number>>;
  readonly poison_deliveries: number;
  readonly seen: readonly { readonly redelivered: boolean; readonly xDeliveryCount: number | null }[];
  readonly order: readonly string[];
  readonly left_in_queue: number;
  readonly dead_letter: RecordedDeadLetter | null;
}

const queue = 'q';

export function isPoisonLimits({ summary }: Recording): boolean {
  return has(summary, 'results') && Object.values(summary.results as object).every((one) => has(one, 'arguments', 'poison_deliveries', 'seen', 'order'));
}

export function comparePoisonLimits({ summary }: Recording, model: Model): Line[] {
  return Object.entries(summary.results as Readonly<Record<string, Case>>).flatMap(([name, one]) => {
    if (name.includes('channelclose')) return [notReplayed(name, 'consumers give back, or die; they do not close a channel alone')];
    return compareCase(one, name.includes('reject') ? 'reject' : 'requeue', model).map((line) => ({ ...line, what: `${name}: ${line.what}` }));
  });
}

function compareCase(recorded: Case, then: 'reject' | 'requeue', model: Model): Line[] {
  const good = recorded.order.filter((body) => body !== 'poison');
  const { told, delivered } = replay(partsOf(recorded, good, then), model);
  const from = (name: string) => delivered.filter(({ queue: at }) => at === `mq/${name}`);
  const poison = from(queue).filter(({ producer }) => producer === 'poison.0');
  const [dead] = from('dead');
  const left = new Set(told.filter(({ what }) => what === 'stored').map(({ producer }) => producer)).size - new Set(told.filter(({ what }) => what === 'effect' || what === 'dropped').map(({ producer }) => producer)).size;
  return [
    same('deliveries', recorded.poison_deliveries, poison.length),
    same('flags', recorded.seen.map(({ redelivered }) => redelivered), poison.map(({ isRedelivered }) => isRedelivered)),
    ...(recorded.arguments['x-queue-type'] === 'quorum' ? [same('x-delivery-count', recorded.seen.map(({ xDeliveryCount }) => xDeliveryCount), poison.map(({ returns }) => returns))] : []),
    same('order', recorded.order, from(queue).map(({ producer }) => producer.slice(0, -'.0'.length))),
    same('left', recorded.left_in_queue, left),
    same('dead letter', deadLetterText(recorded.dead_letter), dead === undefined ? 'none' : deadLetterText(dead)),
  ];
}

function partsOf({ arguments: args }: Case, good: readonly string[], then: 'reject' | 'requeue'): Parts {
  const names = ['poison', ...good];
  const isDeadLettered = args['x-dead-letter-exchange'] !== undefined;
  const { queues, ...rest } = isDeadLettered ? deadLettersThrough('dlx') : { queues: {} };
  const ours = { ...args, ...(isDeadLettered && { 'x-dead-letter-exchange': 'dlx' }) };
  return {
    broker: { ...rest, queues: { [queue]: { arguments: ours }, ...queues } },
    lasts: 1000,
    producers: Object.fromEntries(names.map((name) => [name, { publish: `mq/${queue}`, arrivals: recordedArrivals }])),
    consumers: {
      workers: { subscribe: `mq/${queue}`, prefetch: 1, service: '0.1ms', failure: { then } },
      ...(isDeadLettered && { undertaker }),
    },
    faults: [
      { kind: 'poison', target: 'producers.poison', at: '0s' },
      { kind: 'crash', target: 'consumers.workers', at: '0s', for: '500ms' },
    ],
    times: { arrivals: Object.fromEntries(names.map((name, nth) => [name, [100 + nth]])) },
  };
}
