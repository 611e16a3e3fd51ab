import type { z } from 'zod';
import type { CopyId } from '../message.ts';
import { count } from '../settings.ts';
import { type FaultModel, selfTimedSchema, struck } from './fault.ts';

const schema = selfTimedSchema('bit-flip', 'Records on a disk (orders-mq.0.disk) are not what was written any more, which shows when the disk is read after its host died.', {
  target: struck(), records: count(1, 1_000_000).default(1).describe('So many of the messages that are on it, drawn from the seed.'),
});
type Spec = z.output<typeof schema>;

/** With checksums a recovery finds such a record, and leaves it out; without, the message is delivered as something else. */
export const bitFlip: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['disk'],
  label: () => 'bit flip',
  target: (spec) => spec.target,
  counts: 'records altered',
  begin({ world }, spec, strike) {
    const cause = world.causes.of('corruption', strike.id);
    const draws = world.sim.stream(`${strike.draws}/records`);
    for (const node of strike.nodesOf(spec.target)) {
      const broker = world.brokerAt(node)!;
      const disk = broker.diskOf(node);
      const held = [...world.copies.ids()].filter((copy) => broker.queues.includes(world.copies.queue[copy]! as never) && isHeld(copy));
      // Each as likely as any other, drawn one by one without putting back; one that is on no disk was a miss.
      for (let left = spec.records; left > 0 && held.length > 0;) {
        const at = Math.floor(draws.double() * held.length);
        const [copy] = held.splice(at, 1);
        if (disk.flip?.(copy!, cause) !== true) continue;
        strike.changed++;
        left--;
      }
    }
    function isHeld(copy: CopyId): boolean {
      const bucket = world.ledger.buckets.of(copy);
      return bucket === 'ready' || bucket === 'inFlight';
    }
  },
  // What was altered stays so.
  end() {},
  lasts: () => 0,
};
