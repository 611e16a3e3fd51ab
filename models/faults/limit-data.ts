import type { z } from 'zod';
import type { Link } from '../link.ts';
import type { ConnectionId } from '../message.ts';
import { bytes } from '../settings.ts';
import { type FaultModel, faultSchema } from './fault.ts';
import { between, wayFields, waysOf } from './ways.ts';

const schema = faultSchema('limit-data', 'A connection between clients and a broker breaks in the frame with which so many bytes went one way since the fault began.', {
  ...wayFields, bytes: bytes().describe('Of each connection and direction; the next connection begins anew.'),
});
type Spec = z.output<typeof schema>;

/** Toxiproxy's limit_data: a proxy that closes in the midst of a frame, or of a batch. Both ends hear of it at once. */
export const limitData: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['producers', 'consumers', 'broker'],
  label: (spec) => `closed after ${spec.bytes} B`,
  target: between,
  counts: 'connections closed',
  begin({ world, steps }, spec, strike) {
    const { network, causes } = world;
    const gone = new Map<Link, { readonly id: ConnectionId; readonly life: number; readonly bytes: number }>();
    const meter = (link: Link, more: number): boolean => {
      const before = gone.get(link);
      const id = before?.id ?? network.book.ofLink(link);
      // Nodes of one broker have links of their own.
      if (id < 0) return false;
      const life = network.session(id);
      const now = { id, life, bytes: (before?.life === life ? before.bytes : 0) + more };
      gone.set(link, now);
      if (now.bytes <= spec.bytes) return false;
      strike.changed++;
      steps.after(0, strike, () => network.session(id) === life && network.lose(id, causes.of('connection-lost', strike.id)));
      return true;
    };
    for (const [suffix, scope] of waysOf(spec, strike)) network.paths.meter(`${strike.key}${suffix}`, strike.id, scope, meter);
  },
  end({ world: { network } }, _spec, strike) {
    for (const suffix of ['>', '<']) network.paths.turnBack(`${strike.key}${suffix}`);
  },
};
