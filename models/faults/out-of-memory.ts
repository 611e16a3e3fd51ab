import type { z } from 'zod';
import type { NodeId } from '../node.ts';
import { bytes, positiveDuration } from '../settings.ts';
import { type FaultModel, faultSchema, type Site, type Strike, struck } from './fault.ts';

const schema = faultSchema('out-of-memory', 'The kernel kills a broker\'s process whenever it uses more memory than it may; a supervisor starts it again.', {
  target: struck(),
  limit: bytes().describe('What a node may use: bodies of messages it holds, of RabbitMQ with what it needs besides (resources).'),
  interval: positiveDuration().default(1e9).describe('How often that is looked at.'),
  down: positiveDuration().default(10e9).describe('How long the process is down each time.'),
});
type Spec = z.output<typeof schema>;

/** As a container with a memory limit. Whoever comes back with all its messages is killed again. */
export const outOfMemory: FaultModel<Spec> & { readonly schema: typeof schema } = {
  schema,
  strikes: ['broker'],
  label: () => 'out of memory',
  target: (spec) => spec.target,
  counts: 'processes killed',
  begin(site, spec, strike) {
    for (const node of strike.nodesOf(spec.target)) look(site, spec, strike, node);
  },
  end({ world, steps }, spec, strike) {
    steps.stop(strike);
    for (const node of strike.nodesOf(spec.target)) world.nodes.restart(node, strike.key);
  },
};

function look(site: Site, spec: Spec, strike: Strike, node: NodeId): void {
  const { world, steps } = site;
  const { nodes, causes } = world;
  const isOver = nodes.isUp(node) && world.brokerAt(node)!.memoryUsed(node) > spec.limit;
  if (isOver) {
    nodes.crash(node, 'process', strike.key, causes.of('crash', strike.id));
    strike.changed++;
    steps.after(spec.down, strike, () => nodes.restart(node, strike.key));
  }
  steps.after(spec.interval + (isOver ? spec.down : 0), strike, () => look(site, spec, strike, node));
}
