import { z } from 'zod';
import { type FaultModel, faultSchema, struck } from './fault.ts';

const schema = faultSchema('io-error', 'Every fsync of a disk (orders-mq.0.disk) fails, or a share of them. What its broker makes of that is storage.onSyncError.', {
  target: struck(), share: z.number().gt(0).max(1).default(1).describe('Of the fsyncs that fail, each for itself.'),
});
type Spec = z.output<typeof schema>;

/**
 * The kernel reports a failed write-back once, and marks the pages clean all the same: the next fsync succeeds, and what it reports as
 * synced is not there ("fsyncgate"; Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020). So whoever goes on
 * has a hole in its log, and a recovery reads no further than to a hole. Whoever ends its process comes again when the fault ends.
 */
export const ioError: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['disk'],
  label: () => 'fsync fails',
  target: (spec) => spec.target,
  counts: 'syncs failed',
  begin({ world }, spec, strike) {
    const [cause, crash] = [world.causes.of('sync-failed', strike.id), world.causes.of('crash', strike.id)];
    const draws = world.sim.stream(`${strike.draws}/syncs`);
    for (const node of strike.nodesOf(spec.target)) {
      world.disks.of(node).syncErrors.set(strike.key, {
        cause,
        fails: () => {
          if (spec.share < 1 && draws.double() >= spec.share) return false;
          world.sim.trace.reached('disk.syncFailed');
          strike.changed++;
          return true;
        },
        stop: () => world.nodes.crash(node, 'process', strike.key, crash),
      });
    }
  },
  end({ world }, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) {
      world.disks.of(node).syncErrors.delete(strike.key);
      world.nodes.restart(node, strike.key);
    }
  },
};
