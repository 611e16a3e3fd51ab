import { z } from 'zod';
import { inFlight, nowhere, ready } from '../buckets.ts';
import { type CopyId, none } from '../message.ts';
import { count } from '../settings.ts';
import { invariant, Violations } from './invariant.ts';
import { Lines } from './lines.ts';

/** Those that wait in a line and were never delivered, and how many first deliveries it has had. */
interface Line {
  waiting: number;
  delivered: number;
}

/**
 * L8. No message is overtaken more than K times before its first delivery by messages that came later. Counted is what is certain: first
 * deliveries of its line since it came, less those that waited ahead of it then. So what is found is there; where others left the line otherwise,
 * it may have been more.
 */
export const noStarvation = invariant({
  claim: 'no-starvation',
  id: 'L8',
  means: 'No message waits while more than so many that came later are delivered before it.',
  parameters: {
    overtakes: count(0).default(1000).describe('So many may.'),
    of: z.enum(['priority', 'queue']).default('priority').describe('Compared are messages of one priority, or all of a queue.'),
  },
  judge(world, { overtakes, of }) {
    const { copies, messages, ledger } = world;
    const violations = new Violations(world);
    const lines = new Lines<Line>();
    /** By copy that waits for its first delivery: its line, and the deliveries there after which it is overtaken. */
    const waits: (Line | undefined)[] = [];
    const after: number[] = [];
    let waited = 0;
    const lineOf = (copy: CopyId): Line => {
      const [queue, reader, level] = [copies.queue[copy]!, copies.reader[copy]!, of === 'queue' ? none : messages.priority[copies.messageOf(copy)]!];
      let line = lines.get(queue, reader, level);
      if (line === undefined) lines.set(queue, reader, level, (line = { waiting: 0, delivered: 0 }));
      return line;
    };
    const judge = (copy: CopyId, line: Line, how: string): void => {
      const overtaken = line.delivered - after[copy]!;
      if (overtaken > overtakes) violations.add(copies.messageOf(copy), `${overtaken} messages that came to ${ledger.buckets.queueOf(copy).name} after it were delivered before it${how}; ${overtakes} may be.`);
    };
    return {
      moved(copy, from, to) {
        if (from === nowhere && to === ready) {
          const line = lineOf(copy);
          if (line.waiting > 0) waited++;
          waits[copy] = line;
          after[copy] = line.delivered + line.waiting;
          line.waiting++;
          return;
        }
        const line = waits[copy];
        if (line === undefined || from !== ready) return;
        waits[copy] = undefined;
        line.waiting--;
        if (to !== inFlight) return;
        judge(copy, line, '');
        line.delivered++;
      },
      verdict() {
        for (const copy of copies.ids()) {
          const line = waits[copy];
          if (line !== undefined && ledger.buckets.numberOf(copy) === ready) judge(copy, line, ', which was not delivered at all');
        }
        if (violations.count > 0) return violations.finding('message was overtaken too often', 'messages were overtaken too often');
        return waited === 0 ? { verdict: 'unknown', reason: 'no message ever waited behind another' } : { verdict: 'pass' };
      },
    };
  },
});
