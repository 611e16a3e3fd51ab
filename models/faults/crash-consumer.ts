import { z } from 'zod';
import type { EventType } from '../../sim/simulation.ts';
import { type DeliveryId, none, type WorkerId } from '../message.ts';
import { settlement } from '../protocol.ts';
import { duration } from '../settings.ts';
import { Chosen, chosenFields } from './chosen.ts';
import { type FaultModel, faultSchema, type Site, type Strike, struck } from './fault.ts';

export const consumerCrashPoints = ['before-handler', 'during-handler', 'after-effect-before-ack', 'after-ack-before-send', 'after-partial-batch'] as const;

const schema = faultSchema('crash-consumer', 'A worker\'s process dies at a point of the handling of chosen messages, and is started again.', {
  target: struck(),
  point: z.enum(consumerCrashPoints).describe('after-ack-before-send: of those who acknowledge before they publish onward; after-partial-batch: done, and to be acknowledged with others.'),
  ...chosenFields,
  restart: duration().default(5e9).describe('How long the process is down.'),
});
type Spec = z.output<typeof schema>;

const watches = new WeakMap<Strike, () => void>();

/** The points differ in what is done by then and in what the broker knows, and so in what is lost or done again. */
export const crashConsumer: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['consumers'],
  label: ({ point }) => `crash ${point.replaceAll('-', ' ')}`,
  target: (spec) => spec.target,
  counts: 'processes killed',
  begin(site, spec, strike) {
    const isOfBegin = spec.point === 'before-handler' || spec.point === 'during-handler';
    watches.set(strike, isOfBegin ? killAtBegin(site, spec, strike) : killAtEnd(site, spec, strike));
  },
  end(_site, _spec, strike) {
    watches.get(strike)!();
  },
};

function killAtBegin({ world, consumers: { troubles, deaths } }: Site, spec: Spec, strike: Strike): () => void {
  const chosen = new Chosen(world, spec, strike);
  const death = deaths.order(spec.restart, world.causes.of('crash', strike.id));
  troubles.begin(strike.key, strike.nodesOf(spec.target), (handling) => {
    if (!chosen.hit(handling.message)) return;
    strike.changed++;
    handling[spec.point === 'before-handler' ? 'diesBefore' : 'diesDuring'] = death;
  });
  return () => troubles.end(strike.key);
}

/** Between the effect and what follows from it; of a batch once this one is in it. */
function killAtEnd({ world, consumers }: Site, spec: Spec, strike: Strike): () => void {
  const { sim, moments, subscribers, deliveries, copies, causes } = world;
  const nodes = new Set(strike.nodesOf(spec.target));
  const chosen = new Chosen(world, spec, strike);
  const isOfBatch = spec.point === 'after-partial-batch';
  const kill = (worker: WorkerId): void => {
    if (consumers.deaths.kill(worker, spec.restart, causes.of('crash', strike.id))) strike.changed++;
  };
  const off = moments.of('settled').map(({ type, messageOf }) => {
    const before = (_type: EventType, worker: number, delivery: number): void => {
      const didWork = deliveries.verdict[delivery] === settlement.acknowledge && deliveries.startedAt[delivery] !== none;
      if (didWork && nodes.has(subscribers[worker]!.node) && chosen.hit(messageOf(worker, delivery))) kill(worker as WorkerId);
    };
    const after = (_type: EventType, worker: number, delivery: number): void => {
      if (!nodes.has(subscribers[worker]!.node) || consumers.lastUnacknowledged(worker as WorkerId) !== delivery) return;
      if (chosen.hit(copies.messageOf(deliveries.copyOf(delivery as DeliveryId)))) kill(worker as WorkerId);
    };
    return isOfBatch ? sim.watch(type, 'after', after) : sim.watch(type, 'before', before);
  });
  return () => off.forEach((each) => each());
}
